#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace listenpost::sqlite {

/// A prepared statement; outlives no Database. Parameters count from 1, columns from 0.
/// Threads: the one of its Database.
class Statement {
public:
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) noexcept;
    ~Statement();

    Statement& bind(int index, std::int64_t value);
    Statement& bind_null(int index);
    /// The text must stay alive and unchanged until the statement is reset.
    Statement& bind(int index, std::string_view text);
    Statement& bind_blob(int index, std::string_view bytes);

    /// True: a row is there. False: done, and the statement is reset.
    /// Errors: Busy, Full (disk), Corrupt, Invalid (constraint), Io; it is reset then too.
    Result<bool> step();
    /// step() for statements that return no row.
    Result<> run();
    void reset();

    std::int64_t integer(int column) const;
    /// Valid until the next step() or reset(). Blobs are read by it too.
    std::string_view text(int column) const;
    bool is_null(int column) const;

private:
    friend class Database;
    Statement(sqlite3* connection, sqlite3_stmt* statement)
        : connection_(connection)
        , statement_(statement)
    {
    }
    sqlite3* connection_;
    sqlite3_stmt* statement_;
};

/// How a file is opened.
enum class OpenMode {
    Writer, ///< created if missing, for its owner alone; WAL, synchronous=FULL: a commit that
            ///< returned survives a power cut
    Reader, ///< never written, never created; sees every commit of the writing process
};

/// What the last connection does with the WAL when it closes.
enum class AtClose {
    FoldBack, ///< into the main file
    LeaveFiles, ///< nothing: what is damaged in the WAL must not go over pages that are whole
};

/// One connection; its SQL knows row_checksum(), see RowChecksum. Threads: one at a time.
class Database {
public:
    /// Errors: NotFound (Reader and no file), Corrupt (not a database), Busy, Full, Io.
    /// Waits at most 250 ms for a lock (there should be none: one writer a file).
    static Result<Database> open(std::filesystem::path const& path, OpenMode mode);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// Runs one or more statements without parameters or rows.
    Result<> execute(char const* sql);
    Result<Statement> prepare(std::string_view sql);
    /// Rolls back what a Transaction could not when it ended: until then a statement of its own
    /// would succeed without being durable. Call it before one whose success is told to somebody;
    /// Transaction::begin() does. Nothing to do costs nothing. Errors: Io, and the database goes
    /// on being in that transaction.
    Result<> leave_transaction();
    /// First column of the first row of a statement without parameters. Errors: NotFound (no row).
    Result<std::int64_t> query_integer(std::string_view sql);
    /// The WAL's file stays, at its size, when this connection closes: on a full disk there is
    /// no room to make it anew. A file system that does not know this (tests') is no error.
    Result<> keep_wal_file();
    /// Writes what the WAL holds into the main file, durably. Does what readers let it do.
    /// Errors: Full, Io, Corrupt.
    Result<> fold_back();
    /// To be called once a file that was opened is known to be whole, before more is written: writes the
    /// WAL's commits once more, as they are, syncs them, and folds them back. If the process before this one
    /// ended after a sync that failed, what is read stands in the operating system's memory alone, no later
    /// sync would write it again, and a power cut would take all that was built upon it. Only for the file's
    /// one writer. Errors: as fold_back().
    Result<> settle_wal();
    /// Writes what the WAL holds into the main file, durably, and cuts the WAL to nothing. False: a reader
    /// held it up; call it again. The WAL that is cut holds one small commit, over whatever was there: if the
    /// power goes while the disk takes the file away piece by piece, its first commits alone would be played
    /// back, old pages over new ones. Only for the file's one writer. Errors: Busy, Full, Io, Corrupt.
    Result<bool> empty_wal();
    /// Whether the main file's bytes, free ones among them, begin one of `words` somewhere: its first
    /// `word_beginning` bytes, or all of a shorter one. What the WAL holds is not looked at. By this
    /// connection, for whoever else closes the file takes SQLite's locks of it away. Errors: Io.
    static constexpr std::size_t word_beginning = 8;
    Result<bool> file_holds_any(std::span<std::string const> words);
    /// FoldBack once open() has returned.
    void at_close(AtClose what);
    /// Rows the last INSERT, UPDATE or DELETE changed.
    std::int64_t changes() const;
    std::int64_t last_insert_rowid() const;

private:
    friend class Interruptible;
    int write_wal_again();
    explicit Database(sqlite3* connection)
        : connection_(connection)
    {
    }
    sqlite3* connection_;
};

/// While it lives, what the database does ends with Busy soon after `is_wanted` says true, and a statement
/// that writes is rolled back. Asked on the thread that works, every few thousand steps of SQLite's machine:
/// not while it copies whole pages, as VACUUM does at its end, and a checkpoint. One at a time a Database,
/// which it must not outlive; the Database is not moved meanwhile.
class Interruptible {
public:
    Interruptible(Database& database, std::function<bool()> is_wanted);
    Interruptible(Interruptible const&) = delete;
    Interruptible& operator=(Interruptible const&) = delete;
    ~Interruptible();

private:
    Database& database_;
    std::function<bool()> is_wanted_;
};

/// Rolls back unless committed.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    /// Durable when it returns without an error.
    Result<> commit();

private:
    explicit Transaction(Database& database)
        : database_(&database)
    {
    }
    Database* database_;
};

}

#include "platform/sqlite/database.h"

#include "platform/sqlite/row_checksum.h"

#include <algorithm>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

namespace listenpost::sqlite {
namespace {

Errc code_of(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return Errc::Busy;
    case SQLITE_FULL:
        return Errc::Full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: // our statements are right: the file has not the tables that its version says
        return Errc::Corrupt;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
        return Errc::Invalid;
    default:
        return Errc::Io;
    }
}

tl::unexpected<Error> fail_sqlite(sqlite3* connection, int code, std::string_view action)
{
    std::string detail(action);
    detail += ": ";
    detail += connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    detail += " (sqlite " + std::to_string(connection ? sqlite3_extended_errcode(connection) : code) + ")";
    return fail(code_of(code), std::move(detail));
}

/// SQLite would let everybody read a new file, and gives its side files the same rights.
/// Only a file that does not exist is opened: closing one that another connection of
/// this process has open would drop that connection's locks.
void create_private_file(std::filesystem::path const& path)
{
    int const descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0)
        ::close(descriptor); // else SQLite says what is wrong
}

}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_)
    , statement_(std::exchange(other.statement_, nullptr))
{
}

Statement& Statement::operator=(Statement&& other) noexcept
{
    std::swap(connection_, other.connection_);
    std::swap(statement_, other.statement_);
    return *this;
}

Statement::~Statement() { sqlite3_finalize(statement_); }

// A bind fails only for a wrong index, which is a fault of ours, or for lack of
// memory; step() then reports what the database says about the missing value.
Statement& Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(statement_, index, value);
    return *this;
}

Statement& Statement::bind_null(int index)
{
    sqlite3_bind_null(statement_, index);
    return *this;
}

Statement& Statement::bind(int index, std::string_view text)
{
    // An empty view may have no address, which SQLite would take for NULL.
    char const* const data = text.empty() ? "" : text.data();
    sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes)
{
    char const* const data = bytes.empty() ? "" : bytes.data();
    sqlite3_bind_blob64(statement_, index, data, bytes.size(), SQLITE_STATIC);
    return *this;
}

Result<bool> Statement::step()
{
    int const code = sqlite3_step(statement_);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(statement_);
        return false;
    }
    auto error = fail_sqlite(connection_, code, sqlite3_sql(statement_));
    sqlite3_reset(statement_);
    return error;
}

Result<> Statement::run()
{
    auto row = step();
    if (!row)
        return fail(std::move(row).error());
    reset();
    return {};
}

void Statement::reset() { sqlite3_reset(statement_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Statement::text(int column) const
{
    auto const* data = static_cast<char const*>(sqlite3_column_blob(statement_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Result<Database> Database::open(std::filesystem::path const& path, OpenMode mode)
{
    std::error_code ignored;
    if (mode == OpenMode::Reader && !std::filesystem::exists(path, ignored))
        return fail(Errc::NotFound, path.string() + " does not exist");
    if (mode == OpenMode::Writer)
        create_private_file(path);
    int const flags = SQLITE_OPEN_NOMUTEX
        | (mode == OpenMode::Writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    sqlite3* connection = nullptr;
    int const code = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
    Database database(connection);
    if (code != SQLITE_OK)
        return fail_sqlite(connection, code, "open " + path.string());
    sqlite3_extended_result_codes(connection, 1);
    sqlite3_busy_timeout(connection, 250);
    database.at_close(AtClose::LeaveFiles); // in case it turns out to be damaged
    if (int const added = add_row_checksum(connection); added != SQLITE_OK)
        return fail_sqlite(connection, added, "add row_checksum");
    if (mode == OpenMode::Writer)
        LISTENPOST_TRY(
            database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"));
    // Opening alone reads nothing; this finds a file that is not a database.
    LISTENPOST_TRY(database.query_integer("SELECT count(*) FROM sqlite_schema"));
    database.at_close(AtClose::FoldBack);
    return database;
}

Database::Database(Database&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr))
{
}

Database& Database::operator=(Database&& other) noexcept
{
    std::swap(connection_, other.connection_);
    return *this;
}

Database::~Database() { sqlite3_close_v2(connection_); }

Result<> Database::execute(char const* sql)
{
    int const code = sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail_sqlite(connection_, code, sql);
    return {};
}

Result<> Database::leave_transaction()
{
    if (sqlite3_get_autocommit(connection_) != 0)
        return {};
    return execute("ROLLBACK");
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    int const code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return fail_sqlite(connection_, code, sql);
    return Statement(connection_, statement);
}

Result<std::int64_t> Database::query_integer(std::string_view sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return fail(std::move(statement).error());
    auto row = statement->step();
    if (!row)
        return fail(std::move(row).error());
    if (!*row)
        return fail(Errc::NotFound, std::string(sql) + ": no row");
    return statement->integer(0);
}

Result<> Database::keep_wal_file()
{
    int keep = 1;
    int const code = sqlite3_file_control(connection_, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    if (code != SQLITE_OK && code != SQLITE_NOTFOUND)
        return fail_sqlite(connection_, code, "keep the WAL");
    return {};
}

Result<> Database::fold_back() { return execute("PRAGMA wal_checkpoint(PASSIVE)"); }

Result<> Database::settle_wal()
{
    if (int const code = write_wal_again(); code != SQLITE_OK)
        return fail_sqlite(nullptr, code, "write the WAL again");
    return fold_back();
}

/// Up to where frames begin that the header's salts are not in: those are of no commit.
/// SQLite's code.
int Database::write_wal_again()
{
    constexpr int header_bytes = 32;
    constexpr int frame_header_bytes = 24;
    constexpr std::size_t salts_in_header = 16, salts_in_frame = 8, salts_bytes = 8;
    sqlite3_file* wal = nullptr;
    sqlite3_int64 size = 0;
    int code = sqlite3_file_control(connection_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    if (code != SQLITE_OK || !wal->pMethods)
        return code;
    code = wal->pMethods->xFileSize(wal, &size);
    if (code != SQLITE_OK || size < header_bytes)
        return code;
    auto const page = query_integer("PRAGMA page_size");
    if (!page)
        return sqlite3_extended_errcode(connection_);
    std::string header(header_bytes, '\0');
    std::string frame(static_cast<std::size_t>(frame_header_bytes + *page), '\0');
    auto const count = static_cast<int>(frame.size());
    code = wal->pMethods->xRead(wal, header.data(), header_bytes, 0);
    if (code == SQLITE_OK)
        code = wal->pMethods->xWrite(wal, header.data(), header_bytes, 0);
    for (sqlite3_int64 at = header_bytes; code == SQLITE_OK && at + count <= size; at += count) {
        code = wal->pMethods->xRead(wal, frame.data(), count, at);
        if (code == SQLITE_OK
            && frame.compare(salts_in_frame, salts_bytes, header, salts_in_header, salts_bytes) != 0)
            break;
        if (code == SQLITE_OK)
            code = wal->pMethods->xWrite(wal, frame.data(), count, at);
    }
    return code == SQLITE_OK ? wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL) : code;
}

Result<bool> Database::empty_wal()
{
    auto const fold_back_wholly = [this](char const* mode) -> Result<bool> {
        auto const busy = query_integer(std::string("PRAGMA wal_checkpoint(") + mode + ")");
        if (!busy && busy.error().code != Errc::Busy)
            return fail(busy.error());
        return busy && *busy == 0;
    };
    auto is_folded = fold_back_wholly("RESTART"); // the next commit goes to the WAL's beginning
    if (!is_folded || !*is_folded)
        return is_folded;
    auto const version = query_integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    LISTENPOST_TRY(execute(("PRAGMA user_version = " + std::to_string(*version)).c_str()));
    return fold_back_wholly("TRUNCATE");
}

Result<bool> Database::file_holds_any(std::span<std::string const> words)
{
    constexpr std::size_t chunk = 1024UL * 1024;
    sqlite3_file* file = nullptr;
    int code = sqlite3_file_control(connection_, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    sqlite3_int64 size = 0;
    if (code == SQLITE_OK)
        code = file->pMethods->xFileSize(file, &size);
    if (code != SQLITE_OK)
        return fail_sqlite(nullptr, code, "look into the file");
    std::string bytes;
    for (sqlite3_int64 at = 0; at < size; at += static_cast<sqlite3_int64>(chunk)) {
        // A word may reach from one chunk into the next.
        auto const left = static_cast<std::size_t>(size - at);
        bytes.resize(std::min(left, chunk + word_beginning - 1));
        code = file->pMethods->xRead(file, bytes.data(), static_cast<int>(bytes.size()), at);
        if (code != SQLITE_OK)
            return fail_sqlite(nullptr, code, "look into the file");
        for (auto const& word : words)
            if (bytes.find(word.substr(0, word_beginning)) != std::string::npos)
                return true;
    }
    return false;
}

void Database::at_close(AtClose what)
{
    int const leave = what == AtClose::LeaveFiles ? 1 : 0;
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave, nullptr);
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_); }

std::int64_t Database::last_insert_rowid() const { return sqlite3_last_insert_rowid(connection_); }

Interruptible::Interruptible(Database& database, std::function<bool()> is_wanted)
    : database_(database)
    , is_wanted_(std::move(is_wanted))
{
    constexpr int steps = 2000; // a millisecond on a slow box
    auto const ask = [](void* self) { return static_cast<Interruptible*>(self)->is_wanted_() ? 1 : 0; };
    if (is_wanted_)
        sqlite3_progress_handler(database_.connection_, steps, ask, this);
}

Interruptible::~Interruptible() { sqlite3_progress_handler(database_.connection_, 0, nullptr, nullptr); }

Result<Transaction> Transaction::begin(Database& database)
{
    LISTENPOST_TRY(database.leave_transaction());
    // IMMEDIATE: a lock that cannot be had is met here, not in the middle of the work.
    LISTENPOST_TRY(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr))
{
}

Transaction::~Transaction()
{
    // After some errors SQLite has rolled back by itself; then this one fails, rightly unheard.
    // Should it fail for another reason, leave_transaction() does it later.
    if (database_)
        (void)database_->execute("ROLLBACK");
}

Result<> Transaction::commit()
{
    LISTENPOST_TRY(database_->execute("COMMIT"));
    database_ = nullptr;
    return {};
}

}

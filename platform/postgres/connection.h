#pragma once

#include "platform/base/result.h"
#include "platform/postgres/parameters.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

struct pg_conn;
struct pg_result;

namespace listenpost::postgres {

/// One statement of a program, a constant. A connection prepares it when it first runs it.
struct Statement {
    char const* name; ///< of its own among all that run on one connection
    char const* sql;
};

/// What a statement gave back. Rows and columns count from 0; asking for others aborts.
class Rows {
public:
    std::size_t size() const;
    bool empty() const { return size() == 0; }
    /// Rows that an INSERT, UPDATE or DELETE changed.
    std::int64_t changed() const;

    /// Of a bigint or integer; 0 where it is NULL.
    std::int64_t integer(std::size_t row, int column) const;
    /// Of a text or bytea, as it is stored; empty where it is NULL. Lives as long as these Rows.
    std::string_view text(std::size_t row, int column) const;
    bool is_null(std::size_t row, int column) const;

private:
    friend class Connection;
    struct Free {
        void operator()(pg_result* result) const;
    };
    explicit Rows(pg_result* result)
        : result_(result)
    {
    }
    std::unique_ptr<pg_result, Free> result_;
};

/// One connection to a PostgreSQL server.
/// Whatever it commits is durable where the server's fsync is on: synchronous_commit is `on` (or
/// stronger, where the server's own settings say so), whoever set it otherwise.
/// A connection that has failed stays so: open another.
///
/// Errors: Unreachable (the connection is gone, or the server takes no work now: it starts, stops,
/// is a standby, has none to spare; is_usable() is false afterwards), Busy (a lock that could not be
/// had in 10 s, a deadlock, out of memory: try again), Full (its disk), Corrupt (a table is missing or
/// damaged), Invalid (a value, a constraint, no conninfo), Unauthorized (role or password), Io (the rest).
/// Details are the server's own words; no password is in them, nor a parameter's value. Threads: one at a
/// time. Blocks: 5 s to connect to each address, 20 s for a server's machine that does not answer any more; a
/// statement that works may take as long as it likes.
class Connection {
public:
    /// `conninfo`: libpq's, keyword=value or a postgresql:// URI; what it does not say comes from the
    /// environment (PGHOST …) and the password file. It may name several servers: the one that
    /// takes writes is looked for.
    static Result<Connection> open(std::string const& conninfo);
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    /// Several statements without parameters or rows.
    Result<> execute(std::string const& sql);
    /// Prepared, with binary parameters and rows.
    Result<Rows> run(Statement const& statement, Parameters const& parameters = {});

    bool is_usable() const;
    /// The server process that serves this connection.
    int backend_pid() const;

private:
    friend class Transaction;
    struct Close {
        void operator()(pg_conn* connection) const;
    };
    explicit Connection(pg_conn* connection);
    Result<Rows> check(pg_result* result, std::string_view action);
    /// As execute(), and no word of doubt from the server: see Transaction::commit().
    Result<> commit();

    /// The last warning, where libpq can reach it however the Connection moves.
    std::unique_ptr<std::optional<Error>> warning_;
    std::unique_ptr<pg_conn, Close> connection_;
    std::set<std::string, std::less<>> prepared_;
    bool usable_ = true;
};

/// Rolls back unless committed. READ COMMITTED: each statement sees what was committed before it.
class Transaction {
public:
    static Result<Transaction> begin(Connection& connection);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    /// Durable, here and on a synchronous standby, when it returns without an error. An error where
    /// the connection was lost leaves it open whether it was committed.
    Result<> commit();

private:
    explicit Transaction(Connection& connection)
        : connection_(&connection)
    {
    }
    Connection* connection_;
};

}

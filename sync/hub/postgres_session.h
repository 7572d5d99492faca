#pragma once

#include "platform/postgres/connection.h"

#include <chrono>
#include <optional>
#include <string>

namespace listenpost::sync {

/// A connection that is made when it is first needed, and made again after it was lost. While the
/// server's machine is silent it spends at most half its time waiting: a try that failed after
/// 5 s is not repeated for 5 s, and meanwhile every call fails at once.
/// Threads: one at a time.
class PostgresSession {
public:
    explicit PostgresSession(std::string conninfo)
        : conninfo_(std::move(conninfo))
    {
    }
    PostgresSession(PostgresSession const&) = delete;
    PostgresSession& operator=(PostgresSession const&) = delete;

    /// On a connection that works: one that was lost since the last call costs no error.
    /// Errors: as postgres::Connection::open().
    Result<postgres::Transaction> begin();

    /// Within the transaction that begin() began.
    Result<postgres::Rows> run(
        postgres::Statement const& statement, postgres::Parameters const& parameters = {});

    /// Outside a transaction, one that only reads: it is repeated where the connection was lost.
    Result<postgres::Rows> query(
        postgres::Statement const& statement, postgres::Parameters const& parameters = {});

    /// One statement in a transaction of its own; durable. Returns how many rows it changed.
    Result<std::int64_t> write(
        postgres::Statement const& statement, postgres::Parameters const& parameters = {});

    /// The connection, made if need be. Errors: as postgres::Connection::open().
    Result<postgres::Connection*> connect();

private:
    using Time = std::chrono::steady_clock::time_point;

    Result<> open();
    bool has_lost_connection() const { return connection_ && !connection_->is_usable(); }

    std::string const conninfo_;
    std::optional<postgres::Connection> connection_;
    Error last_failure_ {};
    Time next_try_ {};
};

}

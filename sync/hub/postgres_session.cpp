#include "sync/hub/postgres_session.h"

namespace listenpost::sync {

Result<postgres::Connection*> PostgresSession::connect()
{
    if (connection_ && connection_->is_usable())
        return &*connection_;
    connection_.reset(); // first: the server may have no other to spare
    auto const begun = std::chrono::steady_clock::now();
    if (begun < next_try_)
        return fail(last_failure_);
    auto opened = postgres::Connection::open(conninfo_);
    if (!opened) {
        auto const now = std::chrono::steady_clock::now();
        next_try_ = now + (now - begun);
        last_failure_ = std::move(opened).error();
        return fail(last_failure_);
    }
    connection_ = std::move(*opened);
    return &*connection_;
}

Result<postgres::Transaction> PostgresSession::begin()
{
    bool const is_old = connection_.has_value();
    auto connection = connect();
    if (!connection)
        return fail(std::move(connection).error());
    auto transaction = postgres::Transaction::begin(**connection);
    if (transaction || !is_old || !has_lost_connection())
        return transaction;
    connection = connect();
    if (!connection)
        return fail(std::move(connection).error());
    return postgres::Transaction::begin(**connection);
}

Result<postgres::Rows> PostgresSession::run(
    postgres::Statement const& statement, postgres::Parameters const& parameters)
{
    return connection_->run(statement, parameters);
}

Result<postgres::Rows> PostgresSession::query(
    postgres::Statement const& statement, postgres::Parameters const& parameters)
{
    bool const is_old = connection_.has_value();
    auto connection = connect();
    if (!connection)
        return fail(std::move(connection).error());
    auto rows = (*connection)->run(statement, parameters);
    if (rows || !is_old || !has_lost_connection())
        return rows;
    connection = connect();
    if (!connection)
        return fail(std::move(connection).error());
    return (*connection)->run(statement, parameters);
}

}

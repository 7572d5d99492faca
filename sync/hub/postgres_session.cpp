#include "sync/hub/postgres_session.h"

namespace listenpost::sync {
namespace {

// Every statement of ours finds its rows by a key. A prepared one keeps the plan that was right for
// the tables of its first day until the server has new statistics: it must not be "read it whole".
// What has no key to go by is small; its cost, as the planner then sees it, would wake the compiler.
constexpr char const* plan_by_keys
    = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

}

Result<std::int64_t> PostgresSession::write(
    postgres::Statement const& statement, postgres::Parameters const& parameters)
{
    auto transaction = begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    auto const done = run(statement, parameters);
    if (!done)
        return fail(done.error());
    LISTENPOST_TRY(transaction->commit());
    return done->changed();
}

Result<postgres::Connection*> PostgresSession::connect()
{
    if (connection_ && connection_->is_usable())
        return &*connection_;
    connection_.reset(); // first: the server may have no other to spare
    auto const begun = std::chrono::steady_clock::now();
    if (begun < next_try_)
        return fail(last_failure_);
    if (auto opened = open(); !opened) {
        auto const now = std::chrono::steady_clock::now();
        next_try_ = now + (now - begun);
        last_failure_ = std::move(opened).error();
        return fail(last_failure_);
    }
    return &*connection_;
}

Result<> PostgresSession::open()
{
    auto opened = postgres::Connection::open(conninfo_);
    if (!opened)
        return fail(std::move(opened).error());
    LISTENPOST_TRY(opened->execute(plan_by_keys));
    connection_ = std::move(*opened);
    return {};
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

#include "platform/postgres/connection.h"

#include <array>
#include <cstdlib>
#include <functional>
#include <libpq-fe.h>
#include <utility>
#include <vector>

namespace listenpost::postgres {
namespace {

constexpr int binary = 1;

// Waiting for another hub that hangs in the middle of a transaction must end, as must that one. No
// statement_timeout: a COMMIT that it breaks off while a standby is waited for counts as done.
constexpr char const* session_settings = R"sql(
SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
SET lock_timeout = '10s';
SET idle_in_transaction_session_timeout = '10s';
SET client_min_messages = warning;
SET default_transaction_isolation = 'read committed';
)sql";

Errc code_of(std::string_view state)
{
    auto const is = [state](std::string_view prefix) { return state.starts_with(prefix); };
    if (is("08") || is("57P") || is("53300") || is("25006"))
        return Errc::Unreachable;
    if (is("28"))
        return Errc::Unauthorized;
    if (is("40") || is("55P03") || is("57") || is("53200") || is("25P03"))
        return Errc::Busy;
    if (is("53"))
        return Errc::Full;
    if (is("42P01") || is("42703") || is("XX"))
        return Errc::Corrupt;
    if (is("22") || is("23"))
        return Errc::Invalid;
    return Errc::Io;
}

/// One line, as the log wants it.
std::string one_line(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    for (char& c : text)
        if (c == '\n' || c == '\t')
            c = ' ';
    return text;
}

/// libpq tells no SQLSTATE of a connection that was not made.
bool is_refusal(std::string_view detail)
{
    for (char const* words : {"authentication failed", "no password supplied", "no pg_hba.conf entry",
             "\" does not exist", "permission denied for database"})
        if (detail.find(words) != std::string_view::npos)
            return true;
    return false;
}

void note_warning(void* place, PGresult const* notice)
{
    char const* const state = ::PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    char const* const text = ::PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    *static_cast<std::optional<Error>*>(place)
        = Error {code_of(state ? state : ""), text ? text : "without words"};
}

std::uint64_t number_of(char const* bytes, int size)
{
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

}

void Rows::Free::operator()(pg_result* result) const { ::PQclear(result); }

std::size_t Rows::size() const { return static_cast<std::size_t>(::PQntuples(result_.get())); }

std::int64_t Rows::changed() const { return std::strtoll(::PQcmdTuples(result_.get()), nullptr, 10); }

std::int64_t Rows::integer(std::size_t row, int column) const
{
    std::string_view const bytes = text(row, column);
    if (bytes.size() == 4)
        return static_cast<std::int32_t>(number_of(bytes.data(), 4));
    if (bytes.empty() || bytes.size() == 8)
        return static_cast<std::int64_t>(number_of(bytes.data(), static_cast<int>(bytes.size())));
    std::abort(); // the statement gives another type
}

std::string_view Rows::text(std::size_t row, int column) const
{
    if (row >= size() || column >= ::PQnfields(result_.get()))
        std::abort();
    auto const index = static_cast<int>(row);
    return {::PQgetvalue(result_.get(), index, column),
        static_cast<std::size_t>(::PQgetlength(result_.get(), index, column))};
}

bool Rows::is_null(std::size_t row, int column) const
{
    return ::PQgetisnull(result_.get(), static_cast<int>(row), column) != 0;
}

void Connection::Close::operator()(pg_conn* connection) const { ::PQfinish(connection); }

Connection::Connection(pg_conn* connection)
    : warning_(std::make_unique<std::optional<Error>>())
    , connection_(connection)
{
    ::PQsetNoticeReceiver(connection, note_warning, warning_.get());
}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(std::string const& conninfo)
{
    std::unique_ptr<PQconninfoOption, decltype(&::PQconninfoFree)> const parsed(
        ::PQconninfoParse(conninfo.c_str(), nullptr), ::PQconninfoFree);
    if (!parsed) // libpq's own words would quote a password
        return fail(Errc::Invalid, "not a PostgreSQL connection string: keyword=value …, or postgresql://…");
    // What stands before dbname gives way to what the conninfo says.
    constexpr std::array keys {"connect_timeout", "tcp_user_timeout", "keepalives_idle",
        "keepalives_interval", "keepalives_count", "target_session_attrs", "fallback_application_name",
        "dbname", "client_encoding", static_cast<char const*>(nullptr)};
    std::array<char const*, keys.size()> const values {
        "5", "10000", "10", "3", "3", "read-write", "listenpost", conninfo.c_str(), "UTF8", nullptr};
    Connection connection(::PQconnectdbParams(keys.data(), values.data(), 1));
    auto* const handle = connection.connection_.get();
    if (!handle)
        return fail(Errc::Busy, "no memory for a connection");
    if (::PQstatus(handle) != CONNECTION_OK) {
        std::string const detail = one_line(::PQerrorMessage(handle));
        return fail(is_refusal(detail) ? Errc::Unauthorized : Errc::Unreachable, detail);
    }
    LISTENPOST_TRY(connection.execute(session_settings));
    return connection;
}

Result<Rows> Connection::check(pg_result* result, std::string_view action)
{
    Rows rows(result);
    auto const status = ::PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return rows;
    if (::PQstatus(connection_.get()) != CONNECTION_OK || !result) {
        usable_ = false;
        return fail(
            Errc::Unreachable, std::string(action) + ": " + one_line(::PQerrorMessage(connection_.get())));
    }
    // Not PQresultErrorMessage: its DETAIL may quote what a customer wrote.
    char const* const state = ::PQresultErrorField(result, PG_DIAG_SQLSTATE);
    char const* const text = ::PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    auto const code = code_of(state ? state : "");
    if (code == Errc::Unreachable)
        usable_ = false;
    return fail(code,
        std::string(action) + ": " + one_line(text ? text : "no reason given") + " (SQLSTATE "
            + (state ? state : "none") + ")");
}

Result<> Connection::execute(std::string const& sql)
{
    auto rows = check(::PQexec(connection_.get(), sql.c_str()), one_line(sql.substr(0, 60)));
    if (!rows)
        return fail(std::move(rows).error());
    return {};
}

Result<Rows> Connection::run(Statement const& statement, Parameters const& parameters)
{
    auto const count = static_cast<int>(parameters.values_.size());
    if (!prepared_.contains(statement.name)) {
        std::vector<Oid> types;
        for (auto const& value : parameters.values_)
            types.push_back(value.type);
        auto prepared
            = check(::PQprepare(connection_.get(), statement.name, statement.sql, count, types.data()),
                statement.name);
        if (!prepared)
            return prepared;
        prepared_.emplace(statement.name);
    }
    std::vector<char const*> values;
    std::vector<int> lengths;
    for (auto const& value : parameters.values_) {
        values.push_back(value.bytes ? value.bytes->data() : nullptr);
        lengths.push_back(value.bytes ? static_cast<int>(value.bytes->size()) : 0);
    }
    std::vector<int> const formats(parameters.values_.size(), binary);
    return check(::PQexecPrepared(connection_.get(), statement.name, count, values.data(), lengths.data(),
                     formats.data(), binary),
        statement.name);
}

bool Connection::is_usable() const { return usable_ && ::PQstatus(connection_.get()) == CONNECTION_OK; }

int Connection::backend_pid() const { return ::PQbackendPID(connection_.get()); }

Result<> Connection::commit()
{
    warning_->reset();
    auto rows = check(::PQexec(connection_.get(), "COMMIT"), "COMMIT");
    if (!rows)
        return fail(std::move(rows).error());
    // A transaction with a failed statement "commits" as ROLLBACK, and that is no error to the server.
    if (std::string_view const done = ::PQcmdStatus(rows->result_.get()); done != "COMMIT")
        return fail(Errc::Io, "COMMIT: the server answered " + std::string(done));
    if (!*warning_)
        return {};
    // "Terminating connection": it may have been committed before or not. "Canceling wait for
    // synchronous replication": it was committed here alone, and that is not enough.
    auto const& warning = **warning_;
    usable_ = usable_ && warning.code != Errc::Unreachable;
    return fail(warning.code == Errc::Unreachable ? warning.code : Errc::Io,
        "COMMIT: the server warned: " + one_line(warning.detail));
}

Result<Transaction> Transaction::begin(Connection& connection)
{
    LISTENPOST_TRY(connection.execute("BEGIN"));
    return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr))
{
}

Transaction::~Transaction()
{
    // One that cannot be rolled back is in doubt: it must not become part of the next.
    if (connection_ && !connection_->execute("ROLLBACK"))
        connection_->usable_ = false;
}

Result<> Transaction::commit()
{
    LISTENPOST_TRY(connection_->commit());
    connection_ = nullptr;
    return {};
}

}

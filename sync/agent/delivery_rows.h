#pragma once

#include "platform/base/clock.h"
#include "platform/sqlite/database.h"

#include <optional>

/// What the parts of delivery_store share about its rows.
namespace listenpost::sync::rows {

inline std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

inline WallTime wall(std::int64_t milliseconds) { return WallTime(std::chrono::milliseconds(milliseconds)); }

inline std::optional<WallTime> wall_in(sqlite::Statement const& row, int column)
{
    if (row.is_null(column))
        return std::nullopt;
    return wall(row.integer(column));
}

inline void bind_one(sqlite::Statement& statement, int index, std::int64_t value)
{
    statement.bind(index, value);
}
inline void bind_one(sqlite::Statement& statement, int index, std::string const& text)
{
    statement.bind(index, text);
}
inline void bind_one(sqlite::Statement& statement, int index, WallTime time)
{
    statement.bind(index, milliseconds(time));
}
inline void bind_one(sqlite::Statement& statement, int index, std::optional<WallTime> const& time)
{
    if (time)
        statement.bind(index, milliseconds(*time));
    else
        statement.bind_null(index);
}

/// `values` in the order of the statement's numbers; borrowed until the statement is run.
template <typename... Values>
Result<sqlite::Statement> prepare(sqlite::Database& database, std::string_view sql, Values const&... values)
{
    auto statement = database.prepare(sql);
    if (statement) {
        int index = 0;
        (bind_one(*statement, ++index, values), ...);
    }
    return statement;
}

/// For a statement that returns no row.
template <typename... Values>
Result<> run(sqlite::Database& database, std::string_view sql, Values const&... values)
{
    auto statement = prepare(database, sql, values...);
    if (!statement)
        return fail(statement.error());
    return statement->run();
}

/// First column of the first row; 0 without one.
template <typename... Values>
Result<std::int64_t> integer(sqlite::Database& database, std::string_view sql, Values const&... values)
{
    auto statement = prepare(database, sql, values...);
    if (!statement)
        return fail(statement.error());
    auto const row = statement->step();
    if (!row)
        return fail(row.error());
    return *row ? statement->integer(0) : 0;
}

}

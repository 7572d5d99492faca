#pragma once

#include "platform/sqlite/database.h"

#include <filesystem>
#include <string>

namespace listenpost::test {

inline constexpr char old_store_install[] = "0123456789abcdef0123456789abcdef";

inline std::string old_store_comment(int seq) { return "old " + std::to_string(seq); }

/// The tables of store.db as formats 1 and 2 were released. Written out here, so that an edit of
/// a released step in schema.cpp cannot go unnoticed.
inline std::string old_store_schema(int format)
{
    std::string const flags = format == 2 ? ", flags TEXT NOT NULL DEFAULT ''" : "";
    return R"sql(
        CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), install TEXT NOT NULL);
        CREATE TABLE draft (one INTEGER PRIMARY KEY CHECK (one = 1), opened_ms INTEGER NOT NULL,
            steady_ms INTEGER NOT NULL, touched_steady_ms INTEGER NOT NULL, clock_set INTEGER NOT NULL,
            boot TEXT NOT NULL, survey TEXT NOT NULL, survey_version INTEGER NOT NULL,
            touchpoint TEXT NOT NULL, lang TEXT NOT NULL, outcome TEXT NOT NULL, answers TEXT NOT NULL,
            comment TEXT NOT NULL)sql"
        + flags + R"sql();
        CREATE TABLE response (seq INTEGER PRIMARY KEY, opened_ms INTEGER NOT NULL, took_ms INTEGER NOT NULL,
            steady_ms INTEGER NOT NULL, clock_set INTEGER NOT NULL, boot TEXT NOT NULL, survey TEXT NOT NULL,
            survey_version INTEGER NOT NULL, touchpoint TEXT NOT NULL, lang TEXT NOT NULL,
            outcome TEXT NOT NULL, closed_by TEXT NOT NULL, answers TEXT NOT NULL, comment TEXT NOT NULL)sql"
        + flags + R"sql();
        INSERT INTO identity VALUES (1, '0123456789abcdef0123456789abcdef');
        PRAGMA user_version = )sql"
        + std::to_string(format) + ";";
}

/// A store.db of that format with `rows` responses, comments as old_store_comment() says, and a
/// draft that the box went down over.
inline Result<> make_old_store(std::filesystem::path const& path, int format, int rows)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(database.error());
    LISTENPOST_TRY(database->execute(old_store_schema(format).c_str()));
    std::string const flags = format == 2 ? ", ''" : "";
    std::string const fill = R"sql(
        INSERT INTO draft VALUES (1, 1790000060000, 65000, 66500, 1, 'b1', 'qsc-restaurant', 1, 'exit', 'en',
            'partial', '[{"q":"service","score":5}]', '')sql"
        + flags + R"sql();
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < )sql"
        + std::to_string(rows) + R"sql()
        INSERT INTO response SELECT i, 1790000000000 + i, 8120, 5000, 1, 'b1', 'qsc-restaurant', 1, 'exit',
            'zh-CN', 'complete', 'finish', '[{"q":"quality","score":2,"reasons":["salty"]}]', 'old ' || i)sql"
        + flags + " FROM n";
    return database->execute(fill.c_str());
}

}

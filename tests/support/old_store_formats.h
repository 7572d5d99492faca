#pragma once

#include "platform/sqlite/database.h"

#include <filesystem>
#include <string>

namespace listenpost::test {

inline constexpr char old_store_install[] = "0123456789abcdef0123456789abcdef";

inline std::string old_store_comment(int seq) { return "old " + std::to_string(seq); }

/// The tables of store.db as formats 1 to 5 were released. Written out here, so that an edit of
/// a released step in schema.cpp cannot go unnoticed.
inline std::string old_store_schema(int format)
{
    std::string const flags = format >= 2 ? ", flags TEXT NOT NULL DEFAULT ''" : "";
    std::string const row_check = format >= 3 ? ", row_check INTEGER NOT NULL DEFAULT 0" : "";
    constexpr char one_install[] = R"sql(
        CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), install TEXT NOT NULL);
        INSERT INTO identity VALUES (1, '0123456789abcdef0123456789abcdef');)sql";
    constexpr char several_installs[] = R"sql(
        CREATE TABLE identity (first_seq INTEGER PRIMARY KEY, install TEXT NOT NULL UNIQUE,
            made_for TEXT NOT NULL);
        INSERT INTO identity VALUES (1, '0123456789abcdef0123456789abcdef', 'first');
        CREATE TABLE removed (one INTEGER PRIMARY KEY CHECK (one = 1), up_to INTEGER NOT NULL);
        INSERT INTO removed (one, up_to) VALUES (1, 0);
        CREATE VIEW last_given (seq) AS SELECT max(coalesce((SELECT max(seq) FROM response), 0),
            coalesce((SELECT max(first_seq) FROM identity), 1) - 1, coalesce((SELECT up_to FROM removed), 0));
        CREATE TABLE boot_clock (boot TEXT PRIMARY KEY, steady_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL);
        CREATE TABLE lived_day (number INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL, boot TEXT NOT NULL,
            steady_ms INTEGER NOT NULL, last_seq INTEGER NOT NULL);
        CREATE TABLE filler (one INTEGER PRIMARY KEY CHECK (one = 1), bytes BLOB NOT NULL);
        CREATE TABLE salvage (number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kept_as TEXT NOT NULL,
            reason TEXT NOT NULL, recovered INTEGER NOT NULL, missing INTEGER NOT NULL, undelivered INTEGER);)sql";
    constexpr char checked_installs[] = R"sql(
        ALTER TABLE identity ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE removed ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;
        UPDATE identity SET row_check = row_checksum(first_seq, install, made_for);
        UPDATE removed SET row_check = row_checksum(up_to);)sql";
    return std::string(format >= 3 ? several_installs : one_install) + (format >= 4 ? checked_installs : "")
        + R"sql(
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
        + flags + row_check + R"sql();)sql"
        + (format >= 5 ? R"sql(
        ALTER TABLE response ADD COLUMN event TEXT NOT NULL DEFAULT '';
        CREATE INDEX response_event ON response (seq) WHERE event <> '';)sql"
                       : "")
        + R"sql(
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
    std::string const flags = format >= 2 ? ", ''" : "";
    std::string const row_check = std::string(format >= 3 ? ", 0" : "") + (format >= 5 ? ", ''" : "");
    std::string const check = format >= 3
        ? "; UPDATE response SET row_check = row_checksum(seq, opened_ms, took_ms, steady_ms, clock_set, "
          "boot, "
          "survey, survey_version, touchpoint, lang, outcome, closed_by, answers, comment, flags)"
        : "";
    std::string const fill = R"sql(
        INSERT INTO draft VALUES (1, 1790000060000, 65000, 66500, 1, 'b1', 'qsc-restaurant', 1, 'exit', 'en',
            'partial', '[{"q":"service","score":5}]', '')sql"
        + flags + R"sql();
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < )sql"
        + std::to_string(rows) + R"sql()
        INSERT INTO response SELECT i, 1790000000000 + i, 8120, 5000, 1, 'b1', 'qsc-restaurant', 1, 'exit',
            'zh-CN', 'complete', 'finish', '[{"q":"quality","score":2,"reasons":["salty"]}]', 'old ' || i)sql"
        + flags + row_check + " FROM n" + check;
    return database->execute(fill.c_str());
}

}

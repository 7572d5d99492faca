#pragma once

#include <string>

namespace listenpost::test {

/// The tables of hub.db as formats 1 and 2 were released, with one box, dev_1 of sh-001, and no responses.
/// Written out here, so that an edit of a released step in schema.cpp cannot go unnoticed.
inline std::string old_hub_schema(int format)
{
    std::string sql = R"sql(
        CREATE TABLE hub (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), id INTEGER NOT NULL);
        CREATE TABLE stores (store TEXT PRIMARY KEY, name TEXT NOT NULL, region TEXT NOT NULL,
            city TEXT NOT NULL, timezone TEXT NOT NULL, created_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE devices (device TEXT PRIMARY KEY, store TEXT NOT NULL, name TEXT NOT NULL,
            token_hash BLOB NOT NULL UNIQUE, enrolled_ms INTEGER NOT NULL, revoked_ms INTEGER) WITHOUT ROWID;
        CREATE TABLE invites (code_hash BLOB PRIMARY KEY, store TEXT NOT NULL, name TEXT NOT NULL,
            expires_ms INTEGER NOT NULL, device TEXT) WITHOUT ROWID;
        CREATE TABLE tokens (name TEXT PRIMARY KEY, role TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE,
            created_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE installs (install BLOB PRIMARY KEY, part INTEGER NOT NULL,
            first_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE partitions (part INTEGER PRIMARY KEY, next_off INTEGER NOT NULL);
        CREATE TABLE log (part INTEGER NOT NULL, off INTEGER NOT NULL, store TEXT NOT NULL,
            device TEXT NOT NULL, install BLOB NOT NULL, seq INTEGER NOT NULL, received_ms INTEGER NOT NULL,
            at_ms INTEGER NOT NULL, raw TEXT NOT NULL, PRIMARY KEY (part, off)) WITHOUT ROWID;
        CREATE TABLE dedup (part INTEGER NOT NULL, install BLOB NOT NULL, seq INTEGER NOT NULL,
            digest INTEGER NOT NULL, PRIMARY KEY (part, install, seq)) WITHOUT ROWID;
        WITH RECURSIVE parts(part) AS (SELECT 0 UNION ALL SELECT part + 1 FROM parts WHERE part < 63)
        INSERT INTO partitions (part, next_off) SELECT part, 0 FROM parts;
        INSERT INTO hub VALUES (1, 72057594037927936);
        INSERT INTO stores VALUES ('sh-001', '店', '', '', 'Asia/Shanghai', 1);
        INSERT INTO devices VALUES ('dev_1', 'sh-001', 'front door', x'01', 2, NULL);
    )sql";
    if (format == 2)
        sql += "CREATE TABLE heartbeats (device TEXT PRIMARY KEY, received_ms INTEGER NOT NULL, "
               "version TEXT NOT NULL, waiting INTEGER NOT NULL, raw TEXT NOT NULL) WITHOUT ROWID;";
    return sql + "PRAGMA user_version = " + std::to_string(format) + ";";
}

}

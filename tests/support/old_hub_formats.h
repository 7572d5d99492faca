#pragma once

#include <string>

namespace listenpost::test {

/// The tables of hub.db as formats 1 to 6 were released, with one box, dev_1 of sh-001, one token, and
/// no responses.
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
        INSERT INTO tokens VALUES ('hq', 'reader', x'02', 3);
    )sql";
    if (format >= 2)
        sql += "CREATE TABLE heartbeats (device TEXT PRIMARY KEY, received_ms INTEGER NOT NULL, "
               "version TEXT NOT NULL, waiting INTEGER NOT NULL, raw TEXT NOT NULL) WITHOUT ROWID;";
    if (format >= 3)
        sql += "ALTER TABLE log ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;"
               "ALTER TABLE installs ADD COLUMN row_check INTEGER NOT NULL DEFAULT 0;";
    if (format >= 4)
        sql += "ALTER TABLE tokens ADD COLUMN scope TEXT NOT NULL DEFAULT '';"
               "ALTER TABLE tokens ADD COLUMN expires_ms INTEGER;"
               "ALTER TABLE tokens ADD COLUMN revoked_ms INTEGER;"
               "ALTER TABLE hub ADD COLUMN places_version INTEGER NOT NULL DEFAULT 0;"
               "CREATE TABLE audit (at_ms INTEGER NOT NULL, id TEXT NOT NULL, who TEXT NOT NULL, "
               "what TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (at_ms, id)) "
               "WITHOUT ROWID;"
               "CREATE TABLE erasures (part INTEGER NOT NULL, install BLOB NOT NULL, seq INTEGER NOT NULL, "
               "erased_ms INTEGER NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY (part, install, seq)) "
               "WITHOUT ROWID;";
    if (format >= 5)
        sql += "CREATE TABLE rollups (part INTEGER NOT NULL, span INTEGER NOT NULL, day INTEGER NOT NULL, "
               "store TEXT NOT NULL, touchpoint TEXT NOT NULL, survey TEXT NOT NULL, "
               "is_flagged INTEGER NOT NULL, totals BLOB NOT NULL, quarters BLOB NOT NULL, "
               "PRIMARY KEY (part, span, day, store, touchpoint, survey, is_flagged)) WITHOUT ROWID;"
               "CREATE INDEX rollups_of_store ON rollups (part, store, span, day);"
               "CREATE TABLE surveys (survey TEXT PRIMARY KEY, version INTEGER NOT NULL, "
               "added_ms INTEGER NOT NULL, raw TEXT NOT NULL) WITHOUT ROWID;";
    if (format >= 6)
        sql += "CREATE TABLE box_erasures (install BLOB NOT NULL, seq INTEGER NOT NULL, "
               "device TEXT NOT NULL, boot TEXT NOT NULL, steady_ms INTEGER NOT NULL, "
               "asked_ms INTEGER NOT NULL, PRIMARY KEY (install, seq)) WITHOUT ROWID;"
               "CREATE INDEX box_erasures_of_device ON box_erasures (device);"
               "CREATE TABLE box_erasures_done (install BLOB NOT NULL, seq INTEGER NOT NULL, "
               "device TEXT NOT NULL, done_ms INTEGER NOT NULL, PRIMARY KEY (install, seq, device)) "
               "WITHOUT ROWID;";
    return sql + "PRAGMA user_version = " + std::to_string(format) + ";";
}

/// The tables of a PostgreSQL database as its versions 1 to 4 were released, with the same.
inline std::string old_postgres_schema(int version)
{
    std::string sql = R"sql(
        CREATE TABLE schema_version (only_row integer PRIMARY KEY CHECK (only_row = 1),
            version integer NOT NULL);
        COMMENT ON TABLE schema_version IS 'on every node';
        CREATE TABLE hub (only_row integer PRIMARY KEY CHECK (only_row = 1), id bigint NOT NULL);
        COMMENT ON TABLE hub IS 'on every node';
        CREATE TABLE stores (store text COLLATE "C" PRIMARY KEY, name text NOT NULL, region text NOT NULL,
            city text NOT NULL, timezone text NOT NULL, created_ms bigint NOT NULL);
        COMMENT ON TABLE stores IS 'on every node';
        CREATE TABLE devices (device text COLLATE "C" PRIMARY KEY, store text COLLATE "C" NOT NULL,
            name text NOT NULL, token_hash bytea NOT NULL UNIQUE, enrolled_ms bigint NOT NULL,
            revoked_ms bigint);
        COMMENT ON TABLE devices IS 'on every node';
        CREATE TABLE heartbeats (device text COLLATE "C" PRIMARY KEY, received_ms bigint NOT NULL,
            version text NOT NULL, waiting bigint NOT NULL, raw text NOT NULL);
        COMMENT ON TABLE heartbeats IS 'on every node';
        CREATE TABLE invites (code_hash bytea PRIMARY KEY, store text COLLATE "C" NOT NULL,
            name text NOT NULL, expires_ms bigint NOT NULL, device text);
        COMMENT ON TABLE invites IS 'on every node';
        CREATE TABLE tokens (name text COLLATE "C" PRIMARY KEY, role text NOT NULL,
            token_hash bytea NOT NULL UNIQUE, created_ms bigint NOT NULL);
        COMMENT ON TABLE tokens IS 'on every node';
        CREATE TABLE installs (install bytea PRIMARY KEY, part integer NOT NULL, first_ms bigint NOT NULL);
        COMMENT ON TABLE installs IS 'on every node';
        CREATE TABLE partitions (part integer PRIMARY KEY, next_off bigint NOT NULL) WITH (fillfactor = 20);
        COMMENT ON TABLE partitions IS 'distributed by part';
        CREATE TABLE log (part integer NOT NULL, off bigint NOT NULL, store text COLLATE "C" NOT NULL,
            device text COLLATE "C" NOT NULL, install bytea NOT NULL, seq bigint NOT NULL,
            received_ms bigint NOT NULL, at_ms bigint NOT NULL, raw text NOT NULL, PRIMARY KEY (part, off));
        COMMENT ON TABLE log IS 'distributed by part';
        CREATE TABLE dedup (part integer NOT NULL, install bytea NOT NULL, seq bigint NOT NULL,
            digest bigint NOT NULL, PRIMARY KEY (part, install, seq));
        COMMENT ON TABLE dedup IS 'distributed by part';
        INSERT INTO partitions (part, next_off) SELECT part, 0 FROM generate_series(0, 63) AS part;
        INSERT INTO hub VALUES (1, 72057594037927936);
        INSERT INTO stores VALUES ('sh-001', '店', '', '', 'Asia/Shanghai', 1);
        INSERT INTO devices VALUES ('dev_1', 'sh-001', 'front door', '\x01', 2, NULL);
        INSERT INTO tokens VALUES ('hq', 'reader', '\x02', 3);
    )sql";
    if (version >= 2)
        sql += R"sql(
        ALTER TABLE tokens ADD scope text NOT NULL DEFAULT '', ADD expires_ms bigint, ADD revoked_ms bigint;
        ALTER TABLE hub ADD places_version bigint NOT NULL DEFAULT 0;
        CREATE TABLE audit (at_ms bigint NOT NULL, id text COLLATE "C" NOT NULL, who text NOT NULL,
            what text NOT NULL, object text NOT NULL, detail text NOT NULL, PRIMARY KEY (at_ms, id));
        COMMENT ON TABLE audit IS 'on every node';
        CREATE TABLE erasures (part integer NOT NULL, install bytea NOT NULL, seq bigint NOT NULL,
            erased_ms bigint NOT NULL, digest bigint NOT NULL, PRIMARY KEY (part, install, seq));
        COMMENT ON TABLE erasures IS 'distributed by part';
    )sql";
    if (version >= 3)
        sql += R"sql(
        CREATE TABLE rollups (part integer NOT NULL, span integer NOT NULL, day bigint NOT NULL,
            store text COLLATE "C" NOT NULL, touchpoint text COLLATE "C" NOT NULL,
            survey text COLLATE "C" NOT NULL, is_flagged integer NOT NULL, totals bytea NOT NULL,
            quarters bytea NOT NULL, PRIMARY KEY (part, span, day, store, touchpoint, survey, is_flagged))
            WITH (fillfactor = 70);
        CREATE INDEX rollups_of_store ON rollups (part, store, span, day);
        COMMENT ON TABLE rollups IS 'distributed by part';
        CREATE TABLE surveys (survey text COLLATE "C" PRIMARY KEY, version bigint NOT NULL,
            added_ms bigint NOT NULL, raw text NOT NULL);
        COMMENT ON TABLE surveys IS 'on every node';
    )sql";
    if (version >= 4)
        sql += R"sql(
        CREATE TABLE box_erasures (install bytea NOT NULL, seq bigint NOT NULL,
            device text COLLATE "C" NOT NULL, boot text NOT NULL, steady_ms bigint NOT NULL,
            asked_ms bigint NOT NULL, PRIMARY KEY (install, seq));
        CREATE INDEX box_erasures_of_device ON box_erasures (device);
        COMMENT ON TABLE box_erasures IS 'on every node';
        CREATE TABLE box_erasures_done (install bytea NOT NULL, seq bigint NOT NULL,
            device text COLLATE "C" NOT NULL, done_ms bigint NOT NULL, PRIMARY KEY (install, seq, device));
        COMMENT ON TABLE box_erasures_done IS 'on every node';
    )sql";
    return sql + "INSERT INTO schema_version VALUES (1, " + std::to_string(version) + ");";
}

}

#pragma once

#include <string>

namespace listenpost::test {

/// The tables of delivery.db as formats 1 and 2 were released, without rows. Written out here, so that an
/// edit of a released step in delivery_schema.cpp cannot go unnoticed.
inline std::string old_delivery_schema(int format)
{
    auto const since_2 = [format](char const* columns) { return format == 2 ? columns : ""; };
    std::string sql = R"sql(
        CREATE TABLE enrolment (one INTEGER PRIMARY KEY CHECK (one = 1), hub TEXT NOT NULL,
            device TEXT NOT NULL, token TEXT NOT NULL, ca_file TEXT NOT NULL, store_id TEXT NOT NULL,
            store_name TEXT NOT NULL, store_timezone TEXT NOT NULL, enrolled_ms INTEGER NOT NULL)sql";
    sql += since_2(", pin TEXT NOT NULL DEFAULT ''");
    sql += R"sql();
        CREATE TABLE delivered (install TEXT PRIMARY KEY, mark INTEGER NOT NULL)sql";
    sql += since_2(", acknowledged INTEGER NOT NULL DEFAULT 0, proof_seq INTEGER NOT NULL DEFAULT 0, "
                   "proof_digest INTEGER NOT NULL DEFAULT 0");
    sql += R"sql() WITHOUT ROWID;
        CREATE TABLE quarantine (install TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL,
            detail TEXT NOT NULL, at_ms INTEGER NOT NULL)sql";
    sql += since_2(", digest INTEGER NOT NULL DEFAULT 0, retry INTEGER NOT NULL DEFAULT 0");
    sql += R"sql(, PRIMARY KEY (install, seq)) WITHOUT ROWID;
        CREATE TABLE contact (one INTEGER PRIMARY KEY CHECK (one = 1), last_contact_ms INTEGER,
            error_code TEXT NOT NULL, error_detail TEXT NOT NULL, error_ms INTEGER,
            next_attempt_ms INTEGER)sql";
    sql += since_2(", heartbeat_ms INTEGER, heartbeat_code TEXT NOT NULL DEFAULT ''");
    sql += ");";
    sql += since_2(
        "CREATE TABLE moved (install TEXT NOT NULL, seq INTEGER NOT NULL, digest INTEGER NOT NULL, "
        "at_ms INTEGER NOT NULL, up_to INTEGER, PRIMARY KEY (install, seq, digest)) WITHOUT ROWID;");
    return sql + "PRAGMA user_version = " + std::to_string(format) + ";";
}

}

#pragma once

#include "kiosk/store/delivery_counts.h"
#include "kiosk/store/install_list.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// What the agent's delivery.db (sync/agent/FORMAT.md) says of single rows of store.db, for the manager.
/// Errors of all: Busy, Corrupt, Io.
namespace listenpost::kiosk {

/// Rows that the hub has refused for good, by its own code: invalid, conflict, …
struct RefusedRows {
    std::string code;
    std::int64_t count = 0;

    friend bool operator==(RefusedRows const&, RefusedRows const&) = default;
};

/// One of them.
struct Refusal {
    std::int64_t seq = 0;
    std::string code;
    std::string detail; ///< the hub's own words, English; may be empty
};

/// How far the hub has got with one install, and what it has refused of it.
struct InstallRecord {
    InstallDelivery delivery;
    std::vector<Refusal> refusals; ///< by seq; delivery.quarantined of them
};

/// Only reads it. Errors also: NotFound (the agent has never run, or not to the end of creating it), Invalid
/// (another format).
Result<sqlite::Database> open_delivery(std::filesystem::path const& path);

/// As of one moment: the mark and what was set aside up to it move together.
Result<InstallDelivery> read_install_delivery(sqlite::Database& delivery, std::string const& install);
Result<InstallRecord> read_install_record(sqlite::Database& delivery, std::string const& install);

/// Of all these installs, the most frequent first.
Result<std::vector<RefusedRows>> read_refused(
    sqlite::Database& delivery, std::vector<Install> const& installs);

}

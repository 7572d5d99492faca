#pragma once

#include "platform/base/result.h"
#include "sync/hub/data_folder.h"

#include <chrono>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// The longest request or reply, in bytes; a list of 50,000 boxes fits.
inline constexpr std::size_t max_admin_bytes = 16UL * 1024 * 1024;

/// Carries out an admin request (see admin.h) whether or not the hub is running: opens the
/// database itself if nobody has it, else asks the hub that has, through admin.sock.
/// Waits at most 10 s for the database, and `patience` for the hub. Errors: Busy (somebody holds the database
/// and does not answer), Io and the database's own, Invalid (its hub stores in PostgreSQL and does not run).
Result<std::string> send_admin_request(DataFolder const& data, std::string const& request,
    std::chrono::seconds patience = std::chrono::seconds(10));

/// Carries it out on the hubs' PostgreSQL database, beside whatever hubs run on it.
/// Errors: the storage's own.
Result<std::string> run_admin_request_on_postgres(std::string const& conninfo, std::string const& request);

}

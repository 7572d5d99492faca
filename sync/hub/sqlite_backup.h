#pragma once

#include "platform/base/result.h"
#include "sync/hub/registry.h"

#include <cstdint>
#include <filesystem>

namespace listenpost::sync {

/// What a copy of hub.db holds.
struct BackupContent {
    std::int64_t responses = 0;
    std::int64_t stores = 0;
    std::int64_t devices = 0;
};

/// Writes all that is committed in `database` at one moment to `backup`, beside a hub that goes on serving,
/// and reads the copy once more: each row is what was written, and none is missing. Durable when it returns.
/// Errors: NotFound (no database), Invalid (`backup` exists), Corrupt (the database is damaged: nothing is
/// left at `backup`), Full, Io, Busy.
Result<BackupContent> back_up(std::filesystem::path const& database, std::filesystem::path const& backup);

/// Makes `database` from `backup`, after the same look at it. It gets an identity of its own, so that cursors
/// of pulls which may have seen more are noticed, and a line in its audit log. The caller holds the hub's
/// lock. Errors: NotFound (no backup), Invalid (`database` or a part of it is there already; a newer hub's
/// file), Corrupt (the backup is damaged), Full, Io.
Result<BackupContent> restore(
    std::filesystem::path const& backup, std::filesystem::path const& database, Act const& act);

}

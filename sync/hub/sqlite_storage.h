#pragma once

#include "sync/hub/storage.h"

#include <filesystem>

namespace listenpost::sync {

/// The hub's storage in one SQLite file (WAL, synchronous=FULL), made or migrated as needed.
/// The caller sees to it that there is one at a time: serve holds DATA/hub.lock.
/// Errors: Invalid (written by a newer hub), Corrupt, Busy, Full, Io.
Result<std::unique_ptr<Storage>> open_sqlite_storage(std::filesystem::path const& path);

}

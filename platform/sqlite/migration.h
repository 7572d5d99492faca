#pragma once

#include "platform/base/result.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace listenpost::sqlite {

/// From one version of a file's format to the next. A released step is never edited:
/// a change is a further step.
struct MigrationStep {
    char const* sql;
    Result<> (*fill)(Database&) = nullptr; ///< after the SQL, within its transaction; may be null
};

/// The format's version, 0 for an empty file; kept in PRAGMA user_version.
/// `newest`: what this program knows. `file`: how the error calls it.
/// Errors: Invalid (a newer program wrote it: says what to do), Corrupt, Io.
Result<std::int64_t> format_version(Database& database, std::int64_t newest, std::string_view file);

/// Brings the file to version steps.size(), each step in a transaction of its own, so
/// that a power cut leaves some whole version.
/// Errors: as format_version(), Full, Busy, and the steps' own.
Result<> migrate(Database& database, std::span<MigrationStep const> steps, std::string_view file);

}

#pragma once

#include "kiosk/store/install_list.h"
#include "platform/sqlite/database.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// A row of `identity`.
struct Identity {
    Install install;
    std::string made_for; ///< first, conflict or salvage

    friend bool operator==(Identity const&, Identity const&) = default;
};

/// What of store.db must outlive it: whose its responses are. Without it the responses of a
/// damaged file could only be sent as somebody else's, and those the hub has already would count
/// twice. Kept in a small file of its own beside store.db, with a checksum.
struct IdentityCopy {
    std::int64_t format = 0; ///< of store.db: tells a damaged number from a newer program's
    std::vector<Identity> identities; ///< oldest first

    friend bool operator==(IdentityCopy const&, IdentityCopy const&) = default;
};

bool is_reason_for_install(std::string_view text);

/// Nothing: there is none, or it is damaged.
std::optional<IdentityCopy> read_identity_copy(std::filesystem::path const& store);

/// In format 3 the rows of `identity` could not prove themselves: there it is an error that the copy
/// says something else. One of the two may have a further install. Errors: Corrupt, Io, Busy.
Result<> check_against_copy(sqlite::Database& database, std::filesystem::path const& store);

/// Reads `identity` and writes the copy. Errors: Full, Io, Busy, Corrupt: a row is not what was written,
/// so the copy stands.
Result<> copy_identities(sqlite::Database& database, std::filesystem::path const& store);

/// Writes it durably unless it says so already. Errors: Full, Io; the old one stands then.
Result<> write_identity_copy(std::filesystem::path const& store, IdentityCopy const& copy);

}

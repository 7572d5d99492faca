#pragma once

#include "platform/base/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

/// What a command leaves in a file for whoever holds agent.lock. Another one may be left at any moment,
/// so the holder first takes the file under a name of its own, NAME.adopting, and removes only that: what
/// comes later is never removed unread. A crash on the way leaves NAME.adopting, and the next take_pending()
/// gives it again, before a later one.
namespace listenpost::sync {

/// The oldest that is left; nothing: none is. `path`: as the command wrote it.
/// Errors: Full (longer than `max_bytes`), Io, also of one that may not be read; a later one replaces that.
Result<std::optional<std::string>> take_pending(std::filesystem::path const& path, std::size_t max_bytes);

/// What take_pending() gave is done with. Errors: Io.
Result<> finish_pending(std::filesystem::path const& path);

/// Something is left that nobody has finished.
bool is_pending(std::filesystem::path const& path);

}

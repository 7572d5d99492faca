#pragma once

#include "platform/base/result.h"

#include <filesystem>

namespace listenpost {

/// A command that root gives for another user's folder goes on as that user, for good: what it leaves there
/// must be that user's to read, write and remove. Nothing changes for who is not root, nor where the folder
/// is root's or not there. Before any thread begins.
/// Errors: Io; the process may be half way then, and should end.
Result<> act_as_owner(std::filesystem::path const& folder);

}

#pragma once

#include "kiosk/model/salvage_report.h"
#include "platform/base/result.h"

#include <filesystem>

namespace listenpost::kiosk {

/// Builds at `target`, which does not exist, a store.db with all that can be read of the damaged one
/// at `store`: responses with their seqs, the draft, installs, boot clocks, earlier reports. Adds
/// a new install, and `report` with its counts filled in. Durable when it returns, in one file.
/// Whose the responses are is taken from the copy beside store.db (IdentityCopy), from the file's
/// own rows, or from the marks in delivery.db, in this order; where none of them knows, they go
/// under the new install: the hub cannot have got them from a box that has lost all three.
/// Errors: Full, Io.
Result<SalvageReport> recover_store(
    std::filesystem::path const& store, std::filesystem::path const& target, SalvageReport report);

}

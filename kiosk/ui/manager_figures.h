#pragma once

#include "kiosk/export/export_drive.h"
#include "kiosk/store/delivery_figures.h"
#include "kiosk/summary/response_list.h"
#include "kiosk/summary/summary.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace listenpost::kiosk {

/// What there is to show of what ManagerView asks for. Nothing of it outlives the manager's visit.
struct ManagerFigures {
    std::shared_ptr<Summary const> summary; ///< null: not there yet
    std::shared_ptr<ResponsePage const> responses; ///< likewise
    std::shared_ptr<DeliveryFigures const> delivery; ///< likewise
    bool is_exporting = false;
    ExportProgress export_progress; ///< while it is
    std::optional<ExportResult> exported; ///< what came of the last export of this visit
    WallTime now {}; ///< by which ages are told
    bool is_catching_up = false; ///< the newest responses are not counted yet
    std::int64_t counted = 0;
    std::int64_t of = 0;
    bool is_failing = false; ///< they cannot be read; it is tried again by itself
};

}

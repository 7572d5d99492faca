#pragma once

#include "kiosk/store/response_store.h"
#include "kiosk/store/staff_marks.h"
#include "kiosk/summary/response_list.h"

#include <filesystem>

namespace listenpost::kiosk {

/// A page of the rows behind a figure of Delivery (`query.delivery`, which must be set): what
/// count_deliveries() counts, row by row, so that of the same two files `total` and `gone` together are that
/// figure. What the hub has and retention has removed is gone, and so is what was refused and is no longer
/// there. `delivery`: the agent's delivery.db; where it has never run all waits. Visits the seq of each row
/// of the figure (8 bytes each are held meanwhile), and reads those of the page. `marks` as of
/// list_responses(). Errors: Invalid (no such zone; store.db damaged; delivery.db damaged or of another
/// format), Busy, Io.
Result<ResponsePage> list_deliveries(std::filesystem::path const& delivery, ResponseReader& store,
    ResponseQuery const& query, StaffMarks const* marks = nullptr);

}

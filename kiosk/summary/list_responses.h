#pragma once

#include "kiosk/store/response_reader.h"
#include "kiosk/store/staff_marks.h"
#include "kiosk/summary/response_list.h"
#include "kiosk/summary/summary_file.h"

namespace listenpost::kiosk {

/// A page of the responses that fit a query: found in summary.db, read from store.db. Those that store.db no
/// longer has are left out. Visits every response of the period once; with `open_only` it also reads each
/// response that was ever dealt with, about 5 µs each, and on a box that was given another install, where one
/// of them is not what it was called, each that fits all else. `marks` as of their last refresh(); null:
/// nobody has marked any. Errors: Invalid (no such zone; a damaged store.db), SummaryFile's.
Result<ResponsePage> list_responses(
    SummaryFile& file, ResponseReader& store, ResponseQuery const& query, StaffMarks const* marks = nullptr);

}

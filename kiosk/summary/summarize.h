#pragma once

#include "kiosk/summary/summary.h"
#include "kiosk/summary/summary_file.h"

namespace listenpost::kiosk {

/// The figures of a query, from what summary.db has counted. Errors: Invalid (no such zone), SummaryFile's.
Result<Summary> summarize(SummaryFile& file, SummaryQuery const& query);

}

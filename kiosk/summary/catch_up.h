#pragma once

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/summary/summary_file.h"

namespace listenpost::kiosk {

struct CatchUpProgress {
    std::int64_t counted_up_to = 0; ///< seq
    std::int64_t last_seq = 0; ///< of store.db
    bool is_done() const { return counted_up_to >= last_seq; }
};

/// Brings summary.db up to store.db: counts at most `limit` further responses, in one transaction, and once
/// all are counted places anew what a boot's clock moves that has become known. Call it until it is done.
///
/// A response is counted once, in the quarter of an hour in which it was by all that its box noted
/// (place_on_box()). What became of it since:
///   moved    to another seq (ResponseStore::adopt()): stays counted, and is found under the new seq
///   removed  (retention): stays counted, for it was said; the lists no longer have it
///   placed   anew, when the clock of its boot became known or was put right
/// Rows of staff events are no responses.
///
/// Errors: Corrupt: summary.db is damaged, or of another store.db (another first install, a salvage, a copy
/// put back from a backup): remove it and begin anew. Invalid, also where store.db is damaged, which is the
/// kiosk's to mend; NotFound, Busy, Full, Io. After any of them `file` has to be opened anew.
Result<CatchUpProgress> catch_up(SummaryFile& file, ResponseReader& store, std::int64_t limit = 4'096);

}

#pragma once

#include "kiosk/model/boot_clock.h"
#include "kiosk/model/salvage_report.h"
#include "kiosk/store/identity_copy.h"
#include "platform/sqlite/raw_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// How much a recovered response is worth.
enum class RowProof {
    Checked, ///< its row_check is right
    Plausible, ///< of a format without row_check: every value is one that the kiosk writes
};

/// A row of `response`, which may be a staff event, as a damaged file holds it.
struct RecoveredResponse {
    std::int64_t seq = 0;
    RowProof proof = RowProof::Plausible;
    std::vector<sqlite::RawValue>
        values; ///< in the order of LISTENPOST_RESPONSE_COLUMNS, `event`, `comment_erased`

    /// All but the seq, for telling a response that was moved from two that are alike.
    std::string content() const;
};

/// A row of `identity`.
struct RecoveredIdentity {
    Identity identity;
    RowProof proof = RowProof::Plausible;
};

// Which table a page belongs to is not said in it: a row is told by its shape. Nothing: it is
// no row of that table, or it is damaged.

std::optional<RecoveredResponse> as_response(sqlite::RawRow const& row);
/// The values in the order of draft_columns, `flags` filled in where format 1 had none.
std::optional<std::vector<sqlite::RawValue>> as_draft(sqlite::RawRow const& row);
std::optional<RecoveredIdentity> as_identity(sqlite::RawRow const& row);
std::optional<BootClock> as_boot_clock(sqlite::RawRow const& row);
std::optional<SalvageReport> as_salvage_report(sqlite::RawRow const& row);

inline constexpr char draft_columns[]
    = "opened_ms, steady_ms, touched_steady_ms, clock_set, boot, survey, survey_version, touchpoint, lang, "
      "outcome, answers, comment, flags";

}

#pragma once

#include <cstdint>
#include <string_view>

namespace listenpost::kiosk {

/// A closed response as it stands in store.db, or a staff event, which has a row and a seq of the same
/// sequence. The views live until the next call of the reader.
struct StoredResponse {
    std::int64_t seq = 0;
    std::int64_t opened_ms = 0; ///< wall clock, UTC, as the box knew it
    std::int64_t took_ms = 0; ///< from the first tap to the closing
    std::int64_t steady_ms = 0; ///< of the first tap, within boot_id
    bool clock_set = false;
    std::string_view boot_id;
    std::string_view survey;
    std::int64_t survey_version = 0;
    std::string_view touchpoint;
    std::string_view language;
    std::string_view outcome; ///< complete | partial
    std::string_view closed_by; ///< finish | timeout | restart
    std::string_view answers; ///< JSON list, see to_json()
    std::string_view comment;
    std::string_view flags {}; ///< JSON list of broken misuse rules, see flags_to_json(); empty: none
    /// JSON, see StaffEvent; empty: a response. An event has its seq, when it was written (opened_ms,
    /// steady_ms, clock_set, boot_id) and this; all else is empty or 0: it must not be taken for what a
    /// customer said.
    std::string_view event {};
    bool comment_erased = false; ///< there was a comment, until head office had it erased

    bool has_comment() const { return !comment.empty() || comment_erased; }
    bool is_event() const { return !event.empty(); }
};

}

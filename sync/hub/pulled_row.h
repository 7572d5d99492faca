#pragma once

#include "platform/base/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// What a staff event says, as HQ's own table has it.
struct PulledEvent {
    std::string_view event;
    std::string_view of_install;
    std::int64_t of_seq = 0;
    std::string_view of_boot;
    std::int64_t of_steady_ms = 0;
    std::string_view state, by;
    std::string_view note; ///< empty: none
};

/// A response or a staff event as HQ's own tables have it, or what became of a response's text. Texts live
/// until the reader reads the next.
struct PulledRow {
    std::string_view install;
    std::int64_t seq = 0;
    std::string_view store, device;
    std::int64_t received_ms = 0;
    std::int64_t at_ms = 0;
    bool is_text_erased = false; ///< a person's words of that response are to go; all that follows is empty
    std::optional<PulledEvent> event; ///< nothing: a response; of an event all that follows is empty
    std::string_view survey;
    std::int64_t survey_version = 0;
    std::string_view touchpoint, lang, outcome, closed_by;
    std::int64_t took_ms = 0;
    std::optional<std::int64_t> quality, service, cleanliness; ///< scores, where they were given
    std::string_view comment; ///< empty: none
    std::string flags; ///< joined by ';'
    std::string_view line; ///< the whole, without its end
};

/// Takes the first line off a page that is not empty; without its end.
/// Errors: Invalid (no end: a whole page ends its last line).
Result<std::string_view> take_line(std::string_view& page);

/// Reads the lines of a page (NDJSON as PROTOCOL.md has it). Threads: one at a time.
class PulledRowReader {
public:
    PulledRowReader();
    ~PulledRowReader();

    /// `line` must live as long as the row. Errors: Invalid (no line of a hub).
    Result<PulledRow> read(std::string_view line);

private:
    struct Parser; // simdjson's
    std::unique_ptr<Parser> parser_;
};

}

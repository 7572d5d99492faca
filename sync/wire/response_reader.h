#pragma once

#include "kiosk/model/staff_event.h"
#include "sync/wire/batch_parser.h"
#include "sync/wire/digest.h"

#include <optional>
#include <simdjson.h>
#include <string>

namespace listenpost::sync {

/// Checks one response or staff event field by field against PROTOCOL.md's table.
/// Private to sync/wire: this header pulls in simdjson.
class ResponseReader {
public:
    /// Whose names a response may have: the log's rows, the hub's own too.
    enum class From { Box, Log };
    explicit ResponseReader(From from = From::Box)
        : from_(from)
    {
    }

    /// Fills `response` except raw_json. Errors: Invalid, when it has no usable `seq`.
    Result<> read(simdjson::dom::object object, ParsedResponse& response);
    /// Of what read() took last: its digest once its box has erased what was written in it.
    std::uint64_t digest_without_text(ParsedResponse const& response);

private:
    using Complaint = std::optional<std::string>;

    Complaint read_fields(simdjson::dom::object object, ParsedResponse& response);
    Complaint read_event(simdjson::dom::object object);
    Complaint check_answers(simdjson::dom::element value);
    Complaint check_answer(simdjson::dom::object answer);
    std::uint64_t digest_of(ParsedResponse const& response);
    void add_answers_to_digest(bool with_text);
    void add_event_to_digest(bool with_note);

    From from_;
    DigestBuilder digest_;
    // Of the response being read; they point into the parsed document.
    simdjson::dom::array answers_;
    bool is_without_answers_ = false; ///< an empty list, which stands there
    bool beyond_ratings_ = false; ///< some answer has choices, minutes or a text
    std::string_view comment_;
    kiosk::StaffEvent event_; ///< where it is one
};

}

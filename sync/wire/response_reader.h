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
    /// Fills `response` except raw_json. Errors: Invalid, when it has no usable `seq`.
    Result<> read(simdjson::dom::object object, ParsedResponse& response);

private:
    using Complaint = std::optional<std::string>;

    Complaint read_fields(simdjson::dom::object object, ParsedResponse& response);
    Complaint read_event(simdjson::dom::object object);
    Complaint check_answers(simdjson::dom::element value);
    Complaint check_answer(simdjson::dom::object answer);
    std::uint64_t digest_of(ParsedResponse const& response);
    void add_event_to_digest();

    DigestBuilder digest_;
    // Of the response being read; they point into the parsed document.
    simdjson::dom::array answers_;
    bool beyond_ratings_ = false; ///< some answer has choices, minutes or a text
    std::string_view comment_;
    kiosk::StaffEvent event_; ///< where it is one
};

}

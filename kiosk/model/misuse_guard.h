#pragma once

#include "kiosk/model/response.h"
#include "platform/base/clock.h"

#include <string>
#include <vector>

namespace listenpost::kiosk {

/// Notices responses that are play rather than opinion: a flag with its rule's name is
/// stored with them, they are kept, and scores leave them out by default.
/// Rules, their reasons and their measured false-flag rates: kiosk/model/MISUSE.md.
///
/// One for a box; told of every response from its first tap to its end. Pure: no clock,
/// no thread; remembers times only, nothing that anybody said.
class MisuseGuard {
public:
    /// The first tap of a response.
    void opened(SteadyTime now);
    /// A tap on a face; `first_page` is how many questions the first screen rates.
    void rated(std::vector<Answer> const& answers, int first_page, SteadyTime now);
    /// Anything that only somebody who reads does: a reason, a comment, a follow-up.
    void considered(SteadyTime now);
    /// It ended; `closed_by` as stored.
    void closed(ClosedBy closed_by, SteadyTime now);

    /// Of the response that is open now: rule names, each once, in a fixed order. May grow
    /// or shrink with each call above until it is closed.
    std::vector<std::string> flags() const;
};

}

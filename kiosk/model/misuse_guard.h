#pragma once

#include "kiosk/model/response.h"
#include "platform/base/clock.h"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// Where play begins; why there, and what other numbers would do: kiosk/model/MISUSE.md.
struct MisuseLimits {
    std::chrono::milliseconds repress_within {2'000}; ///< of a finish
    std::chrono::milliseconds burst_window {20'000};
    std::chrono::milliseconds straight_line_gap {200}; ///< from row to row, on average
    std::chrono::milliseconds hammer_window {2'000};
    int hammer_surplus = 12; ///< taps on faces beyond one for each question, at any speed
};

/// Notices responses that are play rather than opinion: a flag with its rule's name is
/// stored with them, they are kept, and scores leave them out by default.
/// Rules, their reasons and their measured false-flag rates: kiosk/model/MISUSE.md.
///
/// One for a box; told of every response from its first tap to its end. Pure: no clock,
/// no thread; remembers times only, nothing that anybody said.
class MisuseGuard {
public:
    explicit MisuseGuard(MisuseLimits limits = {});

    /// The first tap of a response; a tap on a face is told to rated() as well, after this.
    void opened(SteadyTime now);
    /// A tap on a face, also on the one that is chosen already; `answers` with that tap.
    /// `first_page` is how many questions the first screen rates.
    void rated(std::vector<Answer> const& answers, int first_page, SteadyTime now);
    /// Anything that only somebody who reads does: a reason, a comment, a follow-up.
    void considered(SteadyTime now);
    /// It ended; `closed_by` as stored.
    void closed(ClosedBy closed_by, SteadyTime now);

    /// Of the response that is open now: rule names, each once, in the order of the alphabet.
    /// May grow or shrink with each call above; empty while none is open, so ask before closed().
    std::vector<std::string> flags() const;

private:
    static constexpr std::size_t burst_responses = 6; ///< opened within burst_window
    static constexpr std::size_t hammer_taps = 8; ///< on faces, within hammer_window

    /// The last few times something happened, oldest overwritten first.
    template <std::size_t count>
    class Recent {
    public:
        void add(SteadyTime now) { times_[added_++ % count] = now; }
        void clear() { added_ = 0; }
        /// All of `count` happened since `now - window`.
        bool all_within(std::chrono::milliseconds window, SteadyTime now) const
        {
            return added_ >= count && now - times_[added_ % count] < window;
        }

    private:
        std::array<SteadyTime, count> times_ {};
        std::size_t added_ = 0;
    };

    /// Of the response that is open.
    struct Seen {
        SteadyTime first_rating {};
        int ratings = 0;
        bool burst = false;
        bool hammer = false;
        bool repress = false;
        bool straight_line = false;
        bool considered = false;
    };

    MisuseLimits limits_;
    std::optional<SteadyTime> finished_; ///< the last thank-you
    Recent<burst_responses> openings_;
    Recent<hammer_taps> ratings_;
    std::optional<Seen> seen_;
};

}

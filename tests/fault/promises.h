#pragma once

#include "kiosk/model/response.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::test {

/// What a fault program has found. All is well when the three counts are 0.
struct Findings {
    std::uint64_t lost = 0;
    std::uint64_t twice = 0;
    std::uint64_t stuck = 0;
    std::vector<std::string> details;

    bool none() const { return lost == 0 && twice == 0 && stuck == 0; }
    void add_lost(std::string detail);
    void add_twice(std::string detail);
    void add_stuck(std::string detail);
    void add(Findings const& others);
};

/// A response as it was found in a store or at a hub.
struct Said {
    std::string comment;
    std::string closed_by;
};

/// What a row of customers said, tap by tap, and what of it the box has taken: the screen went
/// on, or thanked. Each customer is known by the comment.
class Promises {
public:
    /// The next customer steps up; taps count from 1.
    void next_customer();
    /// What the draft is after the next tap.
    kiosk::Draft next_tap();
    /// save_draft() of the last tap has returned without an error.
    void tap_stored() { customers_.back().stored = customers_.back().tapped; }
    /// close_draft() has been called, or has returned without an error.
    void closing() { customers_.back().closing = true; }
    void thanked() { customers_.back().thanked = true; }

    std::size_t customers() const { return customers_.size(); }
    kiosk::Draft const& last_draft() const { return draft_; }

    /// Whoever was thanked is there once, with the last word; whoever left, or was cut off, once at
    /// most, with nothing less than what was taken; nobody else.
    void check(std::vector<Said> const& found, std::string_view where, Findings& findings) const;

private:
    struct Customer {
        int tapped = 0;
        int stored = 0;
        bool closing = false;
        bool thanked = false;
    };
    std::vector<Customer> customers_;
    kiosk::Draft draft_;
};

}

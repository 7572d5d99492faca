#pragma once

#include "kiosk/model/response.h"
#include "kiosk/model/staff_event.h"
#include "kiosk/model/stored_response.h"

#include <cstdint>
#include <optional>
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

/// A response or a staff event as it was found in a store or at a hub.
struct Said {
    std::string comment; ///< of an event its note
    std::string closed_by;
    std::string content; ///< all but its number, as the wire has it
};
Said said_in(kiosk::StoredResponse const& response);
/// Of a line of the hub's log. Nothing: it is no response.
std::optional<Said> said_in_json(std::string_view json);

/// Whose it is, counted from 0. Nothing: nobody's that Promises knows.
std::optional<std::size_t> customer_in(Said const& said);

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

    /// What staff does next; each event is known by its note.
    kiosk::StaffEvent next_event();
    static Stamp moment_of_event(std::size_t number);
    /// add_event() of the last one has returned without an error.
    void event_kept() { events_.back().kept = true; }
    std::size_t events() const { return events_.size(); }

    /// It stood where a disk was damaged: it may be missing from now on, or be there as it was after an
    /// earlier tap. Counts from 0.
    void may_be_lost(std::size_t customer) { customers_[customer].may_be_lost = true; }

    bool was_cut_off(std::size_t customer) const { return !customers_[customer].closing; }

    std::size_t customers() const { return customers_.size(); }
    kiosk::Draft const& last_draft() const { return draft_; }

    /// Whoever was thanked is there once, with the last word; whoever left, or was cut off, once at
    /// most, with nothing less than what was taken; nobody else. A staff event that was kept is there once,
    /// another once at most. What each said is unchanged to the byte.
    void check(std::vector<Said> const& found, std::string_view where, Findings& findings) const;

private:
    struct Customer {
        int tapped = 0;
        int stored = 0;
        bool closing = false;
        bool thanked = false;
        bool may_be_lost = false;
    };
    struct Event {
        bool kept = false;
        int times = 0; ///< in check()
    };
    void check_event(
        Said const& said, std::string_view where, std::vector<Event>& events, Findings& findings) const;

    std::vector<Customer> customers_;
    std::vector<Event> events_;
    kiosk::Draft draft_;
};

}

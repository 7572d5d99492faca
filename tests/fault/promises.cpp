#include "tests/fault/promises.h"

#include "sync/wire/batch_writer.h"
#include "tests/support/sample_responses.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace listenpost::test {
namespace {

std::string comment_of(std::size_t customer, int tap)
{
    // Of every length up to what fills pages, so that they split and overflow.
    std::string text = "customer " + std::to_string(customer) + " tap " + std::to_string(tap) + ' ';
    for (std::size_t i = 0; i < customer * 37 % 130; ++i)
        text += "慢";
    return text;
}

/// No two customers are alike, as on a box.
kiosk::Draft draft_of(std::size_t customer, int tap)
{
    auto const number = static_cast<std::int64_t>(customer);
    auto draft = sample_draft();
    draft.opened = stamp_at(5'000 + number * 20'000, 1'790'000'000'000 + number * 20'000);
    draft.touched = draft.opened.steady + std::chrono::seconds(tap);
    draft.answers[0].score = static_cast<int>(1 + number % 5);
    draft.comment = comment_of(customer, tap);
    return draft;
}

/// What that draft becomes, once it is closed.
std::string content_of(kiosk::Draft const& draft, std::string_view closed_by)
{
    std::string const answers = kiosk::to_json(draft.answers);
    kiosk::StoredResponse response;
    response.opened_ms = draft.opened.wall.time_since_epoch().count();
    response.took_ms = (draft.touched - draft.opened.steady).count();
    response.steady_ms = draft.opened.steady.time_since_epoch().count();
    response.clock_set = draft.opened.wall_is_set;
    response.boot_id = draft.opened.boot_id;
    response.survey = draft.survey;
    response.survey_version = draft.survey_version;
    response.touchpoint = draft.touchpoint;
    response.language = draft.language;
    response.outcome = kiosk::name(kiosk::Outcome::Partial);
    response.closed_by = closed_by;
    response.answers = answers;
    response.comment = draft.comment;
    return said_in(response).content;
}

}

namespace {

std::string note_of(std::size_t number) { return "event " + std::to_string(number) + " of staff"; }

kiosk::StaffEvent event_number(std::size_t number)
{
    auto const about = static_cast<std::int64_t>(number);
    return {.of = {"0123456789abcdef0123456789abcdef", about, "b1", 5'000 + about},
        .state = number % 2 == 0 ? kiosk::CommentState::Seen : kiosk::CommentState::DealtWith,
        .by = "LW",
        .note = note_of(number)};
}

std::string content_of_event(std::size_t number)
{
    auto const moment = Promises::moment_of_event(number);
    std::string const event = kiosk::event_to_json(event_number(number));
    kiosk::StoredResponse row;
    row.opened_ms = moment.wall.time_since_epoch().count();
    row.steady_ms = moment.steady.time_since_epoch().count();
    row.clock_set = moment.wall_is_set;
    row.boot_id = moment.boot_id;
    row.event = event;
    return said_in(row).content;
}

}

Said said_in(kiosk::StoredResponse const& response)
{
    sync::BatchWriter writer;
    writer.begin("", Stamp {});
    writer.add(response);
    auto const batch = nlohmann::json::parse(writer.finish(), nullptr, false);
    // Answers that are no JSON any more spoil the batch: then they are what differs.
    auto said = batch.is_object() ? said_in_json(batch["responses"][0].dump()) : std::nullopt;
    return said.value_or(Said {std::string(response.comment), std::string(response.closed_by),
        "answers: " + std::string(response.answers)});
}

std::optional<Said> said_in_json(std::string_view text)
{
    auto response = nlohmann::json::parse(text, nullptr, false);
    if (!response.is_object())
        return std::nullopt;
    response.erase("seq");
    char const* const known_by = response.contains("event") ? "note" : "comment";
    return Said {response.value(known_by, ""), response.value("closed_by", ""), response.dump()};
}

std::optional<std::size_t> customer_in(Said const& said)
{
    unsigned number = 0;
    if (std::sscanf(said.comment.c_str(), "customer %u tap", &number) != 1 || number == 0)
        return std::nullopt;
    return number - 1;
}

void Findings::add_lost(std::string detail)
{
    ++lost;
    details.push_back("lost: " + std::move(detail));
}

void Findings::add_twice(std::string detail)
{
    ++twice;
    details.push_back("double: " + std::move(detail));
}

void Findings::add_stuck(std::string detail)
{
    ++stuck;
    details.push_back("stuck: " + std::move(detail));
}

void Findings::add(Findings const& others)
{
    lost += others.lost;
    twice += others.twice;
    stuck += others.stuck;
    details.insert(details.end(), others.details.begin(), others.details.end());
}

void Promises::next_customer() { customers_.emplace_back(); }

kiosk::Draft Promises::next_tap()
{
    auto& customer = customers_.back();
    ++customer.tapped;
    draft_ = draft_of(customers_.size(), customer.tapped);
    return draft_;
}

Stamp Promises::moment_of_event(std::size_t number)
{
    auto const moment = static_cast<std::int64_t>(number) * 20'000 + 15'000;
    return stamp_at(moment, 1'790'000'000'000 + moment);
}

kiosk::StaffEvent Promises::next_event()
{
    events_.emplace_back();
    return event_number(events_.size());
}

void Promises::check_event(
    Said const& said, std::string_view where, std::vector<Event>& events, Findings& findings) const
{
    unsigned number = 0;
    if (std::sscanf(said.comment.c_str(), "event %u of", &number) != 1 || number < 1 || number > events.size()
        || said.comment != note_of(number)) {
        findings.add_lost(std::string(where) + ": an event that nobody wrote: " + said.comment);
        return;
    }
    ++events[number - 1].times;
    if (said.content != content_of_event(number))
        findings.add_lost(
            std::string(where) + ": event " + std::to_string(number) + " is said to say " + said.content);
}

void Promises::check(std::vector<Said> const& found, std::string_view where, Findings& findings) const
{
    std::vector<int> times(customers_.size());
    auto events = events_;
    for (auto const& said : found) {
        if (said.comment.starts_with("event ")) {
            check_event(said, where, events, findings);
            continue;
        }
        unsigned number = 0;
        int tap = 0;
        bool const known = std::sscanf(said.comment.c_str(), "customer %u tap %d", &number, &tap) == 2
            && number >= 1 && number <= customers_.size() && said.comment == comment_of(number, tap);
        std::string const who = std::string(where) + ": customer " + std::to_string(number);
        if (!known) {
            findings.add_lost(std::string(where) + ": a response that nobody gave: " + said.comment);
            continue;
        }
        auto const& customer = customers_[number - 1];
        ++times[number - 1];
        if (said.content != content_of(draft_of(number, tap), said.closed_by))
            findings.add_lost(who + " is said to have said " + said.content);
        if (tap > customer.tapped)
            findings.add_lost(who + " never made tap " + std::to_string(tap));
        if (customer.may_be_lost)
            continue;
        if (tap < customer.stored)
            findings.add_lost(who + " lost tap " + std::to_string(tap + 1));
        if (customer.thanked && said.closed_by != "finish")
            findings.add_lost(who + " was thanked, but counts as closed by " + said.closed_by);
        if (!customer.closing && said.closed_by != "restart")
            findings.add_lost(who + " has not finished, but counts as closed by " + said.closed_by);
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
        std::string const what = std::string(where) + ": event " + std::to_string(i + 1);
        if (events[i].kept && events[i].times == 0)
            findings.add_lost(what + " was kept and is missing");
        if (events[i].times > 1)
            findings.add_twice(what + " is there " + std::to_string(events[i].times) + " times");
    }
    for (std::size_t i = 0; i < customers_.size(); ++i) {
        std::string const who = std::string(where) + ": customer " + std::to_string(i + 1);
        if (times[i] == 0 && !customers_[i].may_be_lost
            && (customers_[i].stored > 0 || customers_[i].thanked))
            findings.add_lost(
                who + (customers_[i].thanked ? " was thanked" : " was cut off") + " and is missing");
        if (times[i] > 1)
            findings.add_twice(who + " is there " + std::to_string(times[i]) + " times");
    }
}

}

#include "kiosk/flow/manager_flow.h"

#include "platform/base/wipe.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t pin_length = 6;

int whole_seconds(milliseconds span)
{
    return static_cast<int>(
        std::max(milliseconds::zero(), span + milliseconds(999)) / std::chrono::seconds(1));
}

bool is_about_pin(ManagerRequest const& request)
{
    return std::holds_alternative<manager_request::LookAtPin>(request)
        || std::holds_alternative<manager_request::JudgePin>(request);
}

/// Of Details: what hurts first.
ListFilter comments()
{
    ListFilter filter;
    filter.with_comment_only = true;
    filter.with_flagged = true; // they are marked as such; what was written is worth reading
    filter.lowest_first = true;
    return filter;
}

bool is_answer(ManagerEvent const& event)
{
    return std::holds_alternative<manager_event::PinLooked>(event)
        || std::holds_alternative<manager_event::PinJudged>(event)
        || std::holds_alternative<manager_event::PinFailed>(event);
}

}

char const* name(ManagerScreen screen)
{
    switch (screen) {
    case ManagerScreen::Closed:
        return "closed";
    case ManagerScreen::Pin:
        return "manager_pin";
    case ManagerScreen::Overview:
        return "manager_overview";
    case ManagerScreen::Details:
        return "manager_details";
    case ManagerScreen::Distribution:
        return "manager_distribution";
    case ManagerScreen::Delivery:
        return "manager_delivery";
    case ManagerScreen::Responses:
        return "manager_responses";
    case ManagerScreen::Mark:
        return "manager_mark";
    case ManagerScreen::MarkInitials:
        return "manager_mark_initials";
    case ManagerScreen::MarkNote:
        return "manager_mark_note";
    }
    return "unknown";
}

ResponseQuery list_query(ListFilter const& list, SummaryQuery of)
{
    ResponseQuery query;
    query.of = std::move(of);
    query.day = list.day;
    query.weekday = list.weekday;
    if (list.hours)
        query.hours = {list.hours->first, list.hours->second};
    query.question = list.question;
    query.reason = list.reason;
    query.choice = list.choice;
    if (list.minutes)
        query.minutes = {list.minutes->first, list.minutes->second};
    query.lowest_score = list.lowest_score;
    query.highest_score = list.highest_score;
    query.low_only = list.low_only;
    query.with_comment_only = list.with_comment_only;
    query.with_flagged = list.with_flagged;
    query.open_only = list.open_only;
    query.kind = list.kind;
    query.delivery = list.delivery;
    query.order = list.lowest_first ? ResponseOrder::LowestScoreFirst : ResponseOrder::NewestFirst;
    query.offset = list.offset;
    query.limit = listed_at_once;
    return query;
}

ManagerFlow::ManagerFlow(Survey const& survey, Typing typing, ManagerTimes times)
    : language_(survey.languages.front())
    , times_(times)
    , texts_(survey, typing)
{
}

std::vector<ManagerRequest> ManagerFlow::handle(ManagerEvent const& event, SteadyTime now)
{
    Requests requests;
    // Whatever comes after the minute comes from somebody else, also where no tick came in time.
    if (view_.is_open() && now - touched_ >= times_.idle)
        close();
    bool const opens = std::holds_alternative<manager_event::Opened>(event);
    if (!(is_answer(event) && is_answer_for_another()) && (view_.is_open() || opens))
        std::visit([&](auto const& each) { on(each, now, requests); }, event);
    unanswered_ += static_cast<int>(std::ranges::count_if(requests, is_about_pin));
    refresh(now);
    return requests;
}

std::optional<SteadyTime> ManagerFlow::next_tick() const
{
    if (!view_.is_open())
        return std::nullopt;
    SteadyTime const end = touched_ + times_.idle;
    if (!locked_until_)
        return end;
    return std::min(end, *locked_until_ - std::chrono::seconds(std::max(0, view_.pin.seconds_left - 1)));
}

/// Somebody who left, or was made to, is not let in by an answer that comes late; nor is who comes next.
bool ManagerFlow::is_answer_for_another()
{
    if (unanswered_ == 0)
        return true;
    --unanswered_;
    return outdated_ > 0 && outdated_-- > 0;
}

bool ManagerFlow::takes_input() const { return touched_ >= shown_ + times_.guard; }

void ManagerFlow::show(ManagerScreen screen, SteadyTime now)
{
    view_.screen = screen;
    view_.is_choosing_aids = false;
    shown_ = now;
    if (!is_marking())
        parts_[static_cast<std::size_t>(ManagerScreen::Mark)] = 0; // of the next response
    show_part(parts_[static_cast<std::size_t>(screen)]);
}

void ManagerFlow::show_part(std::size_t part)
{
    parts_[static_cast<std::size_t>(view_.screen)] = part;
    view_.part = part;
}

void ManagerFlow::close()
{
    forget_mark();
    list_is_stale_ = false;
    unkept_.clear(); // they are written nevertheless
    wipe(initials_);
    view_ = {};
    parts_ = {};
    forget_digits();
    locked_until_.reset();
    outdated_ = unanswered_;
}

void ManagerFlow::forget_digits()
{
    wipe(pin_); // and not only the count of them
}

/// Derives what the view says from what is known.
void ManagerFlow::refresh(SteadyTime now)
{
    if (locked_until_ && now >= *locked_until_) {
        locked_until_.reset();
        view_.pin.note = PinNote::None;
    }
    view_.pin.digits = pin_.size();
    view_.pin.seconds_left = locked_until_ ? whole_seconds(*locked_until_ - now) : 0;
    if (is_marking())
        refresh_mark();
}

void ManagerFlow::on(manager_event::Opened const& event, SteadyTime now, Requests& requests)
{
    if (view_.is_open())
        return;
    view_.aids = event.aids;
    view_.language = language_;
    view_.pin.is_busy = true;
    touched_ = now;
    show(ManagerScreen::Pin, now);
    requests.emplace_back(manager_request::LookAtPin {});
}

void ManagerFlow::on(manager_event::AidsOpened const&, SteadyTime, Requests&)
{
    if (is_inside() && takes_input())
        view_.is_choosing_aids = true;
}

void ManagerFlow::on(manager_event::AidsClosed const&, SteadyTime, Requests&)
{
    view_.is_choosing_aids = false;
}

void ManagerFlow::on(manager_event::AidToggled const& event, SteadyTime, Requests&)
{
    if (!view_.is_choosing_aids)
        return;
    switch (event.access) {
    case Access::Contrast:
        view_.aids.high_contrast = !view_.aids.high_contrast;
        return;
    case Access::Large:
        view_.aids.large_text = !view_.aids.large_text;
        return show_part(0);
    case Access::LowReach:
    case Access::Speech:
        return; // the manager's screens know neither
    }
}

void ManagerFlow::take_pin_state(PinState const& state, SteadyTime now)
{
    view_.pin.is_busy = false;
    view_.pin.wrong = state.wrong;
    view_.pin.seconds_of = whole_seconds(state.wait);
    if (!state.is_set) {
        view_.pin.note = PinNote::NotSet;
    } else if (state.left > milliseconds::zero()) {
        view_.pin.note = PinNote::Locked;
        locked_until_ = now + state.left;
    } else {
        view_.pin.note = PinNote::None;
    }
}

void ManagerFlow::on(manager_event::PinLooked const& event, SteadyTime now, Requests&)
{
    if (asks_for_pin())
        take_pin_state(event.state, now);
}

void ManagerFlow::on(manager_event::PinJudged const& event, SteadyTime now, Requests& requests)
{
    if (!asks_for_pin())
        return;
    take_pin_state(event.judgement.state, now);
    if (event.judgement.verdict == PinVerdict::Right) {
        show(ManagerScreen::Overview, now);
        return ask(requests);
    }
    if (event.judgement.verdict == PinVerdict::Wrong && view_.pin.note == PinNote::None)
        view_.pin.note = PinNote::Wrong;
}

void ManagerFlow::on(manager_event::PinFailed const&, SteadyTime, Requests&)
{
    if (!asks_for_pin())
        return;
    view_.pin.is_busy = false;
    view_.pin.note = PinNote::Failed;
}

void ManagerFlow::on(manager_event::DigitPressed const& event, SteadyTime, Requests& requests)
{
    if (!asks_for_pin() || !view_.pin.takes_digits() || !takes_input())
        return;
    view_.pin.note = PinNote::None;
    pin_.push_back(static_cast<char>('0' + event.digit));
    if (pin_.size() < pin_length)
        return;
    view_.pin.is_busy = true;
    requests.emplace_back(manager_request::JudgePin {pin_});
    forget_digits();
}

void ManagerFlow::on(manager_event::DigitRemoved const&, SteadyTime, Requests&)
{
    if (asks_for_pin() && view_.pin.takes_digits() && takes_input() && !pin_.empty())
        pin_.pop_back();
}

void ManagerFlow::on(manager_event::PinCleared const&, SteadyTime, Requests&)
{
    if (asks_for_pin() && view_.pin.takes_digits() && takes_input())
        forget_digits();
}

/// For what the screen shows.
void ManagerFlow::ask(Requests& requests) const
{
    if (view_.screen == ManagerScreen::Responses)
        requests.emplace_back(manager_request::AskResponses {view_.period, view_.list});
    else
        requests.emplace_back(manager_request::AskFigures {view_.period});
    if (tells_of_delivery())
        requests.emplace_back(manager_request::AskDelivery {});
    if (view_.screen == ManagerScreen::Details)
        requests.emplace_back(manager_request::AskResponses {view_.period, comments()});
}

void ManagerFlow::on(manager_event::PeriodChosen const& event, SteadyTime now, Requests& requests)
{
    if (!is_inside() || !takes_input())
        return;
    view_.period = event.period;
    view_.list.offset = 0;
    view_.list.day.reset(); // a day of the other period
    if (tells_of_delivery())
        show(ManagerScreen::Overview, now); // what has arrived has no period
    if (view_.screen
        == ManagerScreen::Responses) // whose header has the period's figures, and where `back` leads
        requests.emplace_back(manager_request::AskFigures {view_.period});
    ask(requests);
}

void ManagerFlow::on(manager_event::ViewChosen const& event, SteadyTime now, Requests& requests)
{
    bool const is_view = event.screen == ManagerScreen::Overview || event.screen == ManagerScreen::Details
        || event.screen == ManagerScreen::Distribution || event.screen == ManagerScreen::Delivery;
    if (!is_inside() || !takes_input() || !is_view)
        return;
    if (event.screen != view_.screen)
        show(event.screen, now);
    view_.questions_page = 0;
    view_.weekday.reset();
    show_part(0);
    ask(requests);
}

void ManagerFlow::on(manager_event::WeekdayChosen const& event, SteadyTime now, Requests&)
{
    if (view_.screen != ManagerScreen::Details || !takes_input())
        return;
    view_.weekday = event.weekday;
    shown_ = now; // other things stand where the finger is
    if (view_.weekday)
        show_part(1); // where its hours are
}

void ManagerFlow::on(manager_event::PartTurned const& event, SteadyTime now, Requests&)
{
    if (!(is_inside() || view_.screen == ManagerScreen::Mark) || !takes_input())
        return;
    show_part(event.part);
    shown_ = now;
}

void ManagerFlow::on(manager_event::QuestionsTurned const& event, SteadyTime now, Requests&)
{
    if (view_.screen != ManagerScreen::Distribution || !takes_input())
        return;
    view_.questions_page = event.page;
    shown_ = now; // other bars stand where the finger is
}

void ManagerFlow::on(manager_event::ExportPressed const& event, SteadyTime, Requests& requests)
{
    if (is_inside() && takes_input())
        requests.emplace_back(manager_request::Export {view_.period, event.drive});
}

void ManagerFlow::on(manager_event::ExportDismissed const&, SteadyTime, Requests& requests)
{
    if (is_inside())
        requests.emplace_back(manager_request::ForgetExport {});
}

void ManagerFlow::on(manager_event::ListChosen const& event, SteadyTime now, Requests& requests)
{
    if (!is_inside() || !takes_input())
        return;
    view_.list = event.list;
    if (view_.screen != ManagerScreen::Responses) {
        before_list_ = view_.screen;
        show(ManagerScreen::Responses, now);
    }
    show_part(event.part);
    ask(requests);
}

void ManagerFlow::on(manager_event::WentBack const&, SteadyTime now, Requests& requests)
{
    if (!takes_input())
        return;
    if (std::exchange(view_.is_choosing_aids, false))
        return;
    if (is_typing())
        return close_text(now);
    if (view_.screen == ManagerScreen::Mark) {
        leave_mark(now);
        if (std::exchange(list_is_stale_, false))
            ask(requests);
        return;
    }
    if (view_.screen != ManagerScreen::Responses)
        return close();
    show(before_list_, now);
    ask(requests);
}

void ManagerFlow::on(manager_event::Touched const&, SteadyTime now, Requests&) { touched_ = now; }

/// handle() has closed it already, if that was due.
void ManagerFlow::on(manager_event::Tick const&, SteadyTime, Requests&) { }

}

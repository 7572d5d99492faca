#include "kiosk/flow/flow.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

using std::chrono::milliseconds;

/// A tick may come late on a busy machine, but never so late.
constexpr std::chrono::minutes longest_delay {1};

std::string const outside_hours = "outside_hours";

/// Whole seconds from `now` until `end`, rounded up: a countdown shows 1 in its last second.
int seconds_left(SteadyTime end, SteadyTime now)
{
    return static_cast<int>(
        std::max(milliseconds::zero(), end - now + milliseconds(999)) / std::chrono::seconds(1));
}

}

char const* name(Screen screen)
{
    switch (screen) {
    case Screen::Attract:
        return "attract";
    case Screen::Rate:
        return "rate";
    case Screen::Reasons:
        return "reasons";
    case Screen::FollowUp:
        return "follow_up";
    case Screen::Comment:
        return "comment";
    case Screen::Thanks:
        return "thanks";
    case Screen::TimeoutWarning:
        return "timeout";
    case Screen::OutOfService:
        return "out_of_service";
    }
    return "unknown";
}

Flow::Flow(Survey const& survey, std::string touchpoint, Typing typing, SteadyTime started, FlowTimes times)
    : survey_(survey)
    , touchpoint_(std::move(touchpoint))
    , times_(times)
    , texts_(survey, typing)
{
    start_over(SteadyTime::min()); // there was no screen before that a finger could have been aimed at
    touched_ = started;
    refresh(started);
}

std::vector<DraftWrite> Flow::handle(Event const& event, Stamp const& now)
{
    Writes writes;
    // The box was suspended: whoever wakes it is another customer.
    if (auto const end = deadline(); end && now.steady - *end > longest_delay && !is_untouched())
        leave_unthanked(now, writes);
    std::visit([&](auto const& each) { on(each, now, writes); }, event);
    refresh(now.steady);
    return writes;
}

std::optional<SteadyTime> Flow::next_tick() const
{
    auto const end = deadline();
    if (!view_.countdown || !end)
        return end;
    // The number on the screen changes once a second.
    return *end - std::chrono::seconds(std::max(0, *view_.countdown - 1));
}

/// Who has begun to write thinks longer than who only taps.
milliseconds Flow::patience() const
{
    bool const writes = !view_.editor.text.empty() || texts_.is_composing();
    return writes ? std::max(times_.typing, times_.idle) : times_.idle;
}

/// When the present screen ends by itself.
std::optional<SteadyTime> Flow::deadline() const
{
    switch (view_.screen) {
    case Screen::Attract:
        return shown_ + times_.drift * (view_.drift + 1);
    case Screen::TimeoutWarning:
        return shown_ + times_.warning;
    case Screen::Thanks:
        return shown_ + times_.thanks;
    case Screen::OutOfService:
    case Screen::Rate:
    case Screen::Reasons:
    case Screen::FollowUp:
    case Screen::Comment:
        break;
    }
    if (is_untouched()) {
        if (view_.screen == Screen::OutOfService)
            return std::nullopt;
        return std::max(touched_, shown_) + times_.attract;
    }
    SteadyTime const idle = touched_ + patience();
    if (waits_for_disk())
        return idle + times_.warning; // there is nothing to ask the customer meanwhile
    return settles_ ? std::min(*settles_, idle) : idle;
}

bool Flow::waits_for_disk() const { return view_.saving || view_.screen == Screen::OutOfService; }

bool Flow::is_untouched() const
{
    return !has_begun() && view_.panel == Panel::None && view_.language == survey_.languages.front()
        && !view_.high_contrast && !view_.large_text && !view_.low_reach && !view_.spoken;
}

bool Flow::takes_any_input() const
{
    // What counts is when the finger came down, for that is when it was aimed.
    return !view_.saving && (shown_ == SteadyTime::min() || touched_ >= shown_ + times_.guard);
}

bool Flow::takes_input(Screen screen) const
{
    return view_.screen == screen && view_.panel == Panel::None && takes_any_input();
}

void Flow::show(Screen screen, SteadyTime now)
{
    view_.screen = screen;
    view_.panel = Panel::None;
    shown_ = now;
    settles_.reset();
}

void Flow::start_over(SteadyTime now, Screen screen)
{
    view_ = View {};
    view_.language = survey_.languages.front();
    texts_.reset(view_.language);
    saved_ = {};
    before_.clear();
    awaited_revision_ = 0;
    show(screen, now);
}

/// Derives what View says twice from what it says once.
void Flow::refresh(SteadyTime now)
{
    view_.shop_is_open = shop_is_open_;
    view_.can_go_back = !before_.empty();
    view_.editor = texts_.view();
    view_.phrases_chosen.clear();
    view_.phrases_fit.clear();
    for (std::size_t index = 0; index < survey_.phrases.size(); ++index) {
        bool const is_chosen = texts_.has_phrase(index, view_.language);
        view_.phrases_chosen.push_back(is_chosen);
        view_.phrases_fit.push_back(is_chosen || texts_.has_room_for_phrase(index, view_.language));
    }
    view_.low_questions.clear();
    view_.unrated = 0;
    for (std::size_t index = 0; index < survey_.first_page(); ++index) {
        auto const& question = survey_.questions[index];
        Answer const* const answer = std::as_const(view_.draft).find(question.id);
        if (!answer || !answer->score)
            ++view_.unrated;
        else if (question.asks_reasons_for(*answer->score))
            view_.low_questions.push_back(question.id);
    }
    view_.countdown.reset();
    view_.countdown_of = 0;
    if (view_.screen == Screen::TimeoutWarning || view_.screen == Screen::Thanks) {
        auto const whole = view_.screen == Screen::Thanks ? times_.thanks : times_.warning;
        view_.countdown = seconds_left(shown_ + whole, now);
        view_.countdown_of = seconds_left(SteadyTime(whole), SteadyTime {});
    }
}

/// An answer is kept only while its question is asked: who goes back and changes a score
/// takes with it what followed from it.
void Flow::drop_unasked()
{
    for (auto const& question : survey_.questions) {
        if (!question.when || question.when->holds(view_.draft.answers))
            continue;
        std::erase_if(view_.draft.answers, [&](Answer const& each) { return each.question == question.id; });
        texts_.clear(question.id);
    }
}

/// What is written becomes an answer whenever it can be kept: also words that were still
/// being composed when the screen was left, and a number that was whole only then.
void Flow::take_texts(Stamp const& now)
{
    view_.draft.comment = texts_.to_store(TextEditor::comment);
    if (!has_begun())
        return;
    for (auto const& question : survey_.questions) {
        if (question.kind != QuestionKind::Text)
            continue;
        if (std::string text = texts_.to_store(question.id); !text.empty())
            answer_to(question.id, now).text = std::move(text);
        else
            std::erase_if(
                view_.draft.answers, [&](Answer const& each) { return each.question == question.id; });
    }
}

void Flow::save(Stamp const& now, Writes& writes)
{
    drop_unasked();
    take_texts(now);
    refresh(now.steady);
    view_.draft.touched = now.steady;
    view_.draft.flags = guard_.flags();
    if (!shop_is_open_) {
        auto& flags = view_.draft.flags;
        flags.insert(std::ranges::upper_bound(flags, outside_hours), outside_hours);
    }
    saved_ = view_.draft;
    writes.push_back(
        SaveDraft {++last_revision_, view_.draft, view_.unrated == 0 ? Outcome::Complete : Outcome::Partial});
}

void Flow::save_if_changed(Stamp const& now, Writes& writes)
{
    drop_unasked();
    take_texts(now);
    if (view_.draft != saved_)
        save(now, writes);
}

void Flow::close(ClosedBy closed_by, Stamp const& now, Writes& writes)
{
    // What was still being written is whole now.
    texts_.close();
    save_if_changed(now, writes);
    guard_.closed(closed_by, now.steady);
    writes.push_back(CloseDraft {++last_revision_, closed_by, now.steady});
    if (closed_by == ClosedBy::Timeout)
        return start_over(now.steady);
    // Thanks are a promise: they wait for the disk.
    awaited_revision_ = last_revision_;
    view_.saving = true;
    settles_.reset();
}

/// The customer has gone and nobody was thanked: whoever comes next must not meet this
/// screen, nor thanks for somebody else when a slow disk answers at last.
void Flow::leave_unthanked(Stamp const& now, Writes& writes)
{
    Screen const left = view_.screen;
    bool const is_closed = view_.saving || left == Screen::Thanks;
    if (has_begun() && !is_closed)
        close(ClosedBy::Timeout, now, writes);
    else
        start_over(now.steady);
    if (left == Screen::OutOfService)
        show(Screen::OutOfService, now.steady);
}

void Flow::on(event::Touched const&, Stamp const& now, Writes&)
{
    touched_ = now.steady;
    if (view_.screen == Screen::Attract)
        return start_over(now.steady);
    // A finger on the screen is still deciding: the screen does not go on under it.
    if (settles_)
        settles_ = std::max(*settles_, now.steady + times_.settle_low);
}

void Flow::on(event::Tick const&, Stamp const& now, Writes& writes)
{
    auto const end = deadline();
    if (!end || now.steady < *end)
        return;
    switch (view_.screen) {
    case Screen::Attract:
        view_.drift = static_cast<int>((now.steady - shown_) / times_.drift);
        return;
    case Screen::TimeoutWarning:
        return close(ClosedBy::Timeout, now, writes);
    case Screen::Thanks:
        return start_over(now.steady);
    case Screen::OutOfService:
    case Screen::Rate:
    case Screen::Reasons:
    case Screen::FollowUp:
    case Screen::Comment:
        break;
    }
    if (is_untouched())
        return start_over(now.steady, Screen::Attract);
    if (waits_for_disk())
        return leave_unthanked(now, writes);
    if (settles_ && now.steady >= *settles_)
        return go_on(now, writes);
    if (!has_begun())
        return start_over(now.steady); // only the language or an aid was touched
    view_.behind = view_.screen;
    show(Screen::TimeoutWarning, now.steady);
}

void Flow::on(event::Stored const& event, Stamp const& now, Writes&)
{
    if (view_.screen == Screen::OutOfService && event.revision >= last_revision_) {
        touched_ = now.steady;
        show(view_.behind, now.steady);
    }
    if (awaited_revision_ == 0 || event.revision < awaited_revision_ || view_.screen == Screen::OutOfService)
        return;
    awaited_revision_ = 0;
    view_.saving = false;
    show(Screen::Thanks, now.steady);
}

void Flow::on(event::StoreFailed const&, Stamp const& now, Writes&)
{
    if (view_.screen == Screen::OutOfService)
        return;
    // What was promised with a thank-you is on disk already; all else waits with the customer.
    if (view_.screen == Screen::Thanks || view_.screen == Screen::Attract)
        start_over(now.steady);
    if (view_.screen != Screen::TimeoutWarning)
        view_.behind = view_.screen;
    show(Screen::OutOfService, now.steady);
}

/// The language and the aids were theirs; who comes after them has the ordinary screen.
void Flow::on(event::StaffCame const&, Stamp const& now, Writes& writes)
{
    if (nobody_has_begun(view_))
        leave_unthanked(now, writes);
}

void Flow::on(event::OpeningChanged const& event, Stamp const&, Writes&) { shop_is_open_ = event.is_open; }

}

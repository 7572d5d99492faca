#include "kiosk/flow/flow.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

using std::chrono::milliseconds;

/// A tick may come late on a busy machine, but never so late.
constexpr std::chrono::minutes longest_delay {1};

/// Whole seconds from `now` until `end`, rounded up: a countdown shows 1 in its last second.
int seconds_left(SteadyTime end, SteadyTime now)
{
    return static_cast<int>(
        std::max(milliseconds::zero(), end - now + milliseconds(999)) / std::chrono::seconds(1));
}

bool written_without_blanks(std::string_view language)
{
    return language.starts_with("zh") || language.starts_with("ja");
}

}

char const* name(Screen screen)
{
    switch (screen) {
    case Screen::Rate:
        return "rate";
    case Screen::Reasons:
        return "reasons";
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

Flow::Flow(Survey const& survey, std::string touchpoint, FlowTimes times)
    : survey_(survey)
    , touchpoint_(std::move(touchpoint))
    , times_(times)
{
    start_over(SteadyTime::min());
    refresh(SteadyTime {});
}

std::vector<DraftWrite> Flow::handle(Event const& event, Stamp const& now)
{
    Writes writes;
    // The box was suspended: whoever wakes it is another customer.
    if (auto const end = deadline(); end && now.steady - *end > longest_delay)
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

/// When the present screen ends by itself.
std::optional<SteadyTime> Flow::deadline() const
{
    switch (view_.screen) {
    case Screen::TimeoutWarning:
        return shown_ + times_.warning;
    case Screen::Thanks:
        return shown_ + times_.thanks;
    case Screen::OutOfService:
    case Screen::Rate:
    case Screen::Reasons:
    case Screen::Comment:
        break;
    }
    if (is_untouched())
        return std::nullopt;
    SteadyTime const idle = touched_ + times_.idle;
    if (waits_for_disk())
        return idle + times_.warning; // there is nothing to ask the customer meanwhile
    return settles_ ? std::min(*settles_, idle) : idle;
}

bool Flow::waits_for_disk() const { return view_.saving || view_.screen == Screen::OutOfService; }

bool Flow::is_untouched() const
{
    return view_.draft.answers.empty() && view_.language == survey_.languages.front() && !view_.high_contrast;
}

/// What counts is when the finger came down, for that is when it was aimed.
bool Flow::takes_input(Screen screen) const
{
    return view_.screen == screen && !view_.saving
        && (shown_ == SteadyTime::min() || touched_ >= shown_ + times_.guard);
}

void Flow::show(Screen screen, SteadyTime now)
{
    view_.screen = screen;
    shown_ = now;
    settles_.reset();
}

void Flow::start_over(SteadyTime now)
{
    view_ = View {};
    view_.language = survey_.languages.front();
    view_.phrases_chosen.assign(survey_.phrases.size(), false);
    comment_from_ = Screen::Rate;
    awaited_revision_ = 0;
    show(Screen::Rate, now);
}

/// Derives what View says twice from what it says once.
void Flow::refresh(SteadyTime now)
{
    constexpr std::size_t separator = 2;
    std::size_t const length = count_characters(view_.draft.comment) + separator;
    view_.phrases_fit.clear();
    for (std::size_t index = 0; index < survey_.phrases.size(); ++index)
        view_.phrases_fit.push_back(view_.phrases_chosen[index]
            || length + count_characters(survey_.phrases[index].in(view_.language))
                <= Draft::max_comment_characters);
    view_.low_questions.clear();
    view_.unrated = 0;
    for (auto const& question : survey_.questions) {
        Answer const* const answer = std::as_const(view_.draft).find(question.id);
        if (!answer)
            ++view_.unrated;
        else if (answer->score <= survey_.reasons_at_most && !question.reasons.empty())
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

void Flow::save(Stamp const& now, Writes& writes)
{
    view_.draft.touched = now.steady;
    bool const all_rated = std::ranges::all_of(survey_.questions,
        [this](Question const& question) { return view_.draft.find(question.id) != nullptr; });
    writes.push_back(
        SaveDraft {++last_revision_, view_.draft, all_rated ? Outcome::Complete : Outcome::Partial});
}

void Flow::close(ClosedBy closed_by, Stamp const& now, Writes& writes)
{
    writes.push_back(CloseDraft {++last_revision_, closed_by, now.steady});
    if (closed_by == ClosedBy::Timeout)
        return start_over(now.steady);
    // Thanks are a promise: they wait for the disk.
    awaited_revision_ = last_revision_;
    view_.saving = true;
    settles_.reset();
}

void Flow::leave_rating(Stamp const& now, Writes& writes)
{
    if (view_.low_questions.empty())
        close(ClosedBy::Finish, now, writes);
    else
        show(Screen::Reasons, now.steady);
}

/// The customer has gone and nobody was thanked: whoever comes next must not meet this
/// screen, nor thanks for somebody else when a slow disk answers at last.
void Flow::leave_unthanked(Stamp const& now, Writes& writes)
{
    Screen const left = view_.screen;
    bool const is_closed = view_.saving || left == Screen::Thanks;
    if (!view_.draft.answers.empty() && !is_closed)
        close(ClosedBy::Timeout, now, writes);
    else
        start_over(now.steady);
    if (left == Screen::OutOfService)
        show(Screen::OutOfService, now.steady);
}

void Flow::rebuild_comment()
{
    std::string comment;
    for (std::size_t index = 0; index < survey_.phrases.size(); ++index) {
        if (!view_.phrases_chosen[index])
            continue;
        std::string longer = comment;
        if (!longer.empty())
            longer += written_without_blanks(view_.language) ? "，" : ", ";
        longer += survey_.phrases[index].in(view_.language);
        // Another language may take more room: what no longer fits is seen to be no longer chosen.
        if (count_characters(longer) > Draft::max_comment_characters)
            view_.phrases_chosen[index] = false;
        else
            comment = std::move(longer);
    }
    view_.draft.comment = std::move(comment);
}

void Flow::on(event::Rated const& event, Stamp const& now, Writes& writes)
{
    if (!takes_input(Screen::Rate) || !survey_.find(event.question) || event.score < Survey::lowest_score
        || event.score > Survey::highest_score)
        return;
    Draft& draft = view_.draft;
    if (draft.answers.empty()) {
        draft.survey = survey_.id;
        draft.survey_version = survey_.version;
        draft.touchpoint = touchpoint_;
        draft.language = view_.language;
        draft.opened = now;
    }
    Answer* answer = draft.find(event.question);
    bool const changed = !answer || answer->score != event.score;
    if (!answer)
        answer = &draft.answers.emplace_back(Answer {.question = event.question, .score = event.score});
    answer->score = event.score;
    if (event.score > survey_.reasons_at_most)
        answer->reasons.clear();
    if (changed)
        save(now, writes);

    refresh(now.steady);
    if (view_.unrated == 0)
        settles_ = now.steady + (view_.low_questions.empty() ? times_.settle_high : times_.settle_low);
}

void Flow::on(event::ReasonToggled const& event, Stamp const& now, Writes& writes)
{
    Question const* const question = survey_.find(event.question);
    bool const asked = question && std::ranges::count(view_.low_questions, event.question) > 0
        && std::ranges::count(question->reasons, event.reason, &Reason::id) > 0;
    if (!takes_input(Screen::Reasons) || !asked)
        return;
    auto& reasons = view_.draft.find(event.question)->reasons;
    if (std::erase(reasons, event.reason) == 0)
        reasons.push_back(event.reason);
    save(now, writes);
}

void Flow::on(event::CommentOpened const&, Stamp const& now, Writes&)
{
    bool const from_here = takes_input(Screen::Rate) || takes_input(Screen::Reasons);
    if (!from_here || view_.draft.answers.empty())
        return;
    comment_from_ = view_.screen;
    show(Screen::Comment, now.steady);
}

void Flow::on(event::PhraseToggled const& event, Stamp const& now, Writes& writes)
{
    if (!takes_input(Screen::Comment) || event.index >= view_.phrases_fit.size()
        || !view_.phrases_fit[event.index])
        return;
    view_.phrases_chosen[event.index].flip();
    rebuild_comment();
    save(now, writes);
}

void Flow::on(event::Submitted const&, Stamp const& now, Writes& writes)
{
    if (takes_input(Screen::Rate) && view_.unrated == 0)
        leave_rating(now, writes);
    else if (takes_input(Screen::Reasons) || takes_input(Screen::Comment))
        close(ClosedBy::Finish, now, writes);
    else if (takes_input(Screen::Thanks))
        start_over(now.steady);
}

void Flow::on(event::Skipped const&, Stamp const& now, Writes& writes)
{
    if (takes_input(Screen::Reasons))
        for (auto& answer : view_.draft.answers)
            answer.reasons.clear();
    else if (takes_input(Screen::Comment))
        view_.draft.comment.clear();
    else
        return;
    save(now, writes);
    close(ClosedBy::Finish, now, writes);
}

void Flow::on(event::WentBack const&, Stamp const& now, Writes&)
{
    if (takes_input(Screen::Reasons))
        show(Screen::Rate, now.steady);
    else if (takes_input(Screen::Comment))
        show(comment_from_, now.steady);
}

void Flow::on(event::LanguageChosen const& event, Stamp const& now, Writes& writes)
{
    if (std::ranges::count(survey_.languages, event.language) == 0 || event.language == view_.language)
        return;
    view_.language = event.language;
    // What is closed stays in the language it was said in.
    if (view_.draft.answers.empty() || view_.saving || view_.screen == Screen::Thanks)
        return;
    view_.draft.language = event.language;
    rebuild_comment();
    save(now, writes);
}

void Flow::on(event::ContrastToggled const&, Stamp const&, Writes&)
{
    view_.high_contrast = !view_.high_contrast;
}

void Flow::on(event::MoreTime const&, Stamp const& now, Writes&)
{
    if (!takes_input(Screen::TimeoutWarning))
        return;
    touched_ = now.steady;
    show(view_.behind, now.steady);
}

void Flow::on(event::GaveUp const&, Stamp const& now, Writes& writes)
{
    if (takes_input(Screen::TimeoutWarning))
        close(ClosedBy::Timeout, now, writes);
}

void Flow::on(event::RestartPressed const&, Stamp const& now, Writes&)
{
    if (takes_input(Screen::Thanks))
        start_over(now.steady);
}

void Flow::on(event::Touched const&, Stamp const& now, Writes&)
{
    touched_ = now.steady;
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
    case Screen::TimeoutWarning:
        return close(ClosedBy::Timeout, now, writes);
    case Screen::Thanks:
        return start_over(now.steady);
    case Screen::OutOfService:
    case Screen::Rate:
    case Screen::Reasons:
    case Screen::Comment:
        break;
    }
    if (waits_for_disk())
        return leave_unthanked(now, writes);
    if (settles_ && now.steady >= *settles_)
        return leave_rating(now, writes);
    if (view_.draft.answers.empty())
        return start_over(now.steady); // only the language or the contrast was touched
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
    if (view_.screen == Screen::Thanks)
        start_over(now.steady);
    if (view_.screen != Screen::TimeoutWarning)
        view_.behind = view_.screen;
    show(Screen::OutOfService, now.steady);
}

}

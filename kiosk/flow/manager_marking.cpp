#include "kiosk/flow/manager_flow.h"
#include "platform/base/wipe.h"

#include <algorithm>

/// One response is marked: by whom, with which note, as seen or as dealt with.
namespace listenpost::kiosk {
namespace {

constexpr std::string_view initials_place = "initials";
constexpr std::string_view note_place = "note";

std::string_view place_of(ManagerScreen screen)
{
    return screen == ManagerScreen::MarkInitials ? initials_place : note_place;
}

}

/// While the disk is waited for, what was said stands.
bool ManagerFlow::takes_marks() const
{
    return view_.screen == ManagerScreen::Mark && view_.mark.keeping == Keeping::No && takes_input();
}

bool ManagerFlow::takes_text() const { return is_typing() && takes_input(); }

void ManagerFlow::on(manager_event::ResponseChosen const& event, SteadyTime now, Requests&)
{
    bool const is_list = view_.screen == ManagerScreen::Responses || view_.screen == ManagerScreen::Details;
    if (!is_list || !takes_input())
        return;
    before_mark_ = view_.screen;
    view_.mark.of = event.of;
    texts_.reset(view_.language);
    texts_.write(initials_place, initials_); // who has marked one marks the next
    show(ManagerScreen::Mark, now);
}

void ManagerFlow::open_text(ManagerScreen screen, SteadyTime now)
{
    texts_.open(place_of(screen), screen == ManagerScreen::MarkInitials ? Writing::Initials : Writing::Text);
    show(screen, now);
}

void ManagerFlow::close_text(SteadyTime now)
{
    texts_.close();
    show(ManagerScreen::Mark, now);
}

void ManagerFlow::on(manager_event::InitialsOpened const&, SteadyTime now, Requests&)
{
    if (takes_marks())
        open_text(ManagerScreen::MarkInitials, now);
}

void ManagerFlow::on(manager_event::NoteOpened const&, SteadyTime now, Requests&)
{
    if (takes_marks())
        open_text(ManagerScreen::MarkNote, now);
}

void ManagerFlow::on(manager_event::InitialsChosen const& event, SteadyTime, Requests&)
{
    if (takes_marks() && is_initials(event.initials))
        texts_.write(initials_place, event.initials);
}

void ManagerFlow::on(manager_event::KeyPressed const& event, SteadyTime, Requests&)
{
    if (takes_text())
        texts_.press(event.key);
}

void ManagerFlow::on(manager_event::CandidateChosen const& event, SteadyTime, Requests&)
{
    if (takes_text())
        texts_.choose_candidate(event.index);
}

void ManagerFlow::on(manager_event::PinyinReady const&, SteadyTime, Requests&)
{
    texts_.refresh_candidates();
}

void ManagerFlow::on(manager_event::TextCleared const&, SteadyTime, Requests&)
{
    if (takes_text())
        texts_.clear(place_of(view_.screen));
}

void ManagerFlow::on(manager_event::TextDone const&, SteadyTime now, Requests&)
{
    if (takes_text())
        close_text(now);
}

void ManagerFlow::on(manager_event::Marked const& event, SteadyTime, Requests& requests)
{
    if (!takes_marks() || !view_.mark.is_complete())
        return;
    initials_ = view_.mark.initials;
    view_.mark.keeping = Keeping::Waits;
    mark_ = ++last_mark_;
    unkept_.push_back(mark_);
    requests.emplace_back(manager_request::Keep {
        {.of = view_.mark.of, .state = event.state, .by = view_.mark.initials, .note = view_.mark.note},
        mark_});
}

/// Back to the list, which has it then. Who went back before it was kept gets the list anew, and who has
/// opened the next response stays there.
void ManagerFlow::on(manager_event::MarkKept const& event, SteadyTime now, Requests& requests)
{
    if (std::erase(unkept_, event.number) == 0)
        return; // of somebody who has left
    if (mark_ == event.number)
        leave_mark(now);
    view_.earlier_mark_fails = view_.earlier_mark_fails && waits_for_earlier_mark();
    list_is_stale_ = is_marking(); // another one: the list is asked for on the way back to it
    if (view_.screen == ManagerScreen::Responses || view_.screen == ManagerScreen::Details)
        ask(requests);
}

void ManagerFlow::on(manager_event::MarkFails const& event, SteadyTime, Requests&)
{
    if (std::ranges::find(unkept_, event.number) == unkept_.end())
        return;
    if (mark_ == event.number)
        view_.mark.keeping = Keeping::Fails;
    else
        view_.earlier_mark_fails = true;
}

bool ManagerFlow::waits_for_earlier_mark() const
{
    return std::ranges::any_of(unkept_, [this](std::uint64_t number) { return number != mark_; });
}

/// What fails is said of it from then on wherever its writer goes.
void ManagerFlow::leave_mark(SteadyTime now)
{
    view_.earlier_mark_fails
        |= view_.mark.keeping == Keeping::Fails && std::ranges::count(unkept_, mark_) > 0;
    forget_mark();
    show(before_mark_, now);
}

void ManagerFlow::forget_mark()
{
    texts_.reset(language_);
    wipe_typed();
    view_.mark = {};
    mark_ = 0;
}

/// And not only forgets it.
void ManagerFlow::wipe_typed()
{
    wipe(view_.mark.initials);
    wipe(view_.mark.note);
    wipe(view_.mark.editor.text);
}

/// Derives what the view says from what was typed.
void ManagerFlow::refresh_mark()
{
    wipe_typed();
    view_.mark.initials = texts_.to_store(initials_place);
    view_.mark.note = texts_.to_store(note_place);
    view_.mark.editor = texts_.view();
}

}

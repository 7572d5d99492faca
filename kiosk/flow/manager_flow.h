#pragma once

#include "kiosk/flow/manager_view.h"
#include "kiosk/flow/text_editor.h"
#include "kiosk/model/pin_state.h"
#include "platform/base/clock.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace listenpost::kiosk {

/// What happened. Touches come from the screen, Pin… from the PIN's desk, Mark… from the store's thread, Tick
/// from the clock.
namespace manager_event {
struct Opened { ///< the gesture was made, and no customer's response is open
    ManagerAids aids {}; ///< switched on on the customers' screen, before it
};
struct AidsOpened { }; ///< the panel
struct AidsClosed { };
struct AidToggled {
    Access access;
};
struct PinLooked {
    PinState state;
};
struct PinJudged {
    PinJudgement judgement;
};
struct PinFailed { }; ///< the disk does not let it be looked at or judged
struct DigitPressed {
    int digit;
};
struct DigitRemoved { };
struct PinCleared { };
struct PeriodChosen {
    Period period;
};
struct ViewChosen {
    ManagerScreen screen; ///< Overview, Details, Distribution or Delivery
};
struct WeekdayChosen { ///< of Details' heat map
    std::optional<int> weekday {}; ///< 0 Monday; nothing: the comments again
};
struct PartTurned {
    std::size_t part; ///< of the screen
};
struct QuestionsTurned {
    std::size_t page; ///< of Distribution
};
struct ExportPressed { ///< the period onto a stick
    std::string drive {}; ///< ExportDrive::place of the one that was chosen; empty: whichever is in
};
struct ExportDismissed { }; ///< nothing is to be chosen, and nothing to be said of the last one any more
struct ListChosen { ///< of a figure, with another filter, or another page
    ListFilter list;
    std::size_t part = 0; ///< of what it shows, in large text
};
struct ResponseChosen { ///< of a list: to be marked
    ResponseRef of;
};
struct InitialsOpened { }; ///< the keyboard for them
struct InitialsChosen { ///< of those that are offered
    std::string initials;
};
struct NoteOpened { };
struct KeyPressed { ///< on the screen's keyboard; as event::KeyPressed
    std::string key;
};
struct CandidateChosen {
    std::size_t index;
};
struct PinyinReady { }; ///< the engine has loaded meanwhile
struct TextCleared { };
struct TextDone { };
struct Marked { ///< the response is, by who has said so
    CommentState state;
};
struct MarkKept { ///< it is on disk
    std::uint64_t number = 0; ///< of the Keep
};
struct MarkFails { ///< it is not, and is tried again
    std::uint64_t number = 0;
};
struct WentBack { };
struct Touched { }; ///< any touch, whatever it hit; comes before its own event
struct Tick { };
}
using ManagerEvent = std::variant<manager_event::Opened, manager_event::AidsOpened, manager_event::AidsClosed,
    manager_event::AidToggled, manager_event::PinLooked, manager_event::PinJudged, manager_event::PinFailed,
    manager_event::DigitPressed, manager_event::DigitRemoved, manager_event::PinCleared,
    manager_event::PeriodChosen, manager_event::ViewChosen, manager_event::WeekdayChosen,
    manager_event::PartTurned, manager_event::QuestionsTurned, manager_event::ExportPressed,
    manager_event::ExportDismissed, manager_event::ListChosen, manager_event::ResponseChosen,
    manager_event::InitialsOpened, manager_event::InitialsChosen, manager_event::NoteOpened,
    manager_event::KeyPressed, manager_event::CandidateChosen, manager_event::PinyinReady,
    manager_event::TextCleared, manager_event::TextDone, manager_event::Marked, manager_event::MarkKept,
    manager_event::MarkFails, manager_event::WentBack, manager_event::Touched, manager_event::Tick>;

/// What is to be done because of it. Those about the PIN are answered by one event each (PinLooked, PinJudged
/// or PinFailed), in the order in which they were given out; Keep by MarkKept, and by MarkFails before that
/// where the disk refuses it.
namespace manager_request {
struct LookAtPin { };
struct JudgePin {
    std::string pin;
};
struct AskFigures {
    Period period;
};
struct AskDelivery { };
struct Export {
    Period period;
    std::string drive {};
};
struct ForgetExport { };
struct AskResponses {
    Period period;
    ListFilter list;
};
struct Keep {
    StaffEvent event;
    std::uint64_t number = 0; ///< no other of this flow has it
};
}
using ManagerRequest = std::variant<manager_request::LookAtPin, manager_request::JudgePin,
    manager_request::AskFigures, manager_request::AskDelivery, manager_request::Export,
    manager_request::ForgetExport, manager_request::AskResponses, manager_request::Keep>;

struct ManagerTimes {
    std::chrono::milliseconds idle {60'000}; ///< without a touch, until it closes by itself
    std::chrono::milliseconds guard {250}; ///< as FlowTimes::guard
};

/// The manager's part, beside the customers' Flow and never mixed with it: a pure state machine of its own,
/// with no clock, no thread and no disk. It knows nothing of a customer, and while it is closed nothing of a
/// manager: no digit, no figure, and nothing that was typed.
class ManagerFlow {
public:
    /// In the survey's first language. `survey` and what `typing` names must outlive it.
    ManagerFlow(Survey const& survey, Typing typing, ManagerTimes times = {});

    /// What is to be done because of it, in this order.
    std::vector<ManagerRequest> handle(ManagerEvent const& event, SteadyTime now);
    ManagerView const& view() const { return view_; }

    /// When it wants a Tick; nothing while it is closed.
    std::optional<SteadyTime> next_tick() const;

private:
    using Requests = std::vector<ManagerRequest>;

    void on(manager_event::Opened const&, SteadyTime, Requests&);
    void on(manager_event::AidsOpened const&, SteadyTime, Requests&);
    void on(manager_event::AidsClosed const&, SteadyTime, Requests&);
    void on(manager_event::AidToggled const&, SteadyTime, Requests&);
    void on(manager_event::PinLooked const&, SteadyTime, Requests&);
    void on(manager_event::PinJudged const&, SteadyTime, Requests&);
    void on(manager_event::PinFailed const&, SteadyTime, Requests&);
    void on(manager_event::DigitPressed const&, SteadyTime, Requests&);
    void on(manager_event::DigitRemoved const&, SteadyTime, Requests&);
    void on(manager_event::PinCleared const&, SteadyTime, Requests&);
    void on(manager_event::PeriodChosen const&, SteadyTime, Requests&);
    void on(manager_event::ViewChosen const&, SteadyTime, Requests&);
    void on(manager_event::WeekdayChosen const&, SteadyTime, Requests&);
    void on(manager_event::PartTurned const&, SteadyTime, Requests&);
    void on(manager_event::QuestionsTurned const&, SteadyTime, Requests&);
    void on(manager_event::ExportPressed const&, SteadyTime, Requests&);
    void on(manager_event::ExportDismissed const&, SteadyTime, Requests&);
    void on(manager_event::ListChosen const&, SteadyTime, Requests&);
    void on(manager_event::WentBack const&, SteadyTime, Requests&);
    // manager_marking.cpp
    void on(manager_event::ResponseChosen const&, SteadyTime, Requests&);
    void on(manager_event::InitialsOpened const&, SteadyTime, Requests&);
    void on(manager_event::InitialsChosen const&, SteadyTime, Requests&);
    void on(manager_event::NoteOpened const&, SteadyTime, Requests&);
    void on(manager_event::KeyPressed const&, SteadyTime, Requests&);
    void on(manager_event::CandidateChosen const&, SteadyTime, Requests&);
    void on(manager_event::PinyinReady const&, SteadyTime, Requests&);
    void on(manager_event::TextCleared const&, SteadyTime, Requests&);
    void on(manager_event::TextDone const&, SteadyTime, Requests&);
    void on(manager_event::Marked const&, SteadyTime, Requests&);
    void on(manager_event::MarkKept const&, SteadyTime, Requests&);
    void on(manager_event::MarkFails const&, SteadyTime, Requests&);
    void open_text(ManagerScreen screen, SteadyTime now);
    void close_text(SteadyTime now);
    void leave_mark(SteadyTime now);
    bool waits_for_earlier_mark() const;
    void forget_mark();
    void refresh_mark();
    void wipe_typed();
    bool takes_marks() const;
    bool takes_text() const;
    void on(manager_event::Touched const&, SteadyTime, Requests&);
    void on(manager_event::Tick const&, SteadyTime, Requests&);

    void take_pin_state(PinState const& state, SteadyTime now);
    void forget_digits();
    void show(ManagerScreen screen, SteadyTime now);
    void show_part(std::size_t part);
    void close();
    void refresh(SteadyTime now);
    void ask(Requests& requests) const;
    bool takes_input() const;
    /// Among the figures, and not over one response.
    bool is_inside() const { return view_.is_open() && !asks_for_pin() && !is_marking(); }
    /// Its figures, or the list behind one: both say why what waits does.
    bool tells_of_delivery() const
    {
        return view_.screen == ManagerScreen::Delivery
            || (view_.screen == ManagerScreen::Responses && view_.list.delivery);
    }
    bool is_typing() const
    {
        return view_.screen == ManagerScreen::MarkInitials || view_.screen == ManagerScreen::MarkNote;
    }
    bool is_marking() const { return view_.screen == ManagerScreen::Mark || is_typing(); }
    bool is_answer_for_another();
    bool asks_for_pin() const { return view_.screen == ManagerScreen::Pin; }

    std::string language_;
    ManagerTimes times_;
    ManagerView view_;
    std::string pin_; ///< as far as it was entered
    ManagerScreen before_list_ = ManagerScreen::Overview; ///< where `back` leads from Responses
    ManagerScreen before_mark_ = ManagerScreen::Responses; ///< where it leads from Mark
    TextEditor texts_; ///< of the response that is being marked
    std::string initials_; ///< of who marked last in this visit
    bool list_is_stale_ = false; ///< an earlier mark was kept while the next response was open
    std::uint64_t last_mark_ = 0; ///< number of the last one that was given out, in whatever visit
    std::uint64_t mark_ = 0; ///< number of the one that the open response waits for; 0: none
    std::vector<std::uint64_t> unkept_; ///< given out in this visit, and not on disk as far as is known
    std::array<std::size_t, manager_screens> parts_ {}; ///< of each screen, which it shows again
    SteadyTime shown_ {}; ///< when the screen last changed
    SteadyTime touched_ {};
    std::optional<SteadyTime> locked_until_;
    int unanswered_ = 0; ///< requests
    int outdated_ = 0; ///< the first so many of them were somebody's who has left
};

}

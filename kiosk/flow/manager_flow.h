#pragma once

#include "kiosk/flow/manager_view.h"
#include "kiosk/model/pin_state.h"
#include "platform/base/clock.h"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace listenpost::kiosk {

/// What happened. Touches come from the screen, Pin… from the PIN's desk, Tick from the clock.
namespace manager_event {
struct Opened { }; ///< the gesture was made, and no customer's response is open
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
struct QuestionsTurned {
    std::size_t page; ///< of Distribution
};
struct ExportPressed { ///< the period onto a stick
    std::string drive {}; ///< ExportDrive::place of the one that was chosen; empty: whichever is in
};
struct ExportDismissed { }; ///< nothing is to be chosen, and nothing to be said of the last one any more
struct ListChosen { ///< of a figure, with another filter, or another page
    ListFilter list;
};
struct WentBack { };
struct Touched { }; ///< any touch, whatever it hit; comes before its own event
struct Tick { };
}
using ManagerEvent = std::variant<manager_event::Opened, manager_event::PinLooked, manager_event::PinJudged,
    manager_event::PinFailed, manager_event::DigitPressed, manager_event::DigitRemoved,
    manager_event::PinCleared, manager_event::PeriodChosen, manager_event::ViewChosen,
    manager_event::QuestionsTurned, manager_event::ExportPressed, manager_event::ExportDismissed,
    manager_event::ListChosen, manager_event::WentBack, manager_event::Touched, manager_event::Tick>;

/// What is to be done because of it. Each is answered by one event (PinLooked, PinJudged or PinFailed), in
/// the order in which they were given out.
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
}
using ManagerRequest = std::variant<manager_request::LookAtPin, manager_request::JudgePin,
    manager_request::AskFigures, manager_request::AskDelivery, manager_request::Export,
    manager_request::ForgetExport, manager_request::AskResponses>;

struct ManagerTimes {
    std::chrono::milliseconds idle {60'000}; ///< without a touch, until it closes by itself
    std::chrono::milliseconds guard {250}; ///< as FlowTimes::guard
};

/// The manager's part, beside the customers' Flow and never mixed with it: a pure state machine of its own,
/// with no clock, no thread and no disk. It knows nothing of a customer, and while it is closed nothing of a
/// manager: no digit, and no figure.
class ManagerFlow {
public:
    ManagerFlow(std::string language, ManagerTimes times = {});

    /// What is to be done because of it, in this order.
    std::vector<ManagerRequest> handle(ManagerEvent const& event, SteadyTime now);
    ManagerView const& view() const { return view_; }

    /// When it wants a Tick; nothing while it is closed.
    std::optional<SteadyTime> next_tick() const;

private:
    using Requests = std::vector<ManagerRequest>;

    void on(manager_event::Opened const&, SteadyTime, Requests&);
    void on(manager_event::PinLooked const&, SteadyTime, Requests&);
    void on(manager_event::PinJudged const&, SteadyTime, Requests&);
    void on(manager_event::PinFailed const&, SteadyTime, Requests&);
    void on(manager_event::DigitPressed const&, SteadyTime, Requests&);
    void on(manager_event::DigitRemoved const&, SteadyTime, Requests&);
    void on(manager_event::PinCleared const&, SteadyTime, Requests&);
    void on(manager_event::PeriodChosen const&, SteadyTime, Requests&);
    void on(manager_event::ViewChosen const&, SteadyTime, Requests&);
    void on(manager_event::QuestionsTurned const&, SteadyTime, Requests&);
    void on(manager_event::ExportPressed const&, SteadyTime, Requests&);
    void on(manager_event::ExportDismissed const&, SteadyTime, Requests&);
    void on(manager_event::ListChosen const&, SteadyTime, Requests&);
    void on(manager_event::WentBack const&, SteadyTime, Requests&);
    void on(manager_event::Touched const&, SteadyTime, Requests&);
    void on(manager_event::Tick const&, SteadyTime, Requests&);

    void take_pin_state(PinState const& state, SteadyTime now);
    void forget_digits();
    void show(ManagerScreen screen, SteadyTime now);
    void close();
    void refresh(SteadyTime now);
    void ask(Requests& requests) const;
    bool takes_input() const;
    bool is_inside() const { return view_.is_open() && !asks_for_pin(); }
    bool is_answer_for_another();
    bool asks_for_pin() const { return view_.screen == ManagerScreen::Pin; }

    std::string language_;
    ManagerTimes times_;
    ManagerView view_;
    std::string pin_; ///< as far as it was entered
    ManagerScreen before_list_ = ManagerScreen::Overview; ///< where `back` leads from Responses
    SteadyTime shown_ {}; ///< when the screen last changed
    SteadyTime touched_ {};
    std::optional<SteadyTime> locked_until_;
    int unanswered_ = 0; ///< requests
    int outdated_ = 0; ///< the first so many of them were somebody's who has left
};

}

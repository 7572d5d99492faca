#pragma once

#include "kiosk/flow/text_editor.h"
#include "kiosk/flow/view.h"
#include "kiosk/model/draft_write.h"
#include "kiosk/model/misuse_guard.h"
#include "kiosk/model/survey.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace listenpost::kiosk {

/// What happened. Touches come from the screen, Stored and StoreFailed from the
/// store thread, Tick from the clock.
namespace event {
struct Rated {
    std::string question;
    int score;
};
struct ReasonToggled {
    std::string question;
    std::string reason;
};
struct OptionToggled { ///< of a choice
    std::string question;
    std::string option;
};
struct MinutesChosen {
    std::string question;
    int minutes;
};
struct CommentOpened { };
struct KeyPressed { ///< on the screen's keyboard; `key` as in Composer
    std::string key;
};
struct CandidateChosen {
    std::size_t index; ///< into Composition::candidates
};
struct PinyinReady { }; ///< the engine has loaded meanwhile
struct PhraseToggled {
    std::size_t index; ///< into Survey::phrases
};
struct Submitted { }; ///< the screen's main button: go on, finish, or end the thank-you
struct Skipped { }; ///< go on without what this screen asks
struct WentBack { };
struct LanguageChosen {
    std::string language;
};
struct PanelOpened {
    Panel panel;
};
struct PanelClosed { };
struct AccessToggled {
    Access access;
};
struct StaffCame { }; ///< whoever stood here has made their gesture: a customer is there no more
struct OpeningChanged { ///< the shop opens or closes
    bool is_open;
};
struct MoreTime { }; ///< answers the time-out warning
struct GaveUp { }; ///< leaves now; what was tapped is kept
struct RestartPressed { }; ///< the thank-you's "once more"
struct Touched { }; ///< any touch, whatever it hit; comes before its own event
struct Tick { };
struct Stored {
    std::uint64_t revision; ///< all writes up to this one are on disk
};
struct StoreFailed { };
}
using Event = std::variant<event::Rated, event::ReasonToggled, event::OptionToggled, event::MinutesChosen,
    event::CommentOpened, event::KeyPressed, event::CandidateChosen, event::PinyinReady, event::PhraseToggled,
    event::Submitted, event::Skipped, event::WentBack, event::LanguageChosen, event::PanelOpened,
    event::PanelClosed, event::AccessToggled, event::StaffCame, event::OpeningChanged, event::MoreTime,
    event::GaveUp, event::RestartPressed, event::Touched, event::Tick, event::Stored, event::StoreFailed>;

/// How long things last.
struct FlowTimes {
    std::chrono::milliseconds idle {20'000}; ///< without a touch, until the warning
    std::chrono::milliseconds warning {20'000}; ///< the warning's countdown; where the disk lets
                                                ///< nobody be asked, just as much patience
    /// Instead of `idle` once something has been typed: who thinks about a sentence is still there.
    std::chrono::milliseconds typing {60'000};
    std::chrono::milliseconds thanks {8'000};
    std::chrono::milliseconds attract {45'000}; ///< with nothing tapped, until the attract screen
    std::chrono::milliseconds drift {60'000}; ///< between two places of the attract screen's picture
    /// After the last rating, before the screen goes on by itself: time to correct a slip …
    std::chrono::milliseconds settle_low {900};
    /// … and, when nothing was low, to choose the comment instead.
    std::chrono::milliseconds settle_high {2'500};
    /// One question a screen: how long the chosen face is seen before the next question.
    std::chrono::milliseconds settle_next {500};
    /// After a change of screen: a finger that comes down this early was aimed at what
    /// stood there before, and means nothing however long it stays.
    std::chrono::milliseconds guard {250};
};

/// One customer after another, as a pure state machine: no clock, no thread, no
/// disk. Same events at the same times, same writes and same views.
/// Nothing of a customer's is left in it once the next one starts.
class Flow {
public:
    /// `survey` and what `typing` names must outlive it. `started`: now.
    Flow(Survey const& survey, std::string touchpoint, Typing typing, SteadyTime started,
        FlowTimes times = {});

    /// What is to be written because of it, in this order.
    std::vector<DraftWrite> handle(Event const& event, Stamp const& now);
    View const& view() const { return view_; }

    /// When it wants a Tick; nothing while nothing can change by itself.
    std::optional<SteadyTime> next_tick() const;

private:
    using Writes = std::vector<DraftWrite>;
    /// A screen that `back` can lead to again.
    struct Step {
        Screen screen = Screen::Rate;
        std::size_t current = 0;
        std::string follow_up {};
    };

    // flow_answers.cpp: what the customer says.
    void on(event::Rated const&, Stamp const&, Writes&);
    void on(event::ReasonToggled const&, Stamp const&, Writes&);
    void on(event::OptionToggled const&, Stamp const&, Writes&);
    void on(event::MinutesChosen const&, Stamp const&, Writes&);
    void on(event::KeyPressed const&, Stamp const&, Writes&);
    void on(event::CandidateChosen const&, Stamp const&, Writes&);
    void on(event::PinyinReady const&, Stamp const&, Writes&);
    void on(event::PhraseToggled const&, Stamp const&, Writes&);
    // flow_steps.cpp: from screen to screen.
    void on(event::CommentOpened const&, Stamp const&, Writes&);
    void on(event::Submitted const&, Stamp const&, Writes&);
    void on(event::Skipped const&, Stamp const&, Writes&);
    void on(event::WentBack const&, Stamp const&, Writes&);
    void on(event::LanguageChosen const&, Stamp const&, Writes&);
    void on(event::PanelOpened const&, Stamp const&, Writes&);
    void on(event::PanelClosed const&, Stamp const&, Writes&);
    void on(event::AccessToggled const&, Stamp const&, Writes&);
    void on(event::MoreTime const&, Stamp const&, Writes&);
    void on(event::GaveUp const&, Stamp const&, Writes&);
    void on(event::RestartPressed const&, Stamp const&, Writes&);
    // flow.cpp: fingers, clock and disk.
    void on(event::Touched const&, Stamp const&, Writes&);
    void on(event::Tick const&, Stamp const&, Writes&);
    void on(event::Stored const&, Stamp const&, Writes&);
    void on(event::StoreFailed const&, Stamp const&, Writes&);
    void on(event::StaffCame const&, Stamp const&, Writes&);
    void on(event::OpeningChanged const&, Stamp const&, Writes&);

    Answer& answer_to(std::string const& question, Stamp const& now);
    bool asks_now(std::string_view question, QuestionKind kind) const;
    void drop_unsaid(std::string const& question);
    void text_changed(Stamp const& now, Writes& writes);
    void take_texts(Stamp const& now);
    void drop_unasked();
    void save(Stamp const& now, Writes& writes);
    void save_if_changed(Stamp const& now, Writes& writes);
    void close(ClosedBy closed_by, Stamp const& now, Writes& writes);
    void go_on(Stamp const& now, Writes& writes);
    void step_to(Step step, Stamp const& now);
    void enter(Step const& step, SteadyTime now);
    std::optional<Step> step_after_ratings() const;
    std::optional<Step> next_follow_up() const;
    std::optional<std::size_t> next_unrated() const;
    Step here() const { return {view_.screen, view_.current, view_.follow_up}; }
    void settle(std::chrono::milliseconds time, SteadyTime now) { settles_ = now + time; }
    void settle_rating(SteadyTime now);
    void show(Screen screen, SteadyTime now);
    void start_over(SteadyTime now, Screen screen = Screen::Rate);
    void refresh(SteadyTime now);
    void leave_unthanked(Stamp const& now, Writes& writes);
    bool takes_input(Screen screen) const;
    bool takes_any_input() const;
    bool waits_for_disk() const;
    bool is_untouched() const;
    bool has_begun() const { return !view_.draft.answers.empty(); }
    std::chrono::milliseconds patience() const;
    std::optional<SteadyTime> deadline() const;

    Survey const& survey_;
    std::string touchpoint_;
    FlowTimes times_;
    View view_;
    TextEditor texts_;
    MisuseGuard guard_;
    Draft saved_; ///< as the last SaveDraft said
    std::vector<Step> before_; ///< where `back` leads, the last one first
    std::uint64_t last_revision_ = 0; ///< of the last write given out
    std::uint64_t awaited_revision_ = 0; ///< thanks are due once this one is stored; 0: none
    SteadyTime shown_ = SteadyTime::min(); ///< when the screen last changed
    SteadyTime touched_ {}; ///< last sign of life
    std::optional<SteadyTime> settles_; ///< when the screen goes on by itself
    bool shop_is_open_ = true;
};

}

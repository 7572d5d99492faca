#pragma once

#include "kiosk/model/draft_write.h"
#include "kiosk/model/survey.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace listenpost::kiosk {

enum class Screen {
    Rate, ///< three questions, five faces each; where every customer starts
    Reasons, ///< why the low scores
    Comment, ///< preset phrases
    Thanks, ///< all is on disk
    TimeoutWarning, ///< over the screen it interrupts: still there?
    OutOfService, ///< what is tapped now could not be kept
};

/// As in the UI map: rate, reasons, comment, thanks, timeout, out_of_service.
char const* name(Screen screen);

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
struct CommentOpened { };
struct PhraseToggled {
    std::size_t index; ///< into Survey::phrases
};
struct Submitted { }; ///< the screen's main button: go on, finish, or end the thank-you
struct Skipped { }; ///< go on without what this screen asks
struct WentBack { };
struct LanguageChosen {
    std::string language;
};
struct ContrastToggled { };
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
using Event = std::variant<event::Rated, event::ReasonToggled, event::CommentOpened, event::PhraseToggled,
    event::Submitted, event::Skipped, event::WentBack, event::LanguageChosen, event::ContrastToggled,
    event::MoreTime, event::GaveUp, event::RestartPressed, event::Touched, event::Tick, event::Stored,
    event::StoreFailed>;

/// How long things last.
struct FlowTimes {
    std::chrono::milliseconds idle {20'000}; ///< without a touch, until the warning
    std::chrono::milliseconds warning {20'000}; ///< the warning's countdown; where the disk lets
                                                ///< nobody be asked, just as much patience
    std::chrono::milliseconds thanks {8'000};
    /// After the last rating, before the screen goes on by itself: time to correct a slip …
    std::chrono::milliseconds settle_low {900};
    /// … and, when nothing was low, to choose the comment instead.
    std::chrono::milliseconds settle_high {2'500};
    /// After a change of screen: a finger that comes down this early was aimed at what
    /// stood there before, and means nothing however long it stays.
    std::chrono::milliseconds guard {250};
};

/// What the screen shows. Everything drawn comes from here and from the survey.
struct View {
    Screen screen = Screen::Rate;
    Screen behind = Screen::Rate; ///< under a TimeoutWarning: the screen it interrupts
    std::string language;
    bool high_contrast = false;
    Draft draft; ///< empty before the first tap, and again for the next customer
    std::vector<std::string> low_questions; ///< rated low and having reasons: the rows of Reasons
    std::vector<bool> phrases_chosen; ///< one for each of Survey::phrases
    std::vector<bool> phrases_fit; ///< likewise: chosen, or short enough to be added to the comment
    int unrated = 0; ///< questions still without a tap
    bool saving = false; ///< finish was pressed; the disk has not answered yet
    /// Time left of a countdown (time-out warning, thank-you), in whole seconds rounded up, of
    /// `countdown_of`.
    std::optional<int> countdown;
    int countdown_of = 0;

    friend bool operator==(View const&, View const&) = default;
};

/// One customer after another, as a pure state machine: no clock, no thread, no
/// disk. Same events at the same times, same writes and same views.
/// Nothing of a customer's is left in it once the next one starts.
class Flow {
public:
    /// `survey` must outlive it.
    Flow(Survey const& survey, std::string touchpoint, FlowTimes times = {});

    /// What is to be written because of it, in this order.
    std::vector<DraftWrite> handle(Event const& event, Stamp const& now);
    View const& view() const { return view_; }

    /// When it wants a Tick; nothing while nothing can change by itself.
    std::optional<SteadyTime> next_tick() const;

private:
    using Writes = std::vector<DraftWrite>;

    void on(event::Rated const&, Stamp const&, Writes&);
    void on(event::ReasonToggled const&, Stamp const&, Writes&);
    void on(event::CommentOpened const&, Stamp const&, Writes&);
    void on(event::PhraseToggled const&, Stamp const&, Writes&);
    void on(event::Submitted const&, Stamp const&, Writes&);
    void on(event::Skipped const&, Stamp const&, Writes&);
    void on(event::WentBack const&, Stamp const&, Writes&);
    void on(event::LanguageChosen const&, Stamp const&, Writes&);
    void on(event::ContrastToggled const&, Stamp const&, Writes&);
    void on(event::MoreTime const&, Stamp const&, Writes&);
    void on(event::GaveUp const&, Stamp const&, Writes&);
    void on(event::RestartPressed const&, Stamp const&, Writes&);
    void on(event::Touched const&, Stamp const&, Writes&);
    void on(event::Tick const&, Stamp const&, Writes&);
    void on(event::Stored const&, Stamp const&, Writes&);
    void on(event::StoreFailed const&, Stamp const&, Writes&);

    void save(Stamp const& now, Writes& writes);
    void close(ClosedBy closed_by, Stamp const& now, Writes& writes);
    void leave_rating(Stamp const& now, Writes& writes);
    void show(Screen screen, SteadyTime now);
    void start_over(SteadyTime now);
    void refresh(SteadyTime now);
    void rebuild_comment();
    void leave_unthanked(Stamp const& now, Writes& writes);
    bool takes_input(Screen screen) const;
    bool waits_for_disk() const;
    bool is_untouched() const;
    std::optional<SteadyTime> deadline() const;

    Survey const& survey_;
    std::string touchpoint_;
    FlowTimes times_;
    View view_;
    Screen comment_from_ = Screen::Rate; ///< where `back` leads from Comment
    std::uint64_t last_revision_ = 0; ///< of the last write given out
    std::uint64_t awaited_revision_ = 0; ///< thanks are due once this one is stored; 0: none
    SteadyTime shown_ = SteadyTime::min(); ///< when the screen last changed
    SteadyTime touched_ {}; ///< last sign of life
    std::optional<SteadyTime> settles_; ///< when the rating screen goes on by itself
};

}

#pragma once

#include "kiosk/input/composer.h"
#include "kiosk/model/response.h"

#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

enum class Screen {
    Attract, ///< nobody is there: any touch leads to Rate
    Rate, ///< the first page's questions and their faces; where every customer starts
    Reasons, ///< why the low scores
    FollowUp, ///< one further question
    Comment, ///< preset phrases and the keyboard
    Thanks, ///< all is on disk
    TimeoutWarning, ///< over the screen it interrupts: still there?
    OutOfService, ///< what is tapped now could not be kept
};

/// As in the UI map: attract, rate, reasons, follow_up, comment, thanks, timeout, out_of_service.
char const* name(Screen screen);

/// What lies over the screen because the customer asked for it.
enum class Panel { None, Languages, Access };

/// What a customer may switch on; off again for the next one.
enum class Access {
    Contrast, ///< dark ground, outlined faces
    Large, ///< bigger text, one question a screen
    LowReach, ///< every target in the lower part, one question a screen
    Speech, ///< says what the screen shows and what the focus is on
};

/// Of a customer's text that is being written.
struct Editor {
    std::string text; ///< as it will be stored: personal data already masked
    bool is_masked = false; ///< something was
    int characters = 0; ///< of `text`: what is still being composed does not count
    int most_characters = static_cast<int>(Draft::max_comment_characters);
    Composition composition;

    friend bool operator==(Editor const&, Editor const&) = default;
};

/// What the screen shows. Everything drawn comes from here and from the survey.
struct View {
    Screen screen = Screen::Rate;
    Screen behind = Screen::Rate; ///< under a TimeoutWarning: the screen it interrupts
    Panel panel = Panel::None;
    std::string language;
    bool high_contrast = false;
    bool large_text = false;
    bool low_reach = false;
    bool spoken = false;
    Draft draft; ///< empty before the first tap, and again for the next customer
    std::vector<std::string> low_questions; ///< rated low and having reasons: the rows of Reasons
    /// One question a screen: which of the first page (Rate) or of low_questions (Reasons).
    std::size_t current = 0;
    std::string follow_up; ///< id of the question on FollowUp
    Editor editor; ///< on Comment, and on a FollowUp that asks for a text
    std::vector<bool> phrases_chosen; ///< one for each of Survey::phrases
    std::vector<bool> phrases_fit; ///< likewise: chosen, or short enough to be added to the comment
    int unrated = 0; ///< questions of the first page still without a tap
    bool can_go_back = false; ///< from this screen to the one before
    bool saving = false; ///< finish was pressed; the disk has not answered yet
    bool shop_is_open = true;
    int drift = 0; ///< on Attract: counts up once a minute, so that no picture burns in
    /// Time left of a countdown (time-out warning, thank-you), in whole seconds rounded up, of
    /// `countdown_of`.
    std::optional<int> countdown;
    int countdown_of = 0;

    bool one_by_one() const { return large_text || low_reach; }
    friend bool operator==(View const&, View const&) = default;
};

/// Nobody's response is open or waits for the disk: what may come between two customers may come now.
inline bool nobody_has_begun(View const& view)
{
    bool const is_start = view.screen == Screen::Attract || view.screen == Screen::Rate
        || view.screen == Screen::OutOfService;
    return is_start && view.draft.answers.empty() && view.draft.comment.empty() && view.panel == Panel::None
        && !view.saving;
}

}

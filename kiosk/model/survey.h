#pragma once

#include "platform/base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// One text in several languages, by BCP 47 tag (zh-CN, en).
struct LocalizedText {
    std::map<std::string, std::string, std::less<>> by_language;

    /// The text in `language`, else in the survey's first language, else empty.
    std::string_view in(std::string_view language) const;
    std::string fallback_language;
};

enum class Dimension { Quality, Service, Cleanliness, Other };

/// A reason for a low score, shown as a chip.
struct Reason {
    std::string id;
    LocalizedText text;
};

/// A rating of one thing by five faces, 1 (worst) to 5 (best).
struct Question {
    std::string id;
    Dimension dimension = Dimension::Other;
    LocalizedText title;
    LocalizedText hint;
    std::vector<Reason> reasons;
};

/// What a box asks. Immutable once loaded; read by every thread.
struct Survey {
    static constexpr int lowest_score = 1;
    static constexpr int highest_score = 5;

    std::string id;
    int version = 0;
    std::vector<std::string> languages; ///< first = the language every customer starts with
    LocalizedText brand;
    LocalizedText headline;
    LocalizedText subline; ///< under the headline where there is room
    LocalizedText privacy; ///< what is true of the data, in one line
    LocalizedText thanks_title;
    LocalizedText thanks_promise; ///< what will happen with the answer: the chain's own promise
    struct Step {
        LocalizedText when;
        LocalizedText what;
    };
    std::vector<Step> thanks_steps; ///< at most three
    std::vector<LocalizedText> score_labels; ///< five, worst to best
    std::vector<Question> questions; ///< one to three
    std::vector<LocalizedText> phrases; ///< preset comments
    int reasons_at_most = 2; ///< a score up to this asks for its reasons

    Question const* find(std::string_view question_id) const;
};

/// Errors: Invalid; the detail names the place of the fault ("questions[1].reasons[0].id is missing").
Result<Survey> parse_survey(std::string_view json);

}

#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// What was said to one question. A question without a tap has no Answer. Which member is
/// filled is the question's kind's.
struct Answer {
    std::string question;
    std::optional<int> score {}; ///< ratings: within Question::lowest_score() … highest_score()
    std::vector<std::string> reasons {}; ///< of a low rating: ids, in the order they were chosen
    std::vector<std::string> choices {}; ///< of a choice: ids, in the order they were chosen
    std::optional<int> minutes {};
    std::string text {}; ///< UTF-8, personal data masked, at most Draft::max_comment_characters

    friend bool operator==(Answer const&, Answer const&) = default;
};

/// What one customer has said so far; opened by the first tap.
struct Draft {
    std::string survey;
    int survey_version = 0;
    std::string touchpoint; ///< where the box stands: exit, pickup, dining …
    std::string language; ///< the screen's language when it was said
    Stamp opened;
    SteadyTime touched {}; ///< last tap, same boot as `opened`
    std::vector<Answer> answers; ///< in the order they were first given
    std::string comment; ///< UTF-8, personal data masked, at most max_comment_characters
    /// Names of the misuse rules that this response broke (MisuseGuard), each once.
    std::vector<std::string> flags;

    static constexpr std::size_t max_comment_characters = 140;

    Answer* find(std::string_view question);
    Answer const* find(std::string_view question) const;
    friend bool operator==(Draft const&, Draft const&) = default;
};

/// Characters (code points) of a UTF-8 text: what a customer counts, not its bytes.
std::size_t count_characters(std::string_view text);

/// Complete: every question of the survey was rated. Partial: at least one.
enum class Outcome { Complete, Partial };

/// Finish: the customer was thanked. Timeout: walked away. Restart: the box went
/// down meanwhile, and the next start found the draft on disk.
enum class ClosedBy { Finish, Timeout, Restart };

char const* name(Outcome outcome);
char const* name(ClosedBy closed_by);

/// `answers` as the JSON list that store.db keeps and the wire carries unchanged:
/// [{"q":"quality","score":2,"reasons":["salty"]},{"q":"dish","choices":["soup"]},{"q":"wait","minutes":15},
/// {"q":"note","text":"…"}]; each member only where there is something to say.
std::string to_json(std::vector<Answer> const& answers);
/// Errors: Invalid.
Result<std::vector<Answer>> answers_from_json(std::string_view json);
/// `json` without what the customer wrote in it, and without answers that were nothing else. Errors: Invalid.
Result<std::string> answers_without_text(std::string_view json);

/// `flags` as store.db keeps them and the wire carries them unchanged: ["burst","repress"];
/// empty where there are none, which is nearly always.
std::string flags_to_json(std::vector<std::string> const& flags);
/// Errors: Invalid.
Result<std::vector<std::string>> flags_from_json(std::string_view json);

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}

#pragma once

#include "kiosk/model/response.h"
#include "kiosk/model/response_ref.h"
#include "platform/base/result.h"

#include <string>
#include <string_view>

namespace listenpost::kiosk {

enum class CommentState { Seen, DealtWith };

/// As in store.db and on the wire: seen, dealt_with.
char const* name(CommentState state);

/// Somebody of the store has read a comment, or done something about it. Kept, sent and pulled like a
/// response, and never changed: of several about one response the latest counts (StaffMarks).
struct StaffEvent {
    ResponseRef of;
    CommentState state = CommentState::Seen;
    std::string by; ///< who: see is_initials()
    std::string note {}; ///< UTF-8, may be empty; at most max_note_characters; personal data masked

    static constexpr std::size_t max_note_characters = Draft::max_comment_characters;

    friend bool operator==(StaffEvent const&, StaffEvent const&) = default;
};

/// What `event` says in store.db and on the wire; there is one kind.
inline constexpr std::string_view comment_handled = "comment_handled";

inline constexpr std::size_t max_initials = 4;

/// One to four letters (Latin, Hanzi, kana or Hangul), and nothing else.
bool is_initials(std::string_view text);

/// Errors: Invalid (says which member is not as written above).
Result<> check(StaffEvent const& event);

/// The event as it may be kept: checked, its note masked as comments are. Errors: Invalid.
Result<StaffEvent> fit_to_keep(StaffEvent event);

/// {"event":"comment_handled","of":{"install":"…","seq":17,"boot":"…","steady_ms":5000},"state":"seen",
/// "by":"LW","note":"…"}, the note only where there is one: as store.db keeps it and the wire carries it.
std::string event_to_json(StaffEvent const& event);
/// Whatever the bytes. Errors: Invalid.
Result<StaffEvent> event_from_json(std::string_view json);

}

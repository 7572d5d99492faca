#pragma once

#include "kiosk/model/response_ref.h"
#include "platform/base/result.h"
#include "sync/wire/heartbeat.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// A row of the log that is no response: its JSON has a member `event` that is not empty, and the install and
/// seq of the response that it tells of. Whoever counts responses passes it over.
inline constexpr std::string_view text_erased_event = "text_erased";

/// What a row's JSON says of its event; empty: a response. Errors: Corrupt (no JSON object).
Result<std::string> event_of(std::string_view json);

/// Stands in the place of a comment that was erased, so that it still counts as one.
inline constexpr std::string_view comment_erased_member = "comment_erased";

/// The response without what a person has written: its `comment`, for which `"comment_erased":true` stays,
/// and the `text` of its answers; a staff event without its `note`. Every other member stays byte for byte
/// and in its order. Errors: Corrupt (neither).
Result<std::string> without_text(std::string_view json);

/// What its box knows a row by, whatever it is called there: `boot` and `steady_ms` of its first tap; the
/// rest is as given. Errors: Corrupt (no JSON object, or without them), Invalid (no kiosk writes such ones,
/// see kiosk::check()): its box cannot be asked for it.
Result<kiosk::ResponseRef> ref_of(std::string_view install, std::int64_t seq, std::string_view json);

/// Whether the box says that its store.db has had that install: it is asked for what another has brought,
/// too.
bool has_had(Heartbeat const& box, std::string_view install);

/// The row that tells readers that already have that response or event.
std::string text_erased_json(std::int64_t seq);

}

#pragma once

#include "platform/base/result.h"

#include <string>
#include <string_view>

namespace listenpost::sync {

/// The hub's address as it is used for requests: `https://host[:port][/path]` without
/// a slash at the end, to which `/v1/…` is appended. `http://` is taken for a loopback
/// address only: a token must not cross a network in the clear.
/// Errors: Invalid; the detail is a sentence for the operator.
Result<std::string> hub_url(std::string_view text);

}

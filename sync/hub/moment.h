#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace listenpost::sync {

/// Milliseconds since 1970, from a decimal number of them or from RFC 3339 with its offset, such as
/// `2026-03-01T00:00:00+08:00`. A fraction finer than that is rounded up, so that what is at or after
/// the moment in whole milliseconds stays so. Nothing: neither, before 1970, or after the year 9999.
std::optional<std::int64_t> parse_moment(std::string_view text);

}

#pragma once

#include "sync/wire/limits.h"

#include <algorithm>
#include <string_view>

namespace listenpost::sync {

/// 32 hex digits of either case, as they come from outside.
inline bool is_install_id(std::string_view text)
{
    return text.size() == limits::install_digits && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

}

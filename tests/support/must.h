#pragma once

#include "platform/base/result.h"

#include <cstdio>
#include <cstdlib>
#include <type_traits>
#include <utility>

namespace listenpost::test {

/// The value; or the end of the program, with the reason on stderr. For programs that are not
/// Catch2's and can do nothing without it.
template <typename T>
T must(Result<T> result, char const* what = "this program cannot go on")
{
    if (!result) {
        std::fprintf(stderr, "%s: %s\n", what, result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

}

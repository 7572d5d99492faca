#pragma once

#include <cstdlib>

namespace listenpost::test {

/// Ends a fuzzer that has found what must not be, as libFuzzer notices it.
inline void require(bool held)
{
    if (!held)
        std::abort();
}

}

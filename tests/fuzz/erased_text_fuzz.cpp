#include "sync/hub/erased_text.h"
#include "sync/hub/scope.h"

#include <cstdint>
#include <cstdlib>

// Rows of a log, and limits of a token, as a damaged database or a stranger hub may have them. What is taken
// for a response has no comment afterwards, and the same again is the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace listenpost::sync;
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    if (auto const erased = without_text(bytes)) {
        auto const again = without_text(*erased);
        if (!event_of(*erased) || !again || *again != *erased)
            std::abort();
    }
    if (auto const scope = scope_from_text(bytes)) {
        auto const again = scope_from_text(to_text(*scope));
        if (!again || to_text(*again) != to_text(*scope))
            std::abort();
    }
    return 0;
}

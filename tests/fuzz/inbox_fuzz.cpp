#include "kiosk/model/store_profile.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

// What the agent puts into the inbox comes from the network in the end. Whatever the bytes: no crash,
// and a profile that is taken has all that the kiosk asks it for.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const profile = listenpost::kiosk::parse_store_profile({reinterpret_cast<char const*>(data), size});
    if (!profile) {
        if (profile.error().code != listenpost::Errc::Invalid || profile.error().detail.empty())
            std::abort();
        return 0;
    }
    if (profile->id.empty() || profile->name.empty() || profile->timezone.empty())
        std::abort();
    return 0;
}

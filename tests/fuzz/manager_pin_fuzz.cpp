#include "kiosk/manager/manager_pin.h"
#include "platform/crypto/password_hash.h"

#include <cstdint>
#include <cstdlib>

// What the agent puts into the inbox comes from the network in the end. Whatever the bytes: no crash, and
// what is taken is a hash that the box is willing to compute and finds again as it was.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace listenpost;
    auto const pin = kiosk::parse_manager_pin({reinterpret_cast<char const*>(data), size});
    if (!pin) {
        if (pin.error().code != Errc::Invalid || pin.error().detail.empty())
            std::abort();
        return 0;
    }
    if (!check_password_hash(pin->hash))
        std::abort();
    auto const again = kiosk::parse_manager_pin(kiosk::to_json({pin->hash, {}}));
    if (!again || again->hash != pin->hash)
        std::abort();
    return 0;
}

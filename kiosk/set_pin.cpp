#include "kiosk/set_pin.h"

#include "kiosk/manager/ask_for_pin.h"
#include "kiosk/manager/pin_store.h"
#include "platform/base/log.h"
#include "platform/base/wipe.h"
#include "platform/os/acting_user.h"
#include "platform/os/files.h"

namespace listenpost::kiosk {
namespace {

Result<> ask_and_set(std::filesystem::path const& data, Clock const& clock)
{
    LISTENPOST_TRY(act_as_owner(data));
    LISTENPOST_TRY(make_private_folder(data));
    auto pin = ask_for_pin();
    if (!pin)
        return fail(pin.error());
    auto const set = PinStore(data, clock).set(*pin);
    wipe(*pin);
    return set;
}

}

int set_pin(std::filesystem::path const& data, Clock const& clock)
{
    if (auto const done = ask_and_set(data, clock); !done) {
        log(LogLevel::Error, "pin_not_set",
            {{"code", name(done.error().code)}, {"detail", done.error().detail}});
        return 1;
    }
    log(LogLevel::Info, "pin_set");
    return 0;
}

}

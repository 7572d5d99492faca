#include "kiosk/set_pin.h"

#include "kiosk/manager/pin_store.h"
#include "platform/base/log.h"
#include "platform/os/acting_user.h"
#include "platform/os/files.h"
#include "platform/os/secret_input.h"

namespace listenpost::kiosk {
namespace {

Result<std::string> ask_for_pin()
{
    auto pin = read_secret("New PIN for the manager's view (6 digits): ");
    if (!pin || !input_is_terminal())
        return pin;
    LISTENPOST_TRY(check_new_pin(*pin));
    auto const again = read_secret("The same PIN once more: ");
    if (!again)
        return fail(again.error());
    if (*again != *pin)
        return fail(Errc::Invalid, "the two PINs differ; the PIN is as it was");
    return pin;
}

Result<> ask_and_set(std::filesystem::path const& data, Clock const& clock)
{
    LISTENPOST_TRY(act_as_owner(data));
    LISTENPOST_TRY(make_private_folder(data));
    auto const pin = ask_for_pin();
    if (!pin)
        return fail(pin.error());
    return PinStore(data, clock).set(*pin);
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

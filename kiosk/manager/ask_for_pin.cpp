#include "kiosk/manager/ask_for_pin.h"

#include "kiosk/manager/manager_pin.h"
#include "platform/base/wipe.h"
#include "platform/os/secret_input.h"

namespace listenpost::kiosk {

namespace {

Result<> confirm(std::string_view pin)
{
    LISTENPOST_TRY(check_new_pin(pin));
    auto again = read_secret("The same PIN once more: ");
    if (!again)
        return fail(again.error());
    bool const is_same = *again == pin;
    wipe(*again);
    return is_same ? Result<>() : fail(Errc::Invalid, "the two PINs differ; the PIN is as it was");
}

}

Result<std::string> ask_for_pin()
{
    auto pin = read_secret("New PIN for the manager's view (6 digits): ");
    if (!pin || !input_is_terminal())
        return pin;
    if (auto confirmed = confirm(*pin); !confirmed) {
        wipe(*pin);
        return fail(confirmed.error());
    }
    return pin;
}

}

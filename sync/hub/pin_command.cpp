#include "kiosk/manager/ask_for_pin.h"
#include "kiosk/manager/manager_pin.h"
#include "platform/base/wipe.h"
#include "sync/hub/commands.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

Result<std::string> hash_of_asked_pin()
{
    auto pin = kiosk::ask_for_pin();
    if (!pin)
        return pin;
    auto hash = kiosk::hash_new_pin(*pin);
    wipe(*pin);
    return hash;
}

/// Prints the stores, and for people what follows from it: beside, for scripts want the stores alone.
int ask_hub(PinOptions const& options, json request, char const* what_follows)
{
    for (auto const& [kind, names] : options.scope)
        request[kind] = names;
    int const code = run_admin_command({options.data, options.postgres,
        request.dump(-1, ' ', false, json::error_handler_t::replace), ListFormat::Text});
    return code == exit_done ? complain(code, what_follows) : code;
}

}

int run_pin_set(PinOptions const& options)
{
    auto const hash = hash_of_asked_pin();
    if (!hash)
        return complain(exit_failed, hash.error().detail);
    return ask_hub(options, {{"op", "pin.set"}, {"hash", *hash}},
        "every box of these stores gets it with its next heartbeat; `pin list` says which have it");
}

int run_pin_clear(PinOptions const& options)
{
    return ask_hub(options, {{"op", "pin.clear"}},
        "the hub sends these stores no PIN any more; their boxes keep the one they have until another is "
        "set");
}

}

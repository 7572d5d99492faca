#include "kiosk/manager/manager_pin.h"

#include "platform/crypto/password_hash.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace listenpost::kiosk {

Result<> check_new_pin(std::string_view pin)
{
    bool const is_six_digits = pin.size() == pin_digits && pin.find_first_not_of("0123456789") == pin.npos;
    if (!is_six_digits)
        return fail(Errc::Invalid, "the PIN must be six digits");
    // 111111, 123456, 987654, 789012: each digit the one before, the next or the last.
    auto const step = [&](std::size_t at) { return (pin[at + 1] - pin[at] + 10) % 10; };
    int const first = step(0);
    bool is_run = first == 0 || first == 1 || first == 9;
    for (std::size_t at = 1; at + 1 < pin.size(); ++at)
        is_run = is_run && step(at) == first;
    if (is_run)
        return fail(Errc::Invalid, "this PIN is among the first that anybody would try");
    return {};
}

Result<std::string> hash_new_pin(std::string_view pin)
{
    LISTENPOST_TRY(check_new_pin(pin));
    return hash_password(pin);
}

Result<ManagerPin> parse_manager_pin(std::string_view text)
{
    auto const root = nlohmann::json::parse(text, nullptr, false);
    if (!root.is_object())
        return fail(Errc::Invalid, "the manager's PIN is not a JSON object");
    auto const string = [&](char const* key) {
        auto const found = root.find(key);
        return found != root.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    ManagerPin pin {string("hash"), string("adopted")};
    if (auto const checked = check_password_hash(pin.hash); !checked)
        return fail(Errc::Invalid, "the hash of the manager's PIN " + checked.error().detail);
    return pin;
}

std::string to_json(ManagerPin const& pin)
{
    nlohmann::json root {{"hash", pin.hash}};
    if (!pin.adopted.empty())
        root["adopted"] = pin.adopted;
    return root.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

bool is_news(std::optional<ManagerPin> const& kept, ManagerPin const& sent)
{
    return !kept || kept->adopted != sent.hash;
}

}

#include "sync/hub/store_pins.h"

namespace listenpost::sync {
namespace {

constexpr std::string_view no_pin = "none";

PinState state_of(StorePin const& pin, Device const& box)
{
    if (!box.seen)
        return PinState::NotYet;
    auto const& held = box.seen->heartbeat.pin;
    if (!held)
        return PinState::TooOld;
    if (held->fingerprint != pin.fingerprint)
        return PinState::NotYet;
    return held->is_in_force ? PinState::HasIt : PinState::Replaced;
}

}

std::string pin_to_text(std::optional<HeldPin> const& pin)
{
    if (!pin)
        return {};
    return pin->fingerprint.empty() ? std::string(no_pin) : pin->fingerprint;
}

std::optional<HeldPin> pin_from_text(std::string_view text, bool is_in_force)
{
    if (text.empty())
        return std::nullopt;
    return HeldPin {text == no_pin ? std::string() : std::string(text), is_in_force};
}

char const* name(PinState state)
{
    switch (state) {
    case PinState::NotYet:
        return "not_yet";
    case PinState::HasIt:
        return "has_it";
    case PinState::Replaced:
        return "replaced";
    case PinState::TooOld:
        return "too_old";
    }
    return "";
}

std::vector<PinOfBox> pins_of_boxes(std::span<StorePin const> pins, std::span<Device const> devices)
{
    std::vector<PinOfBox> list;
    for (auto const& pin : pins) {
        auto const before = list.size();
        for (auto const& box : devices)
            if (box.store == pin.store && !box.revoked_ms)
                list.push_back({pin, &box, state_of(pin, box)});
        if (list.size() == before)
            list.push_back({pin});
    }
    return list;
}

}

#pragma once

#include "sync/hub/registry.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// A heartbeat's word of the manager's PIN as one column: the fingerprint; "none" where the box has no PIN of
/// HQ's; empty where it is from before the hub could send one.
std::string pin_to_text(std::optional<HeldPin> const& pin);
std::optional<HeldPin> pin_from_text(std::string_view text, bool is_in_force);

/// How it stands with the PIN of a store on one of its boxes, as the box last said.
enum class PinState {
    NotYet,
    HasIt, ///< it is on its disk, and opens the manager's view from its next use on
    Replaced, ///< it has had it, and another was set on the box since
    TooOld, ///< its program can take none from HQ
};
char const* name(PinState state);

struct PinOfBox {
    StorePin pin;
    Device const* box = nullptr; ///< nothing: the store has none in service
    PinState state = PinState::NotYet;
};

/// A line for each box in service of each store that has a PIN, and one for a store without a box.
/// `devices` must outlive it. Pure.
std::vector<PinOfBox> pins_of_boxes(std::span<StorePin const> pins, std::span<Device const> devices);

}

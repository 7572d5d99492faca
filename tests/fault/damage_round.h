#pragma once

#include "tests/fault/promises.h"

#include <cstdint>
#include <string>

namespace listenpost::test {

struct DamageResult {
    Findings findings;
    std::string damage; ///< of which file, and what
    std::string outcome; ///< what the programs made of it
};

/// A box and a hub at work, one damage, and both at work again. The same seed does the same.
DamageResult play_damage_round(std::uint64_t seed);

}

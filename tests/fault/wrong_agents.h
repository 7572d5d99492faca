#pragma once

#include "tests/fault/network_box.h"
#include "tests/fault/network_schedule.h"

#include <vector>

namespace listenpost::test {

/// An agent with a fault of its own, which a good oracle notices.
struct WrongAgent {
    char const* what;
    Wrapper wrapper;
    std::uint64_t Findings::*noticed_as;
};

std::vector<WrongAgent> wrong_agents();

}

#pragma once

#include "platform/base/result.h"

#include <string>

namespace listenpost::kiosk {

/// A new PIN for the manager's view from standard input: a line, or from a terminal twice, and unseen. It is
/// never an argument, which every user of the machine could read. Whoever gets it wipes it.
/// Errors: as read_secret(); from a terminal also as check_new_pin(), and Invalid where the two differ.
Result<std::string> ask_for_pin();

}

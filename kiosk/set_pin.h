#pragma once

#include "platform/base/clock.h"

#include <filesystem>

namespace listenpost::kiosk {

/// `listenpost-kiosk --data DIR --set-pin`: reads a PIN from standard input (from a terminal twice, unseen)
/// and keeps its hash in the data folder, as the folder's owner. A kiosk that runs takes it from the next
/// attempt on. Returns the exit code; what was wrong is told on stderr.
int set_pin(std::filesystem::path const& data, Clock const& clock);

}

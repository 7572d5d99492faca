#pragma once

#include <cstdint>
#include <filesystem>

namespace listenpost::bench {

/// Makes a store.db with `count` responses as a restaurant would collect them over some
/// months: mostly content, some with reasons, phrases and typed comments, some left half
/// way, two languages, a reboot now and then. The same for the same seed. Ends the
/// program if it cannot.
void make_backlog(std::filesystem::path const& store, std::int64_t count, unsigned seed);

}

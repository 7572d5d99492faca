#pragma once

#include "sync/hub/storage.h"

#include <cstdint>

namespace listenpost::bench {

/// At least `count` responses by the storage's own ingest: of 1,000 stores, 1,000 of each box, and lying in
/// the log as those of boxes that send now and then do, a few of one beside a few of another. `first_box`:
/// none that has sent before, see install_of(). Ends the program if it cannot.
void fill_hub(sync::Storage& storage, std::int64_t count, int first_box);

}

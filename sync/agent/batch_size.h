#pragma once

#include "sync/wire/limits.h"

#include <cstddef>

namespace listenpost::sync {

/// How many responses the next batch may hold, as the hub's answers have taught. Pure.
///
/// After a 400 the poisoned response is among so many at the front of the queue: half of them
/// are tried, and so on until it is alone. After a 413 batches are half as large, until larger
/// ones are tried again. What it remembers is about speed alone: forgetting it loses nothing.
class BatchSize {
public:
    std::size_t max_responses() const;

    /// The first `count` of the queue cannot be read as a whole.
    void poisoned(std::size_t count) { suspects_ = count; }
    /// A batch of `count` was too large; `count` is at least 2.
    void too_large(std::size_t count);
    /// The first `count` of the queue are gone.
    void settled(std::size_t count);
    /// The queue is another one: no suspects in it yet.
    void new_queue() { suspects_ = 0; }

private:
    std::size_t suspects_ = 0; ///< 0: no search
    std::size_t limit_ = limits::max_responses;
    unsigned settled_since_split_ = 0;
};

}

#include "sync/agent/batch_size.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

/// After a 413, larger batches are tried again once so many have gone through.
constexpr unsigned batches_before_growing = 16;

}

std::size_t BatchSize::max_responses() const
{
    if (suspects_ == 0)
        return limit_;
    return std::clamp<std::size_t>(suspects_ / 2, 1, limit_);
}

void BatchSize::too_large(std::size_t count)
{
    limit_ = count / 2;
    settled_since_split_ = 0;
}

void BatchSize::settled(std::size_t count)
{
    suspects_ -= std::min(suspects_, count);
    if (limit_ < limits::max_responses && ++settled_since_split_ >= batches_before_growing) {
        limit_ = std::min(limit_ * 2, limits::max_responses);
        settled_since_split_ = 0;
    }
}

}

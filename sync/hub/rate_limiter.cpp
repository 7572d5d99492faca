#include "sync/hub/rate_limiter.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

std::chrono::nanoseconds nanoseconds(double seconds)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

/// Looking through all names costs time: not more often than this, however many come.
constexpr std::chrono::milliseconds between_sweeps {1'000};

}

RateLimiter::RateLimiter(Rate rate, std::size_t max_names)
    : unlimited_(rate.per_second <= 0)
    , between_(unlimited_ ? std::chrono::nanoseconds(0) : nanoseconds(1 / rate.per_second))
    , tolerance_(unlimited_ ? std::chrono::nanoseconds(0)
                            : nanoseconds((std::max(rate.burst, 1.0) - 1) / rate.per_second))
    , max_names_(max_names)
{
}

std::optional<std::chrono::milliseconds> RateLimiter::take(std::string_view name, SteadyTime now)
{
    if (unlimited_)
        return {};
    auto& full = full_at(name, now);
    auto const wait = wait_until(full, now);
    if (!wait)
        full = std::max<Moment>(full, now) + between_;
    return wait;
}

std::optional<std::chrono::milliseconds> RateLimiter::wait_of(std::string_view name, SteadyTime now) const
{
    auto const known = full_at_.find(std::string(name));
    return unlimited_ || known == full_at_.end() ? std::nullopt : wait_until(known->second, now);
}

RateLimiter::Moment& RateLimiter::full_at(std::string_view name, SteadyTime now)
{
    std::string key(name);
    if (auto const known = full_at_.find(key); known != full_at_.end())
        return known->second;
    if (full_at_.size() >= max_names_ && now >= next_sweep_) {
        next_sweep_ = now + between_sweeps;
        std::erase_if(full_at_, [&](auto const& each) { return each.second <= Moment(now); });
    }
    if (full_at_.size() >= max_names_)
        return everybody_else_;
    return full_at_.emplace(std::move(key), Moment(now)).first->second;
}

std::optional<std::chrono::milliseconds> RateLimiter::wait_until(Moment full, SteadyTime now) const
{
    auto const wait = full - tolerance_ - Moment(now);
    if (wait.count() <= 0)
        return {};
    return std::chrono::ceil<std::chrono::milliseconds>(wait);
}

}

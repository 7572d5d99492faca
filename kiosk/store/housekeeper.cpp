#include "kiosk/store/housekeeper.h"

#include "platform/base/log.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds between_steps = 1h;

}

Housekeeper::Housekeeper(Clock const& clock)
    : clock_(&clock)
    , due_(clock.steady_now())
{
}

std::chrono::milliseconds Housekeeper::until_due() const
{
    return std::max(std::chrono::milliseconds(0), due_ - clock_->steady_now());
}

void Housekeeper::step(ResponseStore& store)
{
    auto const now = Stamp::now(*clock_);
    due_ = now.steady + between_steps;
    if (auto const noted = store.note_clock(now); !noted)
        log(LogLevel::Warn, "clock_not_noted", {{"detail", noted.error().detail}});
}

}

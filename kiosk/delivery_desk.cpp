#include "kiosk/delivery_desk.h"

#include <utility>

namespace listenpost::kiosk {

DeliveryDesk::DeliveryDesk(std::filesystem::path data, Clock const& clock, std::function<void()> wake)
    : data_(std::move(data))
    , clock_(clock)
    , wake_(std::move(wake))
{
}

void DeliveryDesk::look()
{
    {
        std::lock_guard const lock(mutex_);
        is_wanted_ = true;
        if (std::exchange(is_looking_, true))
            return;
    }
    bool const is_started = jobs_.start([this] {
        auto read = std::make_shared<DeliveryFigures const>(read_delivery_figures(data_, clock_));
        {
            std::lock_guard const lock(mutex_);
            if (is_wanted_)
                figures_ = std::move(read);
            is_looking_ = false;
        }
        wake_();
    });
    if (!is_started) {
        std::lock_guard const lock(mutex_);
        is_looking_ = false;
    }
}

std::shared_ptr<DeliveryFigures const> DeliveryDesk::figures() const
{
    std::lock_guard const lock(mutex_);
    return figures_;
}

void DeliveryDesk::forget()
{
    std::lock_guard const lock(mutex_);
    figures_ = nullptr;
    is_wanted_ = false;
}

}

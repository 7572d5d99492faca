#pragma once

#include "kiosk/store/delivery_figures.h"
#include "platform/ime/background_jobs.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

namespace listenpost::kiosk {

/// What has reached head office, read beside the screen. Threads: the screen's; `wake` is called from
/// another.
class DeliveryDesk {
public:
    /// The clock is borrowed.
    DeliveryDesk(std::filesystem::path data, Clock const& clock, std::function<void()> wake);

    /// Reads it anew, unless it is being read already.
    void look();
    /// The last that was read; null before.
    std::shared_ptr<DeliveryFigures const> figures() const;
    /// What was read, and what is being read.
    void forget();

private:
    std::filesystem::path data_;
    Clock const& clock_;
    std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::shared_ptr<DeliveryFigures const> figures_;
    bool is_looking_ = false;
    bool is_wanted_ = false; ///< since the last forget()
    BackgroundJobs jobs_; ///< last: its end waits for what uses the rest
};

}

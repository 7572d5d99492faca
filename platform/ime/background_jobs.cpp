#include "platform/ime/background_jobs.h"

#include <system_error>

namespace listenpost {

bool BackgroundJobs::start(std::function<void()> job)
{
    std::unique_lock lock(mutex_);
    jobs_.push_back(std::move(job));
    if (is_working_)
        return true;
    // The thread before, if any, has left its loop: joining waits for its last lines only.
    if (thread_.joinable())
        thread_.join();
    try {
        thread_ = std::thread([this] { work(); });
    } catch (std::system_error const&) {
        jobs_.pop_back();
        return false;
    }
    is_working_ = true;
    return true;
}

void BackgroundJobs::finish()
{
    if (thread_.joinable())
        thread_.join();
}

void BackgroundJobs::work()
{
    std::unique_lock lock(mutex_);
    while (!jobs_.empty()) {
        auto const job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
    is_working_ = false;
}

}

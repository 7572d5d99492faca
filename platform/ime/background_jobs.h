#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace listenpost {

/// Runs jobs one after another on a thread that exists only while there are any: what
/// is rarely needed is loaded beside the screen, never two things at once.
/// Threads: start() from one thread only.
class BackgroundJobs {
public:
    BackgroundJobs() = default;
    BackgroundJobs(BackgroundJobs const&) = delete;
    BackgroundJobs& operator=(BackgroundJobs const&) = delete;
    /// Waits for the jobs that were started.
    ~BackgroundJobs() { finish(); }

    /// The job must not throw. False: the system gives no thread; it will not run.
    bool start(std::function<void()> job);
    /// Returns when all jobs have ended.
    void finish();

private:
    void work();

    std::mutex mutex_;
    std::deque<std::function<void()>> jobs_;
    bool is_working_ = false;
    std::thread thread_;
};

}

#include "kiosk/store/store_thread.h"

#include "platform/base/log.h"

#include <chrono>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr std::chrono::seconds retry_after {1};

Result<> perform(ResponseStore& store, SaveDraft const& write)
{
    return store.save_draft(write.draft, write.outcome_if_left);
}

Result<> perform(ResponseStore& store, CloseDraft const& write)
{
    auto const seq = store.close_draft(write.closed_by, write.closed);
    if (!seq)
        return fail(seq.error());
    log(LogLevel::Info, "response_closed", {{"seq", *seq}, {"by", name(write.closed_by)}});
    return {};
}

}

StoreThread::StoreThread(
    ResponseStore store, std::function<void()> wake, std::optional<Housekeeper> housekeeper)
    : store_(std::move(store))
    , wake_(std::move(wake))
    , housekeeper_(std::move(housekeeper))
    , thread_([this] { run(); })
{
}

StoreThread::~StoreThread()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void StoreThread::submit(DraftWrite write)
{
    {
        std::lock_guard const lock(mutex_);
        writes_.push_back(std::move(write));
    }
    changed_.notify_one();
}

StoreNews StoreThread::news() const
{
    std::lock_guard const lock(mutex_);
    return news_;
}

/// False: there is only housekeeping to do.
bool StoreThread::wait_for_work(std::unique_lock<std::mutex>& lock)
{
    auto const is_called = [this] { return stopping_ || !writes_.empty(); };
    if (housekeeper_)
        return changed_.wait_for(lock, housekeeper_->until_due(), is_called);
    changed_.wait(lock, is_called);
    return true;
}

void StoreThread::run()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        if (!wait_for_work(lock)) {
            lock.unlock();
            housekeeper_->step(store_);
            lock.lock();
            continue;
        }
        if (writes_.empty())
            return;
        DraftWrite const write = writes_.front();

        lock.unlock();
        auto const done = std::visit([this](auto const& each) { return perform(store_, each); }, write);
        lock.lock();

        bool const was_failing = std::exchange(news_.failing, !done);
        if (done) {
            news_.stored_revision = std::visit([](auto const& each) { return each.revision; }, write);
            writes_.pop_front();
            if (housekeeper_ && std::holds_alternative<CloseDraft>(write))
                housekeeper_->response_closed();
        } else {
            if (!was_failing)
                log(LogLevel::Error, "store_failed",
                    {{"code", name(done.error().code)}, {"detail", done.error().detail}});
            if (stopping_)
                return;
        }
        // Unlocked: whoever is woken may ask for the news at once.
        lock.unlock();
        wake_();
        lock.lock();
        if (!done)
            changed_.wait_for(lock, retry_after, [this] { return stopping_; });
    }
}

}

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

StoreThread::StoreThread(ResponseStore store, std::function<void()> wake)
    : store_(std::move(store))
    , wake_(std::move(wake))
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

void StoreThread::run()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !writes_.empty(); });
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

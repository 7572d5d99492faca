#include "kiosk/store/store_thread.h"

#include "platform/base/log.h"

#include <chrono>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr std::chrono::seconds write_again_after {1};

}

StoreThread::StoreThread(Open open, std::function<void()> wake, std::optional<Housekeeper> housekeeper,
    std::chrono::milliseconds open_again_after)
    : open_(std::move(open))
    , wake_(std::move(wake))
    , housekeeper_(std::move(housekeeper))
    , open_again_after_(open_again_after)
    , thread_([this] { run(); })
{
}

StoreThread::StoreThread(
    ResponseStore store, std::function<void()> wake, std::optional<Housekeeper> housekeeper)
    : store_(std::move(store))
    , wake_(std::move(wake))
    , housekeeper_(std::move(housekeeper))
    , news_ {.is_open = true}
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
        writes_.push_back(std::visit(
            [](auto&& each) { return Write(std::forward<decltype(each)>(each)); }, std::move(write)));
    }
    changed_.notify_one();
}

Result<std::uint64_t> StoreThread::submit(StaffEvent event, Stamp now)
{
    auto kept = fit_to_keep(std::move(event)); // what can never be written must not stand in the way
    if (!kept)
        return fail(kept.error());
    std::uint64_t number = 0;
    {
        std::lock_guard const lock(mutex_);
        number = ++last_event_;
        writes_.push_back(AddEvent {number, std::move(*kept), std::move(now)});
    }
    changed_.notify_one();
    return number;
}

StoreNews StoreThread::news() const
{
    std::lock_guard const lock(mutex_);
    return news_;
}

StoreThread::Next StoreThread::wait_for_work(std::unique_lock<std::mutex>& lock)
{
    auto const is_called = [this] { return stopping_ || !writes_.empty(); };
    if (!housekeeper_)
        changed_.wait(lock, is_called);
    else if (!changed_.wait_for(lock, housekeeper_->until_due(), is_called))
        return Next::KeepHouse;
    return writes_.empty() ? Next::End : Next::Write;
}

void StoreThread::run()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        if (!store_) {
            if (stopping_ && writes_.empty())
                return;
            open(lock);
            if (store_)
                continue;
            if (stopping_)
                return;
            changed_.wait_for(lock, open_again_after_, [this] { return stopping_; });
            continue;
        }
        switch (wait_for_work(lock)) {
        case Next::End:
            return;
        case Next::KeepHouse:
            keep_house(lock);
            break;
        case Next::Write:
            write(lock);
            if (news_.failing && stopping_)
                return;
            if (news_.failing)
                changed_.wait_for(lock, write_again_after, [this] { return stopping_; });
            break;
        }
    }
}

void StoreThread::open(std::unique_lock<std::mutex>& lock)
{
    lock.unlock();
    auto opened = open_();
    Result<> done;
    if (opened) {
        store_.emplace(std::move(*opened));
        is_taken_up_ = false;
        if (housekeeper_)
            housekeeper_->store_opened();
        if (auto const taken_up = take_up_draft(); !taken_up) // the next write tries it again
            log(LogLevel::Warn, "draft_not_taken_up", {{"detail", taken_up.error().detail}});
    } else {
        done = fail(opened.error());
    }
    lock.lock();
    news_.is_open = store_.has_value();
    tell(lock, done);
}

void StoreThread::write(std::unique_lock<std::mutex>& lock)
{
    Write const write = writes_.front();
    lock.unlock();
    auto const done = perform_with_room(write);
    close_if_damaged(done);
    lock.lock();
    if (done) {
        note_stored(write);
        writes_.pop_front();
        if (housekeeper_ && !std::holds_alternative<SaveDraft>(write))
            housekeeper_->row_added();
    }
    news_.is_open = store_.has_value();
    tell(lock, done);
}

void StoreThread::note_stored(Write const& write)
{
    if (auto const* event = std::get_if<AddEvent>(&write))
        news_.stored_events = event->number;
    else if (auto const* saved = std::get_if<SaveDraft>(&write))
        news_.stored_revision = saved->revision;
    else {
        news_.stored_revision = std::get<CloseDraft>(write).revision;
        ++news_.closed;
    }
}

void StoreThread::keep_house(std::unique_lock<std::mutex>& lock)
{
    lock.unlock();
    auto const kept = housekeeper_->step(*store_, [this] { return is_wanted(); });
    close_if_damaged(kept);
    lock.lock();
    if (store_)
        return; // what else has failed keeps nobody from writing
    news_.is_open = false;
    tell(lock, kept);
}

bool StoreThread::is_wanted() const
{
    std::lock_guard const lock(mutex_);
    return stopping_ || !writes_.empty();
}

/// For open() to salvage it.
void StoreThread::close_if_damaged(Result<> const& done)
{
    if (done || done.error().code != Errc::Corrupt || !open_)
        return;
    store_->leave_files_as_they_are();
    store_.reset();
}

/// A store that was salvaged holds an earlier tap's draft, or none.
Result<> StoreThread::take_up_draft()
{
    LISTENPOST_TRY(open_draft_ ? store_->take_up_draft(open_draft_->draft, open_draft_->outcome_if_left)
                               : store_->close_left_draft());
    is_taken_up_ = true;
    return {};
}

Result<> StoreThread::perform(SaveDraft const& write)
{
    open_draft_ = write; // before it is done: damage may be met when it is on disk already
    if (!is_taken_up_)
        LISTENPOST_TRY(take_up_draft());
    return store_->save_draft(write.draft, write.outcome_if_left);
}

Result<> StoreThread::perform(CloseDraft const& write)
{
    if (!is_taken_up_)
        LISTENPOST_TRY(take_up_draft());
    auto seq = store_->close_draft(write.closed_by, write.closed);
    if (!seq && seq.error().code == Errc::NotFound && open_draft_) {
        LISTENPOST_TRY(take_up_draft());
        seq = store_->close_draft(write.closed_by, write.closed);
        if (!seq && seq.error().code == Errc::NotFound) {
            // A close that was on disk although it reported an error. Again would count it twice.
            log(LogLevel::Warn, "response_was_closed_before", {{"by", name(write.closed_by)}});
            open_draft_.reset();
            return {};
        }
    }
    if (!seq)
        return fail(seq.error());
    open_draft_.reset();
    log(LogLevel::Info, "response_closed", {{"seq", *seq}, {"by", name(write.closed_by)}});
    return {};
}

Result<> StoreThread::perform(AddEvent const& write) { return store_->add_event(write.event, write.now); }

/// On a full disk the WAL cannot grow, and a commit that fails folds nothing back: that alone may make room.
Result<> StoreThread::perform_with_room(Write const& write)
{
    auto const once = [&] { return std::visit([this](auto const& each) { return perform(each); }, write); };
    auto done = once();
    if (!done && done.error().code == Errc::Full && store_->fold_back_wal())
        done = once();
    return done;
}

/// The log gets a failure once, the screen its news always.
void StoreThread::tell(std::unique_lock<std::mutex>& lock, Result<> const& done)
{
    news_.failing = !done;
    std::string const detail = done ? std::string() : done.error().detail;
    if (std::exchange(told_, detail) != detail) {
        if (done)
            log(LogLevel::Info, "store_works_again");
        else
            log(LogLevel::Error, "store_failed", {{"code", name(done.error().code)}, {"detail", detail}});
    }
    // Unlocked: whoever is woken may ask for the news at once.
    lock.unlock();
    wake_();
    lock.lock();
}

}

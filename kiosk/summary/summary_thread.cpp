#include "kiosk/summary/summary_thread.h"

#include "kiosk/summary/catch_up.h"
#include "kiosk/summary/list_deliveries.h"
#include "kiosk/summary/list_responses.h"
#include "kiosk/summary/summarize.h"
#include "platform/base/log.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr int worth_counting = 10; ///< closed responses
constexpr std::chrono::milliseconds busy_for {100};

}

/// What the thread works with: its own, and nobody else's.
class SummaryThread::Worker {
public:
    Worker(std::filesystem::path const& data, LowRatings low)
        : store_path_(data / "store.db")
        , file_path_(data / "summary.db")
        , delivery_path_(data / "delivery.db")
        , marks_(store_path_, std::move(low))
    {
    }

    /// Errors: as ResponseReader::open() and SummaryFile::open(); Corrupt is summary.db's.
    Result<> open()
    {
        auto store = ResponseReader::open(store_path_);
        if (!store)
            return fail(
                store.error().code == Errc::Corrupt ? Errc::Io : store.error().code, store.error().detail);
        store_.emplace(std::move(*store));
        if (file_)
            return {};
        auto file = SummaryFile::open(file_path_);
        if (!file) // a newer program's file is no use either
            return fail(
                file.error().code == Errc::Invalid ? Errc::Corrupt : file.error().code, file.error().detail);
        file_.emplace(std::move(*file));
        return {};
    }
    /// store.db may be another file the next time: a salvage puts one in its place.
    void close_store() { store_.reset(); }
    /// After an error; Corrupt: it is removed, for all that it holds can be made anew.
    void close_file(Error const& error)
    {
        file_.reset();
        if (error.code != Errc::Corrupt)
            return;
        log(LogLevel::Warn, "summary_made_anew", {{"detail", error.detail}});
        for (char const* suffix : {"", "-wal", "-shm"}) {
            std::error_code ignored; // then it is met again
            std::filesystem::remove(file_path_.string() + suffix, ignored);
        }
    }

    /// Whether there is an unmarked low rating. Errors: StaffMarks', but for Corrupt, which is summary.db's.
    Result<bool> read_marks(Stamp const& now)
    {
        if (auto const read = marks_.refresh(now); !read)
            return fail(
                read.error().code == Errc::Corrupt ? Errc::Io : read.error().code, read.error().detail);
        return marks_.has_unmarked_low_rating();
    }

    Result<CatchUpProgress> catch_up() { return kiosk::catch_up(*file_, *store_); }
    Result<Summary> answer(SummaryQuery const& query) { return summarize(*file_, query); }
    Result<ResponsePage> answer(ResponseQuery const& query)
    {
        if (query.delivery)
            return list_deliveries(delivery_path_, *store_, query, &marks_);
        return list_responses(*file_, *store_, query, &marks_);
    }

private:
    std::filesystem::path store_path_;
    std::filesystem::path file_path_;
    std::filesystem::path delivery_path_; ///< the agent's
    std::optional<ResponseReader> store_;
    std::optional<SummaryFile> file_;
    StaffMarks marks_;
};

SummaryThread::SummaryThread(std::filesystem::path data, Clock const& clock, LowRatings low,
    std::function<void()> wake, std::chrono::milliseconds try_again_after)
    : data_(std::move(data))
    , clock_(clock)
    , low_(std::move(low))
    , wake_(std::move(wake))
    , try_again_after_(try_again_after)
    , thread_([this] { run(); })
{
}

SummaryThread::~SummaryThread()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

std::uint64_t SummaryThread::ask(SummaryQuery query)
{
    std::lock_guard const lock(mutex_);
    questions_.summary = std::move(query);
    questions_.summary_number = ++asked_;
    changed_.notify_one();
    return asked_;
}

std::uint64_t SummaryThread::ask(ResponseQuery query)
{
    std::lock_guard const lock(mutex_);
    questions_.responses = std::move(query);
    questions_.responses_number = ++asked_;
    changed_.notify_one();
    return asked_;
}

SummaryThread::Answer<Summary> SummaryThread::summary() const
{
    std::lock_guard const lock(mutex_);
    return summary_;
}

SummaryThread::Answer<ResponsePage> SummaryThread::responses() const
{
    std::lock_guard const lock(mutex_);
    return responses_;
}

SummaryNews SummaryThread::news() const
{
    std::lock_guard const lock(mutex_);
    return news_;
}

void SummaryThread::forget()
{
    std::lock_guard const lock(mutex_);
    forgotten_ = asked_;
    questions_ = {};
    summary_ = {};
    responses_ = {};
}

void SummaryThread::response_closed()
{
    std::lock_guard const lock(mutex_);
    if (++closed_ >= worth_counting)
        is_behind_ = true;
    are_marks_due_ = true;
    changed_.notify_one();
}

void SummaryThread::look_at_marks()
{
    std::lock_guard const lock(mutex_);
    are_marks_due_ = true;
    changed_.notify_one();
}

void SummaryThread::run()
{
    Worker worker(data_, low_);
    bool made_anew = false;
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(
            lock, [this] { return stopping_ || is_behind_ || are_marks_due_ || questions_.is_any(); });
        if (stopping_)
            return;
        bool const is_only_a_look = !is_behind_ && !questions_.is_any();
        bool const was_low = news_.has_unmarked_low_rating;
        auto const done = work(lock, worker);
        worker.close_store();
        if (!done)
            worker.close_file(done.error());
        bool const at_once = !done && done.error().code == Errc::Corrupt && !made_anew;
        made_anew = at_once;
        // While customers come and nothing has changed for the screen, it is not woken.
        if (!is_only_a_look || !done || news_.has_unmarked_low_rating != was_low)
            tell(lock, done, at_once);
        if (!done && !at_once)
            changed_.wait_for(lock,
                done.error().code == Errc::Busy ? std::min(busy_for, try_again_after_) : try_again_after_,
                [this] { return stopping_; });
    }
}

Result<> SummaryThread::work(std::unique_lock<std::mutex>& lock, Worker& worker)
{
    // What is asked later may be about responses that this run does not see: it gets another one.
    std::uint64_t const asked_before = asked_;
    LISTENPOST_TRY(read_marks(lock, worker));
    if (!is_behind_ && !questions_.is_any())
        return {};
    lock.unlock();
    auto const opened = worker.open();
    lock.lock();
    LISTENPOST_TRY(opened);
    LISTENPOST_TRY(catch_up(lock, worker));
    return answer(lock, worker, asked_before);
}

/// Before a list is made, too: it shows them.
Result<> SummaryThread::read_marks(std::unique_lock<std::mutex>& lock, Worker& worker)
{
    if (!are_marks_due_ && !questions_.responses)
        return {};
    are_marks_due_ = false;
    lock.unlock();
    auto const is_low = worker.read_marks(Stamp::now(clock_));
    lock.lock();
    if (!is_low) {
        are_marks_due_ = true;
        return fail(is_low.error());
    }
    news_.has_unmarked_low_rating = *is_low;
    return {};
}

Result<> SummaryThread::catch_up(std::unique_lock<std::mutex>& lock, Worker& worker)
{
    closed_ = 0;
    while (!stopping_) {
        lock.unlock();
        auto const progress = worker.catch_up();
        lock.lock();
        if (!progress)
            return fail(progress.error());
        news_.counted_up_to = progress->counted_up_to;
        news_.of = progress->last_seq;
        is_behind_ = !progress->is_done();
        if (!is_behind_)
            return {};
        news_.is_catching_up = true;
        lock.unlock();
        wake_();
        lock.lock();
    }
    return {};
}

Result<> SummaryThread::answer(std::unique_lock<std::mutex>& lock, Worker& worker, std::uint64_t asked_before)
{
    auto const give = [&](auto& question, std::uint64_t number, auto& answer) -> Result<> {
        if (!question || number > asked_before || stopping_)
            return {};
        auto const query = std::move(*question);
        question.reset();
        lock.unlock();
        auto made = worker.answer(query);
        lock.lock();
        if (number <= forgotten_)
            return {};
        if (!made && !question)
            question = query; // asked again: what is failing may heal, and the screen says that it fails
        if (!made)
            return fail(made.error());
        using Value = std::remove_reference_t<decltype(*made)>;
        answer = {number, std::make_shared<Value const>(std::move(*made))};
        return {};
    };
    LISTENPOST_TRY(give(questions_.summary, questions_.summary_number, summary_));
    return give(questions_.responses, questions_.responses_number, responses_);
}

/// The log gets a failure once, the screen its news always. `is_made_anew`: what was Corrupt is removed, and
/// will do.
void SummaryThread::tell(std::unique_lock<std::mutex>& lock, Result<> const& done, bool is_made_anew)
{
    // Before the kiosk's first start there is nothing to count, and while it is made anew nothing is wrong.
    bool const is_failure
        = !done && done.error().code != Errc::NotFound && !is_made_anew && done.error().code != Errc::Busy;
    news_.failing = is_failure;
    news_.is_catching_up = !done;
    if (!done)
        is_behind_ = true;
    std::string const detail = is_failure ? done.error().detail : std::string();
    if (std::exchange(told_, detail) != detail && is_failure)
        log(LogLevel::Warn, "summary_failed", {{"code", name(done.error().code)}, {"detail", detail}});
    lock.unlock();
    wake_();
    lock.lock();
}
}

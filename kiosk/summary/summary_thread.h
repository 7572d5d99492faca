#pragma once

#include "kiosk/store/staff_marks.h"
#include "kiosk/summary/response_list.h"
#include "kiosk/summary/summary.h"
#include "platform/base/result.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace listenpost::kiosk {

/// How the figures stand to what is stored.
struct SummaryNews {
    bool is_catching_up = false; ///< figures lack the newest responses, or, once in a box's life, the oldest
    std::int64_t counted_up_to = 0; ///< seq
    std::int64_t of = 0; ///< last seq; with counted_up_to what a progress bar shows
    bool failing = false; ///< store.db or the cache cannot be read; it tries again by itself
    bool has_unmarked_low_rating = false; ///< see StaffMarks; as of what was looked at last
};

/// Answers the manager's questions from summary.db (SummaryCache), which it keeps up with store.db on a
/// thread of its own: no tap and no frame waits for it. Only reads store.db. An answer is made from all
/// that was stored when it was begun. It also knows what staff has marked (StaffMarks), and looks whether
/// there is a very low rating that nobody has: at the start, and when it is told to.
/// Threads: everything from the screen's thread; `wake` is called from the summary's own.
class SummaryThread {
public:
    /// `data`: the folder with store.db, which need not be there yet; summary.db is made beside it.
    /// The clock, which any thread may ask, is borrowed: by it the last days end.
    /// `wake`: there is an answer or news; must be callable from any thread.
    SummaryThread(std::filesystem::path data, Clock const& clock, LowRatings low, std::function<void()> wake,
        std::chrono::milliseconds try_again_after = std::chrono::seconds(5));
    /// Gives up what is not answered.
    ~SummaryThread();
    SummaryThread(SummaryThread const&) = delete;
    SummaryThread& operator=(SummaryThread const&) = delete;

    /// Never waits. The number is that of the answer, see Answer; a later question of the same kind
    /// replaces one that is not answered yet. Asking the same again brings it up to date. While one cannot be
    /// answered, whatever the reason, it stays asked, and news() say so.
    std::uint64_t ask(SummaryQuery query);
    std::uint64_t ask(ResponseQuery query);

    /// The last that was answered: to what, and the answer; null before the first.
    template <typename T>
    struct Answer {
        std::uint64_t number = 0;
        std::shared_ptr<T const> value;
    };
    Answer<Summary> summary() const;
    Answer<ResponsePage> responses() const;
    SummaryNews news() const;

    /// Keeps no answer and no question of those asked so far: whoever asked has gone.
    void forget();

    /// There is one more in store.db: every ten are counted at once, so that the next question need not wait
    /// for them, and no more than that is done while customers come, but for a look at the one that is new
    /// (about 0.3 ms).
    void response_closed();
    /// A staff event was stored, or a day has ended: which low ratings nobody has marked may have changed.
    void look_at_marks();

private:
    class Worker;
    struct Questions {
        std::optional<SummaryQuery> summary;
        std::optional<ResponseQuery> responses;
        std::uint64_t summary_number = 0;
        std::uint64_t responses_number = 0;
        bool is_any() const { return summary || responses; }
    };

    void run();
    Result<> work(std::unique_lock<std::mutex>& lock, Worker& worker);
    Result<> read_marks(std::unique_lock<std::mutex>& lock, Worker& worker);
    Result<> catch_up(std::unique_lock<std::mutex>& lock, Worker& worker);
    Result<> answer(std::unique_lock<std::mutex>& lock, Worker& worker, std::uint64_t asked_before);
    void tell(std::unique_lock<std::mutex>& lock, Result<> const& done, bool is_made_anew);

    std::filesystem::path data_;
    Clock const& clock_;
    LowRatings low_;
    std::function<void()> wake_;
    std::chrono::milliseconds try_again_after_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t asked_ = 0;
    std::uint64_t forgotten_ = 0; ///< the last question that nobody wants answered any more
    Questions questions_;
    Answer<Summary> summary_;
    Answer<ResponsePage> responses_;
    SummaryNews news_ {.is_catching_up = true};
    int closed_ = 0; ///< responses, since it caught up
    bool is_behind_ = true;
    bool are_marks_due_ = true;
    bool stopping_ = false;
    std::string told_; ///< the failure that the log has got
    std::thread thread_; ///< last: starts when all else is ready
};

}

// What a durable answer costs beside the least that SQLite can do for a durable row.
//
//   tap_bench DIR [ROUNDS]     JSON for scripts/bench: median CPU of one save_draft() and of one raw insert;
//                              median wall time of a tap from submit() to the store thread's word that it
//                              is on disk, and of one raw insert
//   tap_bench --counting DIR [ROUNDS]     the same while the manager's figures of 200,000 responses in the
//   same
//                              store.db are counted anew, again and again, on their thread
//   tap_bench --saves N DIR    only N save_draft(): scripts/bench counts the syncs of it with strace
//
// The raw insert: one prepared statement into a table without an index, same bytes in
// the row, same file system, WAL and synchronous=FULL as ResponseStore has. Rounds of
// both alternate, so that a busy machine hits both.

#include "kiosk/store/response_store.h"
#include "kiosk/store/store_thread.h"
#include "kiosk/summary/summary_thread.h"
#include "platform/os/system_clock.h"
#include "platform/sqlite/database.h"
#include "tests/support/sample_month.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr int taps_a_round = 100;
constexpr int wall_taps = 300;

Draft typical_draft(int tap)
{
    Draft draft;
    draft.survey = "qsc-restaurant";
    draft.survey_version = 1;
    draft.touchpoint = "exit";
    draft.language = "zh-CN";
    draft.opened = {WallTime(std::chrono::milliseconds(1'790'000'000'000)), true,
        SteadyTime(std::chrono::milliseconds(86'390'000)), "0123456789abcdef0123456789abcdef"};
    draft.touched = SteadyTime(std::chrono::milliseconds(86'390'000 + tap));
    draft.answers = {{"quality", 1 + tap % 5, {}}, {"service", 5, {}}, {"cleanliness", 2, {"table"}}};
    return draft;
}

/// Of this thread alone, on which the rounds are.
double cpu_microseconds()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <typename T>
T must(Result<T> result, char const* what)
{
    if (!result) {
        std::fprintf(stderr, "tap_bench: %s: %s\n", what, result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

void save_taps(ResponseStore& store, int taps)
{
    for (int tap = 0; tap < taps; ++tap)
        must(store.save_draft(typical_draft(tap), Outcome::Complete), "save_draft");
}

/// The same columns as a draft's, without a thought for anything but the insert.
sqlite::Statement prepare_raw(sqlite::Database& database)
{
    must(database.execute("CREATE TABLE IF NOT EXISTS raw (a, b, c, d, e, f, g, h, i, j, k, l)"), "create");
    return must(database.prepare("INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"), "prepare");
}

void insert_raw(sqlite::Statement& insert, int rows)
{
    std::string const boot = "0123456789abcdef0123456789abcdef";
    std::string const answers = to_json(typical_draft(0).answers);
    for (int row = 0; row < rows; ++row) {
        insert.bind(1, std::int64_t {1'790'000'000'000})
            .bind(2, std::int64_t {86'390'000})
            .bind(3, std::int64_t {86'390'000 + row})
            .bind(4, std::int64_t {1})
            .bind(5, boot)
            .bind(6, "qsc-restaurant")
            .bind(7, std::int64_t {1})
            .bind(8, "exit")
            .bind(9, "zh-CN")
            .bind(10, "complete")
            .bind(11, answers)
            .bind(12, "");
        must(insert.run(), "insert");
    }
}

template <typename Work>
double wall_milliseconds(Work&& work)
{
    auto const begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

/// Counts a store's responses as a kiosk does that has lost its summary.db, without an end.
class Counting {
public:
    explicit Counting(std::filesystem::path data)
        : data_(std::move(data))
        , thread_([this] { run(); })
    {
    }
    ~Counting()
    {
        stopping_ = true;
        news_.release();
        thread_.join();
    }
    Counting(Counting const&) = delete;
    Counting& operator=(Counting const&) = delete;

private:
    void run()
    {
        while (!stopping_) {
            for (char const* suffix : {"", "-wal", "-shm"})
                std::filesystem::remove((data_ / "summary.db").string() + suffix);
            SummaryThread summary(data_, clock_, {}, [this] { news_.release(); });
            while (!stopping_ && summary.news().is_catching_up)
                news_.acquire();
        }
    }

    std::filesystem::path data_;
    SystemClock clock_;
    std::counting_semaphore<> news_ {0};
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}

int main(int argc, char** argv)
{
    std::vector<std::string> words(argv + 1, argv + argc);
    bool const count_only = words.size() == 3 && words[0] == "--saves";
    bool const is_counting = !words.empty() && words[0] == "--counting";
    if (is_counting)
        words.erase(words.begin());
    if (!count_only && (words.empty() || words.size() > 2)) {
        std::fputs("use: tap_bench [--counting] DIR [ROUNDS] | tap_bench --saves N DIR\n", stderr);
        return 2;
    }
    std::filesystem::path const folder = count_only ? words[2] : words[0];
    std::filesystem::create_directories(folder);
    if (is_counting)
        bench::make_month(
            folder / "store.db", {.days = 400, .last_day = std::chrono::year(2026) / 11 / 27, .guests = 470});
    auto store = must(ResponseStore::open(folder / "store.db"), "open store.db");
    if (count_only) {
        save_taps(store, std::atoi(words[1].c_str()));
        return 0;
    }

    auto database = must(sqlite::Database::open(folder / "raw.db", sqlite::OpenMode::Writer), "open raw.db");
    auto insert = prepare_raw(database);
    std::optional<Counting> counting;
    if (is_counting)
        counting.emplace(folder);
    int const rounds = words.size() > 1 ? std::atoi(words[1].c_str()) : 31;
    std::vector<double> tap_us;
    std::vector<double> raw_us;
    std::vector<double> ratios; // round by round: a disk that is slow for a while is slow for both
    for (int round = 0; round < rounds; ++round) {
        double const begun = cpu_microseconds();
        insert_raw(insert, taps_a_round);
        double const between = cpu_microseconds();
        save_taps(store, taps_a_round);
        raw_us.push_back((between - begun) / taps_a_round);
        tap_us.push_back((cpu_microseconds() - between) / taps_a_round);
        ratios.push_back(tap_us.back() / raw_us.back());
    }

    std::vector<double> wall_ms;
    std::vector<double> raw_wall_ms;
    std::counting_semaphore<> news(0);
    StoreThread thread(std::move(store), [&] { news.release(); });
    for (int tap = 1; tap <= wall_taps; ++tap) {
        raw_wall_ms.push_back(wall_milliseconds([&] { insert_raw(insert, 1); }));
        wall_ms.push_back(wall_milliseconds([&] {
            auto const revision = static_cast<std::uint64_t>(tap);
            thread.submit(SaveDraft {revision, typical_draft(tap), Outcome::Complete});
            while (thread.news().stored_revision < revision)
                news.acquire();
        }));
    }
    std::printf(
        "{\"tap_cpu_us\":%.2f,\"raw_cpu_us\":%.2f,\"ratio\":%.3f,\"wall_ms\":%.3f,\"raw_wall_ms\":%.3f}\n",
        median(tap_us), median(raw_us), median(ratios), median(wall_ms), median(raw_wall_ms));
    return 0;
}

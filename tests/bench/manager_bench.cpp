// What the manager's view costs with 1,000,000 responses on the box.
//
//   manager_bench DIR [RESPONSES] [RUNS]     JSON for scripts/bench: median CPU of the first view in a kiosk
//                       that has started (which counts what is new and reads what staff has marked, once),
//                       and of a switch to another period; beside them the same figures by SQL over store.db.
//                       Also what counting all of them anew costs, and what a page of comments does.
//   manager_bench --open DIR     the measured process: RESPONSES are there and counted

#include "kiosk/store/response_store.h"
#include "kiosk/summary/summary_thread.h"
#include "platform/os/system_clock.h"
#include "platform/sqlite/database.h"
#include "tests/support/sample_month.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <semaphore>
#include <sstream>
#include <string>
#include <vector>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr int days = 400;
/// 22:00 of the last day, in Shanghai.
constexpr auto last_day = std::chrono::year(2026) / 11 / 27;
WallTime const now = std::chrono::sys_days(last_day) + std::chrono::hours(22 - 8);

double cpu_milliseconds()
{
    timespec time {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

template <typename T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "manager_bench: %s\n", result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

std::shared_ptr<Survey const> survey()
{
    std::stringstream text;
    text << std::ifstream(SURVEYS "/qsc-restaurant.json").rdbuf();
    return std::make_shared<Survey const>(must(parse_survey(text.str())));
}

class View {
public:
    explicit View(std::filesystem::path const& data)
        : thread_(data, clock_, {five_face_questions(*survey())}, [this] { news_.release(); })
    {
        while (thread_.news().is_catching_up)
            news_.acquire();
    }
    void ask(SummaryQuery const& query)
    {
        auto const number = thread_.ask(query);
        while (thread_.summary().number != number)
            news_.acquire();
    }
    void ask(ResponseQuery const& query)
    {
        auto const number = thread_.ask(query);
        while (thread_.responses().number != number)
            news_.acquire();
    }

private:
    SystemClock clock_;
    std::counting_semaphore<> news_ {0};
    SummaryThread thread_;
};

template <typename Work>
double cost(Work&& work)
{
    double const begun = cpu_milliseconds();
    work();
    return cpu_milliseconds() - begun;
}

/// The ratings of a period and its usual weeks by day, hour and question, as one would ask without a cache.
void ask_by_sql(std::filesystem::path const& data, int days_back)
{
    auto store = must(sqlite::Database::open(data / "store.db", sqlite::OpenMode::Reader));
    auto query = must(store.prepare(
        "SELECT (opened_ms / 1000 + 14400) / 86400 AS day, (opened_ms / 3600000) % 24 AS hour, "
        "json_extract(value, '$.q') AS q, json_extract(value, '$.score') AS score, count(*) "
        "FROM response, json_each(answers) WHERE flags = '' AND opened_ms >= ?1 GROUP BY 1, 2, 3, 4"));
    std::int64_t const from = (now - std::chrono::days(days_back)).time_since_epoch().count();
    query.bind(1, from);
    while (must(query.step()))
        ;
}

int measure(std::filesystem::path const& data)
{
    SummaryQuery query {
        .period = Period::Today, .now = now, .zone = "Asia/Shanghai", .survey = survey(), .touchpoint = {}};
    std::optional<View> view;
    view.emplace(data);
    double const open = cost([&] { view->ask(query); });
    query.period = Period::SevenDays;
    double const seven = cost([&] { view->ask(query); });
    query.period = Period::TwentyEightDays;
    double const twenty_eight = cost([&] { view->ask(query); });
    query.period = Period::Today;
    double const today = cost([&] { view->ask(query); });
    query.period = Period::TwentyEightDays;
    ResponseQuery comments;
    comments.of = query;
    comments.with_comment_only = true;
    comments.order = ResponseOrder::LowestScoreFirst;
    double const page = cost([&] { view->ask(comments); });
    ResponseQuery bar;
    bar.of = query;
    bar.question = "service";
    bar.lowest_score = 2;
    bar.highest_score = 2;
    double const behind_bar = cost([&] { view->ask(bar); });
    double const sql_open = cost([&] { ask_by_sql(data, 1 + 56); });
    double const sql_switch = cost([&] { ask_by_sql(data, 28 + 56); });
    std::printf("%f %f %f %f %f %f\n", open, std::max({seven, twenty_eight, today}), page, sql_open,
        sql_switch, behind_bar);
    return 0;
}

/// A few customers since the manager looked last.
void add_some(ResponseStore& store, int run)
{
    for (int each = 0; each < 5; ++each) {
        SteadyTime const steady(std::chrono::milliseconds(1'000'000 + run * 60'000 + each * 5'000));
        Draft draft {.survey = "qsc-restaurant",
            .survey_version = 1,
            .touchpoint = "exit",
            .language = "zh-CN",
            .opened = {now - std::chrono::minutes(90 - run), true, steady, "bench"},
            .touched = steady,
            .answers = {{.question = "quality", .score = 5},
                {.question = "service", .score = 2, .reasons = {"long_wait"}},
                {.question = "cleanliness", .score = 4}},
            .comment = {},
            .flags = {}};
        must(store.save_draft(draft, Outcome::Complete));
        must(store.close_draft(ClosedBy::Finish, steady));
    }
}

std::vector<double> run_process(std::string const& program, std::filesystem::path const& data)
{
    std::string const command = "'" + program + "' --open '" + data.string() + "'";
    FILE* const out = popen(command.c_str(), "r");
    std::vector<double> figures(6);
    for (double& figure : figures)
        if (!out || std::fscanf(out, "%lf", &figure) != 1) {
            std::fputs("manager_bench: the measured process failed\n", stderr);
            std::exit(1);
        }
    pclose(out);
    return figures;
}

double median_of(std::vector<std::vector<double>> const& runs, std::size_t figure)
{
    std::vector<double> values;
    for (auto const& run : runs)
        values.push_back(run[figure]);
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}

int main(int argc, char** argv)
{
    if (argc == 3 && std::string(argv[1]) == "--open")
        return measure(argv[2]);
    if (argc < 2 || argc > 4) {
        std::fputs("use: manager_bench DIR [RESPONSES] [RUNS]\n", stderr);
        return 2;
    }
    std::filesystem::path const data = argv[1];
    double const responses = argc > 2 ? std::atof(argv[2]) : 1'000'000;
    int const runs = argc > 3 ? std::atoi(argv[3]) : 7;
    std::filesystem::create_directories(data);
    bench::make_month(data / "store.db",
        {.days = days, .last_day = last_day, .last_hour = 22, .guests = responses / days / 1.07});
    double const anew = cost([&] {
        View view(data);
        view.ask(SummaryQuery {.now = now, .zone = "Asia/Shanghai", .survey = survey(), .touchpoint = {}});
    });
    auto store = must(ResponseStore::open(data / "store.db"));
    auto const all = must(store.last_seq());
    std::vector<std::vector<double>> measured;
    for (int run = 0; run < runs; ++run) {
        add_some(store, run);
        measured.push_back(run_process(argv[0], data));
    }
    std::printf("{\"manager_open_cpu_ms\":{\"value\":%.2f,\"baseline\":%.1f},"
                "\"period_switch_cpu_ms\":{\"value\":%.2f,\"baseline\":%.1f},"
                "\"comments_page_cpu_ms\":{\"value\":%.2f},"
                "\"distribution_page_cpu_ms\":{\"value\":%.2f},"
                "\"count_anew_cpu_us\":{\"value\":%.2f}}\n",
        median_of(measured, 0), median_of(measured, 3), median_of(measured, 1), median_of(measured, 4),
        median_of(measured, 2), median_of(measured, 5), anew * 1e3 / static_cast<double>(all));
    return 0;
}

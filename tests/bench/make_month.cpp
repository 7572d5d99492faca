// Makes the data of a restaurant's box for trying out and drawing the manager's view: store.db, the store's
// profile in inbox/store.json, and what the agent has delivered (all but the last twelve).
//
//   make_month --data DIR [--store busy|bad_week|quiet] [--days N] [--until YYYY-MM-DD] [--hour H] [--seed N]
//
// --until: the last day, in Shanghai; --hour: the last day goes no further. Today, whole, unless they say so.

#include "sync/agent/delivery_opener.h"
#include "sync/agent/delivery_store.h"
#include "tests/support/sample_month.h"

#include "kiosk/store/response_reader.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>

using namespace listenpost;

namespace {

[[noreturn]] void bad_use(std::string const& what)
{
    std::fprintf(stderr,
        "make_month: %s\nuse: make_month --data DIR [--store busy|bad_week|quiet] [--days N] "
        "[--until YYYY-MM-DD] [--hour H] [--seed N]\n",
        what.c_str());
    std::exit(2);
}

std::map<std::string, std::string> read_options(int argc, char** argv)
{
    std::map<std::string, std::string> options {{"--store", "busy"}, {"--days", "84"}, {"--hour", "24"},
        {"--seed", "1"}, {"--until", ""}, {"--data", ""}};
    for (int each = 1; each < argc; each += 2) {
        auto const option = options.find(argv[each]);
        if (option == options.end() || each + 1 == argc)
            bad_use(std::string("what is ") + argv[each]);
        option->second = argv[each + 1];
    }
    if (options["--data"].empty())
        bad_use("--data is missing");
    return options;
}

std::chrono::year_month_day day_of(std::string const& text)
{
    if (text.empty())
        return std::chrono::floor<std::chrono::days>(
            std::chrono::system_clock::now() + std::chrono::hours(8));
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (std::sscanf(text.c_str(), "%d-%u-%u", &year, &month, &day) != 3)
        bad_use("no date: " + text);
    std::chrono::year_month_day const date {
        std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok())
        bad_use("no date: " + text);
    return date;
}

bench::MonthOf store_of(std::string const& text)
{
    if (text == "busy")
        return bench::MonthOf::Busy;
    if (text == "bad_week")
        return bench::MonthOf::BadWeek;
    if (text == "quiet")
        return bench::MonthOf::Quiet;
    bad_use("no such store: " + text);
}

void deliver(std::filesystem::path const& data, std::int64_t last_seq)
{
    constexpr std::int64_t waiting = 12;
    constexpr std::int64_t batch = 1'000;
    auto const install = kiosk::ResponseReader::open(data / "store.db").value().installs().value().back().id;
    auto delivery = sync::DeliveryStore::open(data / "delivery.db").value();
    for (std::int64_t mark = 0; mark < last_seq - waiting;) {
        sync::Settlement settlement {.install = install,
            .seqs = {},
            .mark = mark,
            .refused = {},
            .digests = {},
            .at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
        while (mark < last_seq - waiting && static_cast<std::int64_t>(settlement.seqs.size()) < batch)
            settlement.seqs.push_back(++mark);
        if (!delivery.settle(settlement)) {
            std::fputs("make_month: cannot write delivery.db\n", stderr);
            std::exit(1);
        }
    }
}

}

int main(int argc, char** argv)
{
    auto options = read_options(argc, argv);
    std::filesystem::path const data = options["--data"];
    std::filesystem::create_directories(data / "inbox");
    bench::Month const month {.store = store_of(options["--store"]),
        .days = std::atoi(options["--days"].c_str()),
        .last_day = day_of(options["--until"]),
        .last_hour = std::atoi(options["--hour"].c_str()),
        .seed = static_cast<unsigned>(std::atoi(options["--seed"].c_str()))};
    std::int64_t const count = bench::make_month(data / "store.db", month);
    std::ofstream(data / "inbox/store.json")
        << R"({"id":"sh-0001","name":"人民广场店","timezone":"Asia/Shanghai"})" << '\n';
    deliver(data, count);
    std::printf("%lld responses\n", static_cast<long long>(count));
    return 0;
}

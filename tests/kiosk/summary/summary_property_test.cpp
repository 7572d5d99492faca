#include "tests/kiosk/summary/asker.h"
#include "tests/kiosk/summary/recount.h"
#include "tests/kiosk/summary/shop_box.h"

#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <optional>

using namespace listenpost;
using namespace listenpost::kiosk;
using test::Asker;
using test::ShopBox;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// Clocks change on one of these days.
struct Place {
    char const* zone;
    std::int64_t day_ms; ///< some day near the change, UTC
};
constexpr std::array<Place, 7> places {{
    {"Europe/Berlin", 1'792'886'400'000}, // 2026-10-25
    {"Europe/Berlin", 1'774'742'400'000}, // 2026-03-29
    {"America/New_York", 1'793'491'200'000}, // 2026-11-01
    {"Asia/Shanghai", 1'790'000'000'000}, {"Asia/Kathmandu", 1'790'000'000'000},
    {"Australia/Lord_Howe", 1'791'072'000'000}, // 2026-10-04
    {"Australia/Lord_Howe", 1'775'347'200'000}, // 2026-04-05
}};

SummaryQuery random_query(ShopBox& box, char const* zone, int day_change_hour)
{
    static auto const survey = std::make_shared<Survey const>(test::survey_of_all_kinds());
    return {.period = static_cast<Period>(box.below(3)),
        .now = WallTime(std::chrono::milliseconds(box.now_ms() - box.below(4) * box.below(day_ms))),
        .zone = zone,
        .day_change_hour = day_change_hour,
        .survey = survey,
        .touchpoint = box.chance(70) ? "" : "exit"};
}

ResponseQuery random_list(ShopBox& box, SummaryQuery const& of)
{
    ResponseQuery query;
    query.of = of;
    if (box.chance(20))
        query.weekday = static_cast<int>(box.below(7));
    if (box.chance(30))
        query.hours = {static_cast<int>(box.below(12)), static_cast<int>(12 + box.below(12))};
    if (box.chance(10))
        query.hours = {20, 3};
    constexpr std::array questions {"quality", "service", "recommend", "dish"};
    if (box.chance(40))
        query.question = questions[static_cast<std::size_t>(box.below(questions.size()))];
    if (box.chance(40))
        query.highest_score = static_cast<int>(box.below(4));
    if (box.chance(20))
        query.lowest_score = query.highest_score; // a bar of a distribution
    if (box.chance(20))
        query.reason = box.chance(80) ? "slow" : "unheard-of";
    if (box.chance(15))
        query.choice = box.chance(80) ? "soup" : "unheard-of";
    if (box.chance(15))
        query.minutes = {static_cast<int>(box.below(20)), static_cast<int>(20 + box.below(30))};
    query.kind = static_cast<ResponseQuery::Kind>(box.below(5));
    query.with_comment_only = box.chance(40);
    query.with_flagged = box.chance(30);
    query.order = box.chance(50) ? ResponseOrder::NewestFirst : ResponseOrder::LowestScoreFirst;
    query.offset = static_cast<std::size_t>(box.below(5));
    query.limit = static_cast<std::size_t>(1 + box.below(20));
    return query;
}

void spoil(ShopBox& box, std::filesystem::path const& file)
{
    auto const size = std::filesystem::file_size(file);
    if (box.chance(20)) {
        std::filesystem::resize_file(file, size / 2);
        return;
    }
    // A page, or the header: what a disk loses.
    constexpr std::int64_t page = 4'096;
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(box.below(static_cast<std::int64_t>(size) / page) * page);
    out << std::string(page, static_cast<char>(box.below(256)));
}

void check_list(ShopBox& box, Asker& asker, SummaryQuery const& of)
{
    auto const query = random_list(box, of);
    auto const page = asker.ask(query);
    auto const expected = test::relist(box.told(), query);
    REQUIRE(page.total == expected.size());
    std::size_t last_page = 0;
    for (std::size_t begin = 0; begin < expected.size(); begin += query.limit)
        last_page = begin;
    std::size_t const first = query.offset < expected.size() ? query.offset : last_page;
    REQUIRE(page.offset == first);
    REQUIRE(page.responses.size() == std::min(query.limit, expected.size() - first));
    auto reader = ResponseReader::open(box.store_file()).value();
    for (std::size_t each = 0; each < page.responses.size(); ++each) {
        auto const& listed = page.responses[each];
        CHECK(listed.comment == expected[first + each].draft.comment);
        CHECK(listed.answers == expected[first + each].draft.answers);
        CHECK(listed.flags == expected[first + each].draft.flags);
        CHECK(reader.find(listed.ref.seq).value()->comment == listed.comment);
        CHECK(listed.ref.boot == expected[first + each].draft.opened.boot_id);
    }
}

}

TEST_CASE(
    "Figures are those of a plain recount, whatever has become of clocks, seqs, old responses and summary.db",
    "[summary]")
{
    for (unsigned seed = 1; seed <= 14; ++seed) {
        auto const& place = places[seed % places.size()];
        INFO("seed " << seed << ", " << place.zone);
        ShopBox box(seed, place.day_ms - 115 * day_ms);
        constexpr std::array day_changes {4, 0, 3, 2, 6};
        int const day_change = day_changes[seed % day_changes.size()];
        std::optional<Asker> asker(std::in_place, box.data());
        for (int step = 0; step < 40; ++step) {
            box.live(1 + static_cast<int>(box.below(5)));
            switch (box.below(9)) {
            case 0:
            case 1:
                box.adopt();
                break;
            case 2:
                box.restart();
                break;
            case 3:
                asker.reset();
                asker.emplace(box.data());
                break;
            case 4:
                asker.reset();
                if (box.chance(30))
                    std::filesystem::remove(box.data() / "summary.db");
                else if (std::filesystem::exists(box.data() / "summary.db"))
                    spoil(box, box.data() / "summary.db");
                asker.emplace(box.data());
                break;
            case 5:
                // Some are left from before all that a figure looks at, by which it knows when the box began.
                box.remove_before(box.now_ms() - 105 * day_ms);
                break;
            default:
                break;
            }
            auto const query = random_query(box, place.zone, day_change);
            auto const summary = asker->ask(query);
            REQUIRE(test::describe(summary) == test::describe(test::recount(box.told(), query)));
            check_list(box, *asker, query);
        }
    }
}

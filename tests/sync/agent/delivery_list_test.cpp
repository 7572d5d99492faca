#include "kiosk/store/delivery_figures.h"
#include "kiosk/store/retention.h"
#include "kiosk/summary/list_deliveries.h"
#include "tests/sync/agent/uploader_box.h"

#include <algorithm>
#include <random>
#include <set>

using namespace listenpost;
using kiosk::DeliveryList;
using kiosk::DeliveryState;

namespace {

kiosk::ResponseQuery query_of(test::UploaderBox const& box, DeliveryList list)
{
    kiosk::ResponseQuery query;
    query.of.now = box.clock.wall;
    query.of.zone = "Asia/Shanghai";
    query.delivery = std::move(list);
    return query;
}

Result<kiosk::ResponsePage> try_page(test::UploaderBox const& box, kiosk::ResponseQuery const& query)
{
    auto reader = kiosk::ResponseReader::open(box.folder / "store.db");
    REQUIRE(reader);
    return kiosk::list_deliveries(box.delivery_path, *reader, query);
}

kiosk::ResponsePage page_of(test::UploaderBox const& box, kiosk::ResponseQuery const& query)
{
    auto page = try_page(box, query);
    INFO((page ? "" : page.error().detail));
    REQUIRE(page);
    return *page;
}

/// All pages behind one figure, which has to be as long as it says and to have nothing twice.
std::set<std::int64_t> check_list(
    test::UploaderBox const& box, DeliveryList const& list, std::int64_t figure, std::size_t limit)
{
    auto query = query_of(box, list);
    query.limit = limit;
    std::vector<std::int64_t> seqs;
    for (;;) {
        auto const page = page_of(box, query);
        CHECK(static_cast<std::int64_t>(page.total) + page.gone == figure);
        for (auto const& row : page.responses)
            seqs.push_back(row.ref.seq);
        query.offset += limit;
        if (query.offset >= page.total)
            break;
    }
    CHECK(std::ranges::is_sorted(seqs, std::greater {}));
    std::set<std::int64_t> const different(seqs.begin(), seqs.end());
    CHECK(different.size() == seqs.size());
    return different;
}

/// Every figure of the screen with its list.
void check_all(test::UploaderBox const& box, std::size_t limit)
{
    auto const figures = kiosk::read_delivery_figures(box.folder.path(), box.clock);
    REQUIRE(figures.counts);
    auto const all = check_list(box, {DeliveryState::Captured}, figures.counts->captured, limit);
    auto const delivered = check_list(box, {DeliveryState::Delivered}, figures.counts->delivered, limit);
    auto const waiting = check_list(box, {DeliveryState::Waiting}, figures.counts->waiting, limit);
    auto const refused = check_list(box, {DeliveryState::Refused}, figures.counts->quarantined, limit);
    CHECK(static_cast<std::int64_t>(waiting.size()) == figures.counts->waiting); // none of them can be gone
    CHECK(all.size() == delivered.size() + waiting.size() + refused.size());
    std::size_t by_reason = 0;
    for (auto const& each : figures.refused)
        by_reason += check_list(box, {DeliveryState::Refused, each.code}, each.count, limit).size();
    CHECK(by_reason == refused.size());
}

}

TEST_CASE("Behind each figure of Delivery stand as many rows as it says", "[sync][agent][delivery]")
{
    auto const seed = GENERATE(range(1U, 13U));
    CAPTURE(seed);
    std::mt19937 random(seed);
    test::UploaderBox box;
    box.enrol();
    int captured = 0;
    for (int step = 0; step < 6; ++step) {
        int const count = 1 + static_cast<int>(random() % 9);
        for (int seq = captured + 1; seq <= captured + count; ++seq) {
            if (random() % 6 == 0)
                box.hub.refused.insert(seq);
            else if (random() % 9 == 0)
                box.hub.poisoned.insert(seq);
        }
        box.capture(count);
        captured += count;
        if (random() % 3 == 0) {
            auto reader = kiosk::ResponseReader::open(box.folder / "store.db");
            REQUIRE(reader);
            auto const newest = reader->last_response(captured).value();
            box.handle(newest, 90'000 + step);
            ++captured;
        }
        bool const is_up = random() % 3 != 0;
        box.hub.instead = is_up ? nullptr : std::function([]() -> std::optional<Result<HttpReply>> {
            return Result<HttpReply>(fail(Errc::Unreachable, "connecting: refused"));
        });
        box.clock.advance(std::chrono::hours(30));
        box.drain();
        if (random() % 4 == 0) {
            kiosk::RetentionRule const rule {box.delivery_path, std::chrono::days(1)};
            REQUIRE(box.store->remove_old(rule, Stamp::now(box.clock)));
        }
        if (random() % 6 == 0) { // the agent has lost what it knew
            box.uploader.reset();
            box.delivery.reset();
            std::filesystem::remove(box.delivery_path);
            check_all(box, 4);
            box.restart();
            box.enrol();
        }
        check_all(box, 1 + random() % 9);
    }
}

TEST_CASE("A row of such a list says what has become of it, and why", "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(3);
    box.handle(3);
    box.hub.refused = {2};
    box.drain();
    box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "connecting: refused")); };
    box.capture(1, "等太久了");
    box.drain();

    auto const page = page_of(box, query_of(box, {DeliveryState::Captured}));
    REQUIRE(page.total == 5);
    CHECK(page.gone == 0);
    auto const& rows = page.responses;
    REQUIRE(rows.size() == 5);
    CHECK(rows[0].delivery->state == DeliveryState::Waiting);
    CHECK(rows[0].comment == "等太久了");
    CHECK(rows[0].ref.install == box.store->install_id());
    CHECK(rows[0].has_time);
    CHECK(rows[1].is_event);
    CHECK(rows[1].mark->by == "LW");
    CHECK(rows[1].answers.empty());
    CHECK(rows[1].delivery->state == DeliveryState::Delivered);
    CHECK(rows[2].delivery->state == DeliveryState::Delivered);
    CHECK(rows[3].delivery->state == DeliveryState::Refused);
    CHECK(rows[3].delivery->code == "invalid");
    CHECK_FALSE(rows[3].delivery->detail.empty());
    CHECK(rows[4].delivery->state == DeliveryState::Delivered);

    SECTION("and one whose time nobody knows says so")
    {
        auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("DELETE FROM boot_clock"));
        REQUIRE(database->execute("UPDATE response SET clock_set = 0, opened_ms = 5 WHERE seq = 1"));
        REQUIRE(
            database->execute("UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK " WHERE seq = 1"));
        auto const after = page_of(box, query_of(box, {DeliveryState::Delivered}));
        CHECK_FALSE(after.responses.back().has_time);
        CHECK(after.responses.front().has_time);
    }
    SECTION("and where the list got shorter, its last page is shown")
    {
        auto query = query_of(box, {DeliveryState::Waiting});
        query.offset = 6;
        query.limit = 6;
        auto const after = page_of(box, query);
        CHECK(after.offset == 0);
        CHECK(after.responses.size() == 1);
    }
}

TEST_CASE("A delivery.db that cannot be believed is no list, and never summary.db's fault",
    "[sync][agent][delivery]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(2);
    box.drain();
    {
        auto database = sqlite::Database::open(box.delivery_path, sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("UPDATE delivered SET mark = 1"));
    }
    auto const page = try_page(box, query_of(box, {DeliveryState::Delivered}));
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::Invalid);
}

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "sync/agent/delivery_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace std::chrono_literals;

// The kiosk reads the agent's delivery.db by its documented tables, as it must not know the agent's
// code. Should the agent's format move on without it, the kiosk would keep everything for ever.
TEST_CASE("The kiosk understands which responses this agent's delivery.db lets go", "[sync][agent]")
{
    test::TempFolder const folder;
    auto store = kiosk::ResponseStore::open(folder / "store.db");
    REQUIRE(store);
    test::FakeClock clock;
    for (int count = 0; count < 4; ++count) {
        REQUIRE(store->save_draft(test::sample_draft(), kiosk::Outcome::Partial));
        REQUIRE(store->close_draft(kiosk::ClosedBy::Finish, SteadyTime(8s)));
    }
    for (int day = 0; day < 5; ++day) {
        REQUIRE(store->note_day(Stamp::now(clock)));
        clock.advance(24h);
    }
    auto delivery = sync::DeliveryStore::open(folder / "delivery.db");
    REQUIRE(delivery);
    REQUIRE(delivery->settle(
        {store->install_id(), {1, 2, 3}, 0, {{1, "invalid", "because"}}, {{3, 33}}, clock.wall_now()}));

    kiosk::RetentionRule const rule {folder / "delivery.db", std::chrono::days(2)};
    CHECK(store->remove_old(rule, Stamp::now(clock)).value());
    CHECK_FALSE(store->remove_old(rule, Stamp::now(clock)).value());

    auto reader = kiosk::ResponseReader::open(folder / "store.db");
    REQUIRE(reader);
    std::vector<std::int64_t> left;
    reader->seek(0, 4);
    for (auto each = reader->next(); each && *each; each = reader->next())
        left.push_back((*each)->seq);
    CHECK(left == std::vector<std::int64_t> {1, 3, 4});
}

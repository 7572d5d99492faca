#include "sync/wire/compression.h"
#include "tests/sync/agent/uploader_box.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace listenpost::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string age_of(HttpRequest const& request)
{
    for (auto const& header : request.headers)
        if (header.name == "ListenPost-Sent-Age")
            return std::string(header.value);
    return "none";
}

}

TEST_CASE("Every attempt says how old the clocks in its bytes are", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(2);
    bool down = true;
    box.hub.instead = [&]() -> std::optional<Result<HttpReply>> {
        if (down)
            return Result<HttpReply>(fail(Errc::Unreachable, "gone"));
        return std::nullopt;
    };
    box.drain();
    box.clock.advance(9h);
    box.clock.wall -= 3h; // it jumps; the age is counted by steady time
    down = false;
    box.drain();
    REQUIRE(box.hub.requests.size() == 2);
    CHECK(box.hub.bodies[0] == box.hub.bodies[1]);
    CHECK(age_of(box.hub.requests[0]) == "0");
    CHECK(age_of(box.hub.requests[1]) == "32400000");
}

TEST_CASE("A batch brings what store.db knows of the clocks of other boots", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(1);
    for (bool const set : {false, true}) {
        auto draft = sample_draft();
        draft.opened.boot_id = "yesterday";
        draft.opened.wall_is_set = set;
        REQUIRE(box.store->save_draft(draft, kiosk::Outcome::Partial));
        REQUIRE(box.store->close_draft(kiosk::ClosedBy::Finish, draft.touched));
    }
    box.drain();
    REQUIRE(box.hub.bodies.size() == 1);
    auto const batch = json::parse(decompress(Encoding::Zstd, box.hub.bodies[0], 1'000'000).value());
    auto const opened = sample_draft().opened;
    CHECK(batch["responses"].size() == 3);
    CHECK(batch["clocks"]
        == json {{{"boot", "yesterday"}, {"steady_ms", opened.steady.time_since_epoch().count()},
            {"wall_ms", opened.wall.time_since_epoch().count()}}});
}

TEST_CASE("Clocks that cannot be read hold no response up", "[sync][agent]")
{
    UploaderBox box;
    box.enrol();
    box.capture(3);
    auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute("ALTER TABLE boot_clock RENAME TO lost"));
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.stored.size() == 3);
}

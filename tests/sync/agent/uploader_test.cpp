#include "sync/agent/uploader.h"

#include "sync/wire/digest.h"
#include "tests/sync/agent/uploader_box.h"

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using test::hub_error;
using test::json_reply;
using test::range;
using test::Seqs;

TEST_CASE("Uploader brings everything to the hub, oldest first, in batches", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(2'300);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches == std::vector<Seqs> {range(1, 1000), range(1001, 2000), range(2001, 2300)});
    CHECK(box.mark() == 2'300);
    auto const& request = box.hub.requests.front();
    CHECK(request.method == "POST");
    CHECK(request.url == "https://hub.example/v1/batches");
    auto const has = [&request](std::string_view header, std::string_view value) {
        return std::ranges::any_of(
            request.headers, [&](auto const& h) { return h.name == header && h.value == value; });
    };
    CHECK(has("Authorization", "Bearer lpd_secret"));
    CHECK(has("Content-Encoding", "zstd"));
    CHECK(has("Content-Type", "application/json"));

    box.capture(1);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches.back() == Seqs {2'301});
    CHECK(box.hub.batches.size() == 4);
}

TEST_CASE("Staff events go out in the order of all that the box has, once each", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(2);
    box.handle(1);
    box.capture(1);
    box.handle(3);
    box.hub.refused = {5};
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches == std::vector<Seqs> {range(1, 5)});
    CHECK(box.mark() == 5);
    CHECK(box.delivery->delivered(box.store->install_id())->acknowledged == 4);
    CHECK(box.delivery->quarantined(10)->at(0).refusal.seq == 5);

    SECTION("and a copied box's events get another number, as its responses do")
    {
        REQUIRE(box.store->adopt({box.store->install_id(), {3}}).value() == 1);
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.batches.back() == Seqs {6});
    }
    SECTION("and an event is the proof of how far the hub has got, as a response is")
    {
        box.hub.refused.clear();
        box.handle(1, 95'000);
        CHECK(box.drain().state == UploadState::Idle);
        box.restart();
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.batches.back() == Seqs {6});
        auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("UPDATE response SET event = replace(event, 'LW', 'LV') WHERE seq = 6"));
        REQUIRE(database->execute("UPDATE response SET row_check = " LISTENPOST_ROW_CHECK " WHERE seq = 6"));
        box.restart();
        box.drain();
        CHECK(box.hub.batches.back() == range(1, 6)); // it went back in time: all is sent again
    }
}

TEST_CASE("Uploader waits quietly when there is nothing to do", "[sync][agent]")
{
    test::UploaderBox box;
    SECTION("not enrolled")
    {
        box.capture(3);
        CHECK(box.drain().state == UploadState::NotEnrolled);
        box.enrol();
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.mark() == 3);
    }
    SECTION("the kiosk has not run yet")
    {
        box.enrol();
        auto const step = box.drain();
        CHECK(step.state == UploadState::Idle);
        CHECK_FALSE(step.next);
        box.capture(2);
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.mark() == 2);
    }
    SECTION("all is delivered: nothing is sent and nothing is written")
    {
        box.enrol();
        box.capture(1);
        box.drain();
        auto const before = std::filesystem::last_write_time(box.folder / "delivery.db-wal");
        auto const step = box.drain();
        CHECK(step.state == UploadState::Idle);
        CHECK_FALSE(step.next);
        CHECK(box.hub.bodies.size() == 1);
        CHECK(std::filesystem::last_write_time(box.folder / "delivery.db-wal") == before);
    }
}

TEST_CASE("Uploader sends the same bytes again while it does not know what became of them", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(5);
    auto const answer = GENERATE(0, 408, 425, 429, 500, 503, 200, 404, 401);
    CAPTURE(answer);
    auto const trouble = [&]() -> std::optional<Result<HttpReply>> {
        if (answer == 0)
            return Result<HttpReply>(fail(Errc::Unreachable, "connecting: refused"));
        // A portal's page, whatever its status.
        return Result<HttpReply>(json_reply(answer, "<html>Log in</html>"));
    };

    SECTION("the request was lost") { box.hub.instead = trouble; }
    SECTION("the reply was lost") { box.hub.afterwards = trouble; }

    for (int attempt = 1; attempt <= 4; ++attempt) {
        auto const step = box.drain();
        CHECK(step.state == UploadState::BackingOff);
        REQUIRE(step.next);
        CHECK(*step.next == box.clock.steady + backoff(static_cast<unsigned>(attempt), box.random));
        CHECK(box.mark() == 0);
        CHECK(box.delivery->contact().value().error_code != "");
        // Not before its time, however often it is asked, and whatever the kiosk adds.
        box.capture(1);
        box.clock.steady = *step.next - 1ms;
        CHECK(box.uploader->step().next == step.next);
        CHECK(box.hub.bodies.size() == static_cast<std::size_t>(attempt));
        box.clock.steady = *step.next;
    }
    box.hub.instead = nullptr;
    box.hub.afterwards = nullptr;
    CHECK(box.drain().state == UploadState::Idle);
    REQUIRE(box.hub.bodies.size() == 6);
    for (std::size_t i = 1; i <= 4; ++i)
        CHECK(box.hub.bodies[i] == box.hub.bodies[0]);
    CHECK(box.hub.batches[5] == range(6, 9));
    CHECK(box.mark() == 9);
    CHECK(box.hub.stored.size() == 9);
    CHECK(box.delivery->contact().value().error_code.empty());
}

TEST_CASE("Uploader makes a pause as long as the hub asks for, and then some", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    box.hub.instead = [] { return Result<HttpReply>(HttpReply {503, {{"Retry-After", "90"}}, ""}); };
    auto const step = box.drain();
    CHECK(*step.next == box.clock.steady + 90s + backoff(1, box.random));
}

TEST_CASE("A new network is tried soon, and pauses start from small again", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    bool down = true;
    box.hub.instead = [&]() -> std::optional<Result<HttpReply>> {
        if (down)
            return Result<HttpReply>(fail(Errc::Unreachable, "connecting: no route"));
        return std::nullopt;
    };
    for (int i = 0; i < 12; ++i)
        box.clock.steady = *box.drain().next;
    auto const long_pause = *box.drain().next - box.clock.steady;
    CHECK(long_pause == backoff(13, box.random));

    box.uploader->forget_troubles(Change::Network);
    CHECK(box.hub.renewed == 1); // a connection from before may lead nowhere
    auto const soon = *box.uploader->step().next;
    CHECK(soon - box.clock.steady <= 2s);
    box.clock.steady = soon;
    CHECK(*box.drain().next - box.clock.steady == backoff(1, box.random));

    // An interface that never rests does not make the box hammer the hub.
    std::size_t const before = box.hub.bodies.size();
    for (int second = 0; second < 100; ++second) {
        box.clock.advance(1s);
        box.uploader->forget_troubles(Change::Network);
        box.uploader->step();
    }
    CHECK(box.hub.bodies.size() - before <= 40);

    down = false;
    box.clock.advance(5min);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 1);
}

TEST_CASE("A box that is not welcome stops sending, keeps all, and says so", "[sync][agent]")
{
    auto const status = GENERATE(401, 403);
    test::UploaderBox box;
    box.enrol();
    box.capture(2);
    box.hub.instead = [status] {
        return Result<HttpReply>(hub_error(status, status == 401 ? "token_unknown" : "revoked"));
    };
    auto const step = box.drain();
    CHECK(step.state == UploadState::NotWelcome);
    CHECK(*step.next >= box.clock.steady + 1h);
    CHECK(box.delivery->contact().value().error_code == (status == 401 ? "token_unknown" : "revoked"));
    CHECK(box.delivery->contact().value().last_contact == box.clock.wall);
    CHECK(box.mark() == 0);
    CHECK(box.delivery->quarantined_count().value() == 0);
    box.clock.advance(59min);
    CHECK(box.uploader->step().state == UploadState::NotWelcome);
    CHECK(box.hub.bodies.size() == 1);

    SECTION("until it is enrolled anew")
    {
        box.hub.instead = nullptr;
        box.enrol();
        box.uploader->forget_troubles(Change::Operator);
        box.clock.advance(2s);
    }
    SECTION("or HQ thinks better of it")
    {
        box.hub.instead = nullptr;
        box.clock.advance(12min);
    }
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 2);
    CHECK(box.hub.bodies[1] == box.hub.bodies[0]);
}

TEST_CASE("A network that never rests has a revoked box ask no oftener than once an hour", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    box.hub.instead = [] { return Result<HttpReply>(hub_error(403, "revoked")); };
    for (auto const end = box.clock.steady + 24h; box.clock.steady < end; box.clock.advance(10s)) {
        box.drain();
        box.uploader->forget_troubles(Change::Network);
    }
    CHECK(box.hub.bodies.size() <= 24);
    CHECK(box.hub.bodies.size() >= 20);
}

TEST_CASE("What the hub refuses is set aside with its reason, and the rest goes on", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(10);
    box.hub.refused = {1, 4, 10};
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.bodies.size() == 1);
    CHECK(box.mark() == 10);
    auto const list = box.delivery->quarantined(100).value();
    REQUIRE(list.size() == 3);
    CHECK(list[0].refusal == Refusal {10, "invalid", "it is"});
    CHECK(list[0].install == box.store->install_id());
}

TEST_CASE("Power lost between the hub's commit and the mark counts nothing twice", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1'200);
    box.hub.refused = {7};
    // The reply never reached the agent, which died.
    box.hub.afterwards = [] { return Result<HttpReply>(fail(Errc::Unreachable, "power cut")); };
    box.drain();
    box.restart();
    CHECK(box.mark() == 0);
    box.hub.afterwards = nullptr;
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 1'200);
    CHECK(box.hub.stored.size() == 1'199);
    CHECK(box.hub.batches[1] == box.hub.batches[0]);
    CHECK(box.delivery->quarantined_count().value() == 1);
    CHECK(box.hub.seen[{box.store->install_id(), 1}] == 2);
    CHECK(box.hub.seen[{box.store->install_id(), 1'001}] == 1);
}

TEST_CASE("The reply to an earlier batch of the same size acknowledges nothing", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    CHECK(box.drain().state == UploadState::Idle);
    auto const first_reply = R"({"acknowledged":1,"duplicates":0,"refused":[],"batch":")"
        + request_digest(box.hub.bodies.back()) + "\"}";
    CHECK(box.mark() == 1);

    box.capture(1);
    box.hub.instead = [&] { return json_reply(200, first_reply); };
    CHECK(box.drain().state == UploadState::BackingOff);
    CHECK(box.mark() == 1);
    CHECK(box.delivery->contact().value().error_code == "not_the_hub");

    box.hub.instead = {};
    box.clock.advance(1h);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 2);
}

TEST_CASE("A new store.db starts from its own beginning", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(5);
    box.hub.refused = {2};
    box.drain();
    auto const first_install = box.store->install_id();
    auto const replace = [&] {
        box.store.reset();
        for (auto const* name : {"store.db", "store.db-wal", "store.db-shm"})
            std::filesystem::remove(box.folder / name);
    };

    SECTION("after all was delivered")
    {
        replace();
        CHECK(box.drain().state == UploadState::Idle); // for a while there is none
        box.capture(3);
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.hub.stored.size() == 4 + 2);
    }
    SECTION("while a batch was on its way: that is the last copy, and still goes out")
    {
        box.capture(4);
        box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "gone")); };
        CHECK(box.drain().state == UploadState::BackingOff);
        box.hub.instead = nullptr;
        replace();
        box.capture(3);
        box.clock.advance(5min);
        CHECK(box.drain().state == UploadState::Idle);
        CHECK(box.delivery->mark(first_install).value() == 9);
        CHECK(box.hub.stored.size() == 8 + 2);
    }
    CHECK(box.store->install_id() != first_install);
    CHECK(box.mark() == 3);
    CHECK(box.delivery->quarantined_count(first_install).value() == 1);
    CHECK(box.delivery->quarantined_count(box.store->install_id()).value() == 1);
}

TEST_CASE("A store.db restored from a backup is sent again rather than skipped", "[sync][agent]")
{
    test::UploaderBox box("hidden.db"); // the kiosk, if it knew, would make a new install
    box.enrol();
    box.capture(3);
    box.store.reset();
    auto const copy = box.folder / "backup.db";
    std::filesystem::copy_file(box.folder / "store.db", copy);
    box.capture(6);
    box.drain();
    CHECK(box.mark() == 9);

    box.store.reset();
    for (auto const* name : {"store.db", "store.db-wal", "store.db-shm"})
        std::filesystem::remove(box.folder / name);
    std::filesystem::rename(copy, box.folder / "store.db");
    box.capture(1); // its seq 4 is another response than the first seq 4
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.batches.back() == range(1, 4));
    CHECK(box.mark() == 4);
}

TEST_CASE("Without a set clock every attempt says its own time: the hub counts back from it", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(2);
    box.clock.is_set = false;
    bool down = true;
    box.hub.instead = [&]() -> std::optional<Result<HttpReply>> {
        if (down)
            return Result<HttpReply>(fail(Errc::Unreachable, "gone"));
        return std::nullopt;
    };
    box.drain();
    box.clock.advance(5min);
    box.drain();
    CHECK(box.hub.bodies[1] != box.hub.bodies[0]);
    CHECK(box.hub.batches[1] == box.hub.batches[0]);
    box.clock.is_set = true;
    box.clock.advance(5min);
    down = false;
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.clock_set == std::vector<bool> {false, false, true});
    CHECK(box.mark() == 2);
}

TEST_CASE("A store.db that cannot be read is reported, and tried again without haste", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    {
        auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute("PRAGMA user_version = 99"));
    }
    auto const step = box.drain();
    CHECK(step.state == UploadState::Stuck);
    CHECK(step.next == box.clock.steady + 30s);
    CHECK(box.delivery->contact().value().error_code == "file_invalid");
    CHECK(box.uploader->step().next == step.next);
}

TEST_CASE("A transfer that was given up because of a stop is nobody's failure", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Cancelled, "stopped on request")); };
    CHECK(box.drain().state == UploadState::BackingOff);
    CHECK(box.delivery->contact().value().error_code.empty());
    box.hub.instead = nullptr;
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 1);
}

TEST_CASE("Comments of the worst kind still make batches within the limits", "[sync][agent]")
{
    test::UploaderBox box;
    box.enrol();
    box.capture(1);
    std::uint64_t state = 88172645463325252ULL;
    auto const next = [&state] {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    };
    // Random characters of the CJK block, three bytes each, in every response others.
    auto database = sqlite::Database::open(box.folder / "store.db", sqlite::OpenMode::Writer);
    REQUIRE(database);
    box.capture(700);
    auto set_comment = database->prepare("UPDATE response SET comment = ? WHERE seq = ?");
    REQUIRE(set_comment);
    REQUIRE(database->execute("BEGIN"));
    for (std::int64_t seq = 1; seq <= 701; ++seq) {
        std::string comment;
        while (comment.size() < 1'990) {
            auto const code = 0x4e00 + next() % 0x5200;
            comment += static_cast<char>(0xe0 | (code >> 12));
            comment += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
            comment += static_cast<char>(0x80 | (code & 0x3f));
        }
        REQUIRE(set_comment->bind(1, comment).bind(2, seq).run());
    }
    REQUIRE(database->execute("UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK));
    REQUIRE(database->execute("COMMIT"));
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.mark() == 701);
    CHECK(box.hub.bodies.size() > 2);
    for (auto const& body : box.hub.bodies)
        CHECK(body.size() <= limits::max_packed_bytes);
}

#include "sync/agent/status.h"

#include "kiosk/store/store_opener.h"
#include "tests/sync/agent/uploader_box.h"

#include <fstream>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json status_of(DataFolder const& folder, Clock const& clock = test::FakeClock())
{
    auto const status = read_status(folder, clock);
    REQUIRE(status);
    return json::parse(to_json(*status));
}

}

TEST_CASE("Status of an empty folder is all zeroes and no error", "[sync][agent]")
{
    test::TempFolder temp;
    auto const status = status_of({temp.path()});
    CHECK(status["enrolled"].is_null());
    CHECK(status["install"].is_null());
    CHECK(status["error"].is_null());
    CHECK(status["last_contact_ms"].is_null());
    for (auto const* count : {"captured", "delivered", "waiting", "quarantined"})
        CHECK(status[count] == 0);
    CHECK(std::filesystem::is_empty(temp.path())); // and it made no file
}

TEST_CASE("Status tells captured from delivered, waiting and refused, while the agent works", "[sync][agent]")
{
    test::UploaderBox box;
    DataFolder const folder {box.folder.path()};
    box.capture(5);
    CHECK(status_of(folder)["waiting"] == 5);
    box.enrol();
    box.hub.refused = {2};
    box.drain();
    box.hub.instead = [] { return Result<HttpReply>(fail(Errc::Unreachable, "connecting: refused")); };
    box.capture(3);
    box.drain();

    auto const status = status_of(folder);
    CHECK(status["captured"] == 8);
    CHECK(status["delivered"] == 4);
    CHECK(status["quarantined"] == 1);
    CHECK(status["waiting"] == 3);
    CHECK(status["install"] == box.store->install_id());
    CHECK(status["enrolled"]["store"]
        == json {{"id", "sh-001"}, {"name", "店"}, {"timezone", "Asia/Shanghai"}});
    CHECK(status["quarantine"][0]["seq"] == 2);
    CHECK(status["quarantine"][0]["detail"] == "it is");
    CHECK(status["error"]["code"] == "unreachable");
    CHECK(status["error"]["text"] == "the hub could not be reached: connecting: refused");
    CHECK(status["last_contact_ms"] == 1'790'000'000'000);
    CHECK(status["next_attempt_ms"] > 1'790'000'000'000);

    CHECK(status["oldest_ms"] == 1'790'000'000'000);
    CHECK(status["oldest_waiting_ms"] == 1'790'000'000'000);
    CHECK(status["last_tap_ms"] == 1'790'000'000'002);
    CHECK(status["store_bytes"] > 0);
    CHECK(status["disk_free_bytes"] > 0);
    CHECK(status["disk_total_bytes"] >= status["disk_free_bytes"]);
    CHECK(status["clock_set"] == true);
    CHECK(status["heartbeat"] == json {{"last_ms", nullptr}, {"error", ""}});
    box.clock.is_set = false;
    CHECK(status_of(folder, box.clock)["clock_set"] == false);
    REQUIRE(box.delivery->record_heartbeat("", box.clock.wall));
    REQUIRE(box.delivery->record_heartbeat("http_500", box.clock.wall));
    CHECK(status_of(folder)["heartbeat"] == json {{"last_ms", 1'790'000'000'000}, {"error", "http_500"}});

    auto const text = to_text(read_status(folder, box.clock).value(), box.clock.wall);
    for (auto const* part : {"店 (sh-001)", "captured      8", "delivered     4", "waiting       3",
             "quarantined   1", "response 2", "it is", "store.db      ", "oldest waiting", "disk free ",
             "not set since", "http_500", "the hub could not be reached"})
        CHECK(text.find(part) != std::string::npos);
    CHECK(text.find("lpd_secret") == std::string::npos);
    CHECK(status.dump().find("lpd_secret") == std::string::npos);
}

TEST_CASE("Status tells what a damaged store.db has cost", "[sync][agent]")
{
    test::UploaderBox box;
    DataFolder const folder {box.folder.path()};
    box.enrol();
    for (int seq = 1; seq <= 40; ++seq) {
        box.capture(1, "marker-" + std::to_string(100 + seq));
        if (seq == 30)
            box.drain();
    }
    CHECK(status_of(folder)["salvages"] == json::array());
    // All into one file, as a box that was switched off for good has it.
    box.uploader.reset();
    box.store.reset();
    {
        auto database = sqlite::Database::open(folder.store(), sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->query_integer("PRAGMA wal_checkpoint(TRUNCATE)").value() == 0);
    }
    std::fstream file(folder.store(), std::ios::in | std::ios::out | std::ios::binary);
    std::string const bytes(std::istreambuf_iterator<char>(file), {});
    file.clear(); // it was read to its end
    for (auto const* damaged : {"marker-117", "marker-135"}) {
        // Wherever it stands: what was a draft is somewhere among the free bytes, too.
        for (auto at = bytes.find(damaged); at != std::string::npos; at = bytes.find(damaged, at + 1)) {
            file.seekp(static_cast<std::streamoff>(at));
            file << 'M';
        }
    }
    file.close();
    REQUIRE(kiosk::StoreOpener(box.folder.path(), std::nullopt, box.clock).open());

    auto const salvages = status_of(folder)["salvages"];
    REQUIRE(salvages.size() == 1);
    CHECK(salvages[0]["recovered"] == 38);
    CHECK(salvages[0]["missing"] == 2);
    CHECK(salvages[0]["undelivered"] == 1);
    CHECK(salvages[0]["at_ms"] == 1'790'000'000'000);
    std::string const kept_as = salvages[0]["kept_as"];
    CHECK(std::filesystem::exists(box.folder / kept_as));
    auto const text = to_text(read_status(folder, box.clock).value(), box.clock.wall);
    CHECK(
        text.find("38 responses recovered, 2 missing, of which 1 had not been delivered; kept as " + kept_as)
        != std::string::npos);

    // As if delivery.db had been lost too.
    auto database = sqlite::Database::open(folder.store(), sqlite::OpenMode::Writer);
    REQUIRE(database);
    REQUIRE(database->execute("UPDATE salvage SET undelivered = NULL"));
    CHECK(status_of(folder)["salvages"][0]["undelivered"].is_null());
    CHECK(to_text(read_status(folder, box.clock).value(), box.clock.wall)
              .find("2 missing, of which it is not known how many")
        != std::string::npos);
}

TEST_CASE(
    "Status says by itself that nothing can be recorded, which delivery.db cannot tell", "[sync][agent]")
{
    test::UploaderBox box;
    box.capture(1);
    DataFolder const folder {box.folder.path()};
    auto status = read_status(folder, box.clock).value();
    CHECK(status.disk_trouble.empty());
    CHECK(json::parse(to_json(status))["disk_trouble"].is_null());

    status.disk_trouble = "the disk is full";
    CHECK(json::parse(to_json(status))["disk_trouble"] == "the disk is full");
    CHECK(to_text(status, box.clock.wall).find("disk trouble  the disk is full: ") != std::string::npos);
}

TEST_CASE(
    "A response that is not what was written is not sent, and status says what mends it", "[sync][agent]")
{
    test::UploaderBox box;
    DataFolder const folder {box.folder.path()};
    box.enrol();
    for (int seq = 1; seq <= 3; ++seq)
        box.capture(1, "comment " + std::to_string(seq));
    auto const seq = GENERATE(1, 2, 3);
    {
        auto database = sqlite::Database::open(folder.store(), sqlite::OpenMode::Writer);
        REQUIRE(database);
        REQUIRE(database->execute(
            ("UPDATE response SET answers = replace(answers, '2', '4') WHERE seq = " + std::to_string(seq))
                .c_str()));
    }
    auto const step = box.drain();
    CHECK(step.state == UploadState::Stuck);
    CHECK_FALSE(step.delivery_is_damaged);
    CHECK(box.hub.bodies.empty());
    auto const status = status_of(folder);
    CHECK(status["waiting"] == 3);
    CHECK(status["error"]["code"] == "file_corrupt");
    CHECK(status["error"]["text"].get<std::string>().find("restart the kiosk: it mends store.db at its start")
        != std::string::npos);

    box.store.reset();
    REQUIRE(kiosk::StoreOpener(folder.path, std::nullopt, box.clock).open());
    box.clock.advance(5min);
    CHECK(box.drain().state == UploadState::Idle);
    CHECK(box.hub.stored.size() == 2);
    CHECK(status_of(folder)["error"].is_null());
}

TEST_CASE("Every trouble has plain words, and whose it is", "[sync][agent]")
{
    CHECK(plain_words({}).empty());
    auto const words = [](std::string const& code) {
        Contact contact;
        contact.error_code = code;
        contact.error_detail = "why";
        return plain_words(contact);
    };
    for (auto const* hubs : {"unreachable", "token_unknown", "revoked", "http_503", "busy", "storage",
             "version_unknown", "not_found", "invalid", "full"}) {
        CAPTURE(hubs);
        CHECK(words(hubs).find("hub") != std::string::npos);
        CHECK(words(hubs).find("this box cannot") == std::string::npos);
    }
    CHECK(words("not_the_hub") == "why");
    for (auto const* own : {"full", "io", "busy", "invalid", "not_found", "cancelled", "corrupt"}) {
        CAPTURE(own);
        CHECK(words(std::string("file_") + own).starts_with("why: "));
        CHECK(words(std::string("file_") + own).find("hub") == std::string::npos);
    }
    CHECK(words("delivery_corrupt").find("restart the agent") != std::string::npos);
}

TEST_CASE("Status counts staff events as what is sent, and no event as a customer's tap", "[sync][agent]")
{
    test::UploaderBox box;
    DataFolder const folder {box.folder.path()};
    box.capture(2);
    auto const last_tap = status_of(folder)["last_tap_ms"];
    box.handle(1, 300'000);
    auto status = status_of(folder);
    CHECK(status["captured"] == 3);
    CHECK(status["waiting"] == 3);
    CHECK(status["last_tap_ms"] == last_tap);
    box.enrol();
    box.drain();
    status = status_of(folder);
    CHECK(status["delivered"] == 3);
    CHECK(status["waiting"] == 0);
}

#include "sync/agent/pin_inbox.h"

#include "kiosk/manager/pin_store.h"
#include "platform/crypto/password_hash.h"
#include "platform/os/files.h"
#include "sync/wire/digest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using nlohmann::json;

namespace {

/// The agent's side and the kiosk's, of one box.
struct Box {
    test::TempFolder folder {test::in_memory()};
    test::FakeClock clock;
    DataFolder files {folder.path()};
    PinInbox inbox {files};
    kiosk::PinStore kiosk {folder.path(), clock};

    Result<bool> bring(std::string const& hash)
    {
        return inbox.take(json {{"erase", json::array()}, {"manager_pin", {{"hash", hash}}}}.dump());
    }
    bool lets_in(std::string_view pin)
    {
        REQUIRE(kiosk.look());
        clock.advance(std::chrono::hours(1));
        return kiosk.judge(pin)->verdict == kiosk::PinVerdict::Right;
    }
};

std::string hash_of(std::string_view pin) { return hash_password(pin).value(); }

}

TEST_CASE("A PIN that the hub sends is what the manager enters next, and the box says that it has it",
    "[sync][agent][pin]")
{
    Box box;
    CHECK(box.inbox.held() == HeldPin {});
    REQUIRE(box.kiosk.set("369258"));
    auto const hash = hash_of("258013");
    CHECK(box.bring(hash).value());
    auto const mode = std::filesystem::status(box.files.sent_pin()).permissions();
    CHECK((mode & std::filesystem::perms::all)
        == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(box.inbox.held() == HeldPin {sha256_hex(hash), true});
    CHECK(box.lets_in("258013"));
    CHECK_FALSE(box.lets_in("369258"));
    CHECK(box.inbox.held() == HeldPin {sha256_hex(hash), true});

    CHECK_FALSE(box.bring(hash).value()); // as a hub does that has not heard
    auto const next = hash_of("774411");
    CHECK(box.bring(next).value());
    CHECK(PinInbox(box.files).held() == HeldPin {sha256_hex(next), true});
    CHECK(box.lets_in("774411"));
    CHECK_FALSE(box.lets_in("258013"));
}

TEST_CASE("A PIN that is set on the box later stays, and the box says so, until head office sends another",
    "[sync][agent][pin]")
{
    Box box;
    auto const hash = hash_of("258013");
    REQUIRE(box.bring(hash));
    SECTION("after the kiosk has taken it") { CHECK(box.lets_in("258013")); }
    SECTION("before the kiosk has looked") { }
    REQUIRE(box.kiosk.set("369258"));
    CHECK(box.inbox.held() == HeldPin {sha256_hex(hash), false});
    CHECK(box.lets_in("369258"));
    CHECK_FALSE(box.bring(hash).value());
    CHECK(box.lets_in("369258"));
    // The inbox was emptied, and the hub sends it again.
    std::filesystem::remove(box.files.sent_pin());
    CHECK(box.inbox.held() == HeldPin {});
    CHECK(box.bring(hash).value());
    CHECK(box.inbox.held() == HeldPin {sha256_hex(hash), false});
    CHECK(box.lets_in("369258"));

    auto const next = hash_of("258013"); // the same digits, given anew
    CHECK(box.bring(next).value());
    CHECK(box.inbox.held() == HeldPin {sha256_hex(next), true});
    CHECK(box.lets_in("258013"));
}

TEST_CASE("What is no PIN changes nothing, and says nothing of it", "[sync][agent][pin]")
{
    Box box;
    auto const hash = hash_of("258013");
    REQUIRE(box.bring(hash));
    for (std::string const reply :
        {"", "<html>", "[]", "{}", R"({"erase":[]})", R"({"erase":[],"manager":{"hash":"x"}})"})
        CHECK_FALSE(box.inbox.take(reply).value());
    for (std::string const reply :
        {R"({"manager_pin":null})", R"({"manager_pin":[]})", R"({"manager_pin":{}})", R"({"manager_pin":7})",
            R"({"manager_pin":{"hash":7}})", R"({"manager_pin":{"hash":"258013"}})",
            R"({"manager_pin":{"hash":"$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA"}})"}) {
        auto const taken = box.inbox.take(reply);
        REQUIRE_FALSE(taken);
        CHECK(taken.error().code == Errc::Invalid);
        CHECK(taken.error().detail.find("c2FsdHNhbHQ") == std::string::npos);
    }
    CHECK(box.inbox.held().fingerprint == sha256_hex(hash));
    // "adopted" is the kiosk's own word: sent, it could keep this PIN from being taken.
    auto const next = hash_of("774411");
    CHECK(box.inbox.take(json {{"manager_pin", {{"hash", next}, {"adopted", next}}}}.dump()).value());
    CHECK(read_file(box.files.sent_pin(), 4096)->find("adopted") == std::string::npos);
}

TEST_CASE("What cannot be written or read is not said to be there", "[sync][agent][pin]")
{
    Box box;
    auto const hash = hash_of("258013");
    SECTION("no room for it, and room later")
    {
        std::filesystem::create_directories(box.files.sent_pin() / "in the way");
        CHECK_FALSE(box.bring(hash));
        CHECK(box.inbox.held() == HeldPin {});
        std::filesystem::remove_all(box.files.sent_pin());
        CHECK(box.bring(hash).value());
    }
    SECTION("the file was damaged")
    {
        REQUIRE(box.bring(hash));
        REQUIRE(write_file_atomically(box.files.sent_pin(), R"({"hash":)"));
        CHECK(box.inbox.held() == HeldPin {});
        CHECK(box.bring(hash).value());
    }
    SECTION("the kiosk's own file was damaged: what head office sends mends it")
    {
        REQUIRE(box.kiosk.set("369258"));
        REQUIRE(write_file_atomically(box.files.kept_pin(), "{"));
        REQUIRE(box.bring(hash));
    }
    CHECK(box.inbox.held() == HeldPin {sha256_hex(hash), true});
    CHECK(box.lets_in("258013"));
}

TEST_CASE("A PIN without a bottom is refused, and takes no agent down", "[sync][agent][pin]")
{
    Box box;
    std::string const levels(400'000, '[');
    std::string const reply
        = R"({"erase":[],"manager_pin":)" + levels + std::string(levels.size(), ']') + "}";
    CHECK(box.inbox.take(reply).error().code == Errc::Invalid);
    CHECK_FALSE(std::filesystem::exists(box.files.sent_pin()));
}

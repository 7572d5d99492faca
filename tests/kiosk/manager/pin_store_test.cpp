#include "kiosk/manager/pin_store.h"

#include "platform/crypto/password_hash.h"
#include "platform/os/files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;

namespace {

/// Moves to another boot when told so.
class Machine final : public Clock {
public:
    WallTime wall_now() const override { return wall; }
    SteadyTime steady_now() const override { return steady; }
    bool wall_is_set() const override { return true; }
    std::string boot_id() const override { return boot; }

    void restart()
    {
        boot += "'";
        steady = SteadyTime(5s);
    }

    WallTime wall {1'790'000'000s};
    SteadyTime steady {1000s};
    std::string boot = "boot";
};

struct Box {
    test::TempFolder folder {test::in_memory()};
    Machine machine;
    PinStore store {folder.path(), machine};

    PinJudgement judge(std::string_view pin)
    {
        auto judged = store.judge(pin);
        REQUIRE(judged);
        return *judged;
    }
    PinState look()
    {
        auto looked = store.look();
        REQUIRE(looked);
        return *looked;
    }
    void wrong(int times)
    {
        for (int time = 0; time < times; ++time) {
            machine.steady += 1h;
            CHECK(judge("111222").verdict == PinVerdict::Wrong);
        }
    }
    void send(std::string const& text)
    {
        std::filesystem::create_directories(folder / "inbox");
        REQUIRE(write_file_atomically(folder / "inbox/manager_pin.json", text));
    }
};

/// As head office would make it.
std::string sent_hash(std::string_view pin) { return to_json({hash_password(pin).value(), {}}); }

}

TEST_CASE("A box without a PIN lets nobody in and says that there is none", "[manager]")
{
    Box box;
    CHECK_FALSE(box.look().is_set);
    CHECK(box.judge("258013").verdict == PinVerdict::NotSet);
}

TEST_CASE(
    "The PIN that was set is right, every other is wrong, and its file is its owner's alone", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    CHECK(box.look() == PinState {true, 0, 0ms, 0s});
    CHECK(box.judge("258014").verdict == PinVerdict::Wrong);
    CHECK(box.judge("258013").verdict == PinVerdict::Right);
    CHECK(box.look().wrong == 0);
    for (auto const* const name : {"manager_pin.json", "manager_attempts.json"}) {
        auto const mode = std::filesystem::status(box.folder / name).permissions();
        CHECK((mode & std::filesystem::perms::all)
            == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }
}

TEST_CASE("A PIN that is no PIN is not set, and the one before stays", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    CHECK_FALSE(box.store.set("123456"));
    CHECK(box.judge("258013").verdict == PinVerdict::Right);
}

TEST_CASE("During a wait not even the right PIN is looked at, and asking makes it no longer", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    box.wrong(3);
    CHECK(box.look() == PinState {true, 3, 30s, 30s});
    box.machine.steady += 10s;
    auto const judged = box.judge("258013");
    CHECK(judged.verdict == PinVerdict::Locked);
    CHECK(judged.state == PinState {true, 3, 20s, 30s});
    box.machine.steady += 20s;
    CHECK(box.judge("258013").verdict == PinVerdict::Right);
}

TEST_CASE("A wait survives another program, another clock and another boot", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    box.wrong(4);
    SECTION("another program")
    {
        PinStore again(box.folder.path(), box.machine);
        CHECK(again.judge("258013")->verdict == PinVerdict::Locked);
    }
    SECTION("a wall clock that is a year ahead, or back in 1970")
    {
        box.machine.wall += 24h * 365;
        CHECK(box.judge("258013").verdict == PinVerdict::Locked);
        box.machine.wall = {};
        CHECK(box.judge("258013").verdict == PinVerdict::Locked);
    }
    SECTION("another boot: the wait counts from it")
    {
        box.machine.restart();
        CHECK(box.judge("258013").state.left == 55s);
        box.machine.steady += 55s;
        CHECK(box.judge("258013").verdict == PinVerdict::Right);
    }
}

TEST_CASE("An attempt counts before it is judged: where it cannot be written, it is not judged", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    // A folder stands where the file should be.
    std::filesystem::remove(box.folder / "manager_attempts.json");
    std::filesystem::create_directories(box.folder / "manager_attempts.json/in the way");
    box.machine.steady += 1h;
    auto const judged = box.store.judge("258013");
    REQUIRE_FALSE(judged);
    CHECK(judged.error().code == Errc::Io);
}

TEST_CASE("Attempts have their room before the first is made, and keep its size", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    auto const size = [&] { return std::filesystem::file_size(box.folder / "manager_attempts.json"); };
    CHECK(size() == 256);
    box.wrong(5);
    CHECK(size() == 256);
}

TEST_CASE(
    "Attempts that a power cut left half written over the last ones are none that were made", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    box.wrong(3);
    auto const path = box.folder / "manager_attempts.json";
    std::string text = *read_file(path, 4096);
    auto const wrong = text.find("\"wrong\":3");
    REQUIRE(wrong != text.npos);
    text.replace(wrong, 9, "\"wrong\":0");
    REQUIRE(write_file_atomically(path, text));
    CHECK(box.look().wrong == 7);
}

TEST_CASE("Attempts that cannot be read cost the longest wait, and no more than that", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    for (auto const* const text :
        {"", "{", "{\"wrong\":0}", "{\"wrong\":-1,\"boot\":\"boot\",\"steady_ms\":0,\"pin\":1}"}) {
        INFO(text);
        REQUIRE(write_file_atomically(box.folder / "manager_attempts.json", text));
        CHECK(box.judge("258013").verdict == PinVerdict::Locked);
    }
    box.machine.steady = SteadyTime(1h);
    CHECK(box.judge("258013").verdict == PinVerdict::Right);
}

TEST_CASE("A damaged PIN file is no open door", "[manager]")
{
    Box box;
    REQUIRE(write_file_atomically(box.folder / "manager_pin.json", "{\"hash\":\"\"}"));
    CHECK(box.store.look().error().code == Errc::Corrupt);
    CHECK(box.store.judge("").error().code == Errc::Corrupt);
    box.send(sent_hash("258013")); // head office mends it
    CHECK(box.look().is_set);
    CHECK(box.judge("258013").verdict == PinVerdict::Right);
}

TEST_CASE(
    "A PIN from head office is taken once, ends a wait, and does not undo one that is set later", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    box.wrong(3);
    box.send(sent_hash("774411"));
    CHECK(box.look() == PinState {true, 0, 0ms, 0s});
    CHECK(box.judge("258013").verdict == PinVerdict::Wrong);
    CHECK(box.judge("774411").verdict == PinVerdict::Right);

    REQUIRE(box.store.set("369258"));
    CHECK(box.look().is_set);
    CHECK(box.judge("774411").verdict == PinVerdict::Wrong);
    CHECK(box.judge("369258").verdict == PinVerdict::Right);

    box.send(sent_hash("850274"));
    CHECK(box.look().is_set);
    CHECK(box.judge("850274").verdict == PinVerdict::Right);
}

TEST_CASE("A PIN that is set does not let an older one of head office's come back", "[manager]")
{
    Box box;
    box.send(sent_hash("774411"));
    auto const sent = *read_file(box.folder / "inbox/manager_pin.json", 4096);
    CHECK(box.look().is_set);
    std::filesystem::remove(box.folder / "inbox/manager_pin.json");
    REQUIRE(box.store.set("369258"));
    box.send(sent); // whoever fills the inbox brings the same again
    CHECK(box.look().is_set);
    CHECK(box.judge("369258").verdict == PinVerdict::Right);
}

TEST_CASE("What has come from head office before a PIN is set, and was not looked at, is older", "[manager]")
{
    Box box;
    box.send(sent_hash("774411"));
    REQUIRE(box.store.set("369258"));
    CHECK(box.look().is_set);
    CHECK(box.judge("369258").verdict == PinVerdict::Right);
    CHECK(box.judge("774411").verdict == PinVerdict::Wrong);
    box.send(sent_hash("774411")); // given anew, the same digits are another PIN
    CHECK(box.look().is_set);
    CHECK(box.judge("774411").verdict == PinVerdict::Right);
}

TEST_CASE("What comes from head office and is no PIN changes nothing", "[manager]")
{
    Box box;
    REQUIRE(box.store.set("258013"));
    for (std::string const& text :
        {std::string("{}"), std::string("{\"pin\":\"774411\"}"), std::string(5000, ' '),
            std::string(
                "{\"hash\":\"$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA\"}")}) {
        box.send(text);
        CHECK(box.look().is_set);
        CHECK(box.judge("258013").verdict == PinVerdict::Right);
    }
}

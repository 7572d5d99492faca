#include "platform/os/power_supply.h"

#include "platform/os/files.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

using namespace listenpost;

namespace {

using Files = std::initializer_list<std::pair<char const*, char const*>>;

void add_supply(test::TempFolder const& folder, char const* name, Files files)
{
    std::filesystem::create_directory(folder / name);
    for (auto const& [file, content] : files)
        REQUIRE(write_file_atomically(folder / name / file, content));
}

}

TEST_CASE("A machine says how full its battery is and whether it is on mains", "[platform][os]")
{
    test::TempFolder const folder;
    SECTION("a box without a battery knows of none")
    {
        auto const state = read_power_state(folder.path());
        CHECK_FALSE(state.battery_pct);
        CHECK_FALSE(state.on_mains);
        CHECK_FALSE(read_power_state(folder / "missing").on_mains);
    }
    SECTION("a tablet on its charger")
    {
        add_supply(folder, "BAT0", {{"type", "Battery\n"}, {"capacity", "87\n"}});
        add_supply(folder, "AC", {{"type", "Mains\n"}, {"online", "1\n"}});
        auto const state = read_power_state(folder.path());
        CHECK(state.battery_pct == 87);
        CHECK(state.on_mains == true);
    }
    SECTION("one that was unplugged, with two batteries and two sockets")
    {
        add_supply(folder, "BAT0", {{"type", "Battery\n"}, {"capacity", "87\n"}});
        add_supply(folder, "BAT1", {{"type", "Battery\n"}, {"capacity", "12\n"}});
        add_supply(folder, "AC", {{"type", "Mains\n"}, {"online", "0\n"}});
        add_supply(folder, "usb", {{"type", "USB\n"}, {"online", "0\n"}});
        auto const state = read_power_state(folder.path());
        CHECK(state.battery_pct == 12);
        CHECK(state.on_mains == false);
    }
    SECTION("the battery of a mouse is not the machine's, and nonsense is nothing")
    {
        add_supply(folder, "hid", {{"type", "Battery\n"}, {"scope", "Device\n"}, {"capacity", "3\n"}});
        add_supply(folder, "BAT0", {{"type", "Battery\n"}, {"capacity", "full\n"}});
        CHECK_FALSE(read_power_state(folder.path()).battery_pct);
    }
}

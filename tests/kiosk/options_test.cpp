#include "kiosk/options.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;

namespace {

tl::expected<Options, Farewell> parse(std::vector<char const*> arguments)
{
    arguments.insert(arguments.begin(), "listenpost-kiosk");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

/// Of a command line that must be refused.
Farewell farewell(std::vector<char const*> const& arguments)
{
    auto const options = parse(arguments);
    REQUIRE_FALSE(options);
    return options.error();
}

}

TEST_CASE("What is not said on the command line is left to the survey and the display", "[options]")
{
    auto const options = parse({"--data", "box"});
    REQUIRE(options);
    CHECK(options->data == "box");
    CHECK(options->window.size == PixelSize {1280, 800});
    CHECK(options->window.mode == WindowMode::Windowed);
    CHECK(options->language.empty());
    CHECK(options->touchpoint.empty()); // the survey says it
    CHECK(options->keep == std::chrono::days(400));
    CHECK_FALSE(options->millimetres_per_pixel);
    CHECK(options->times.idle == FlowTimes {}.idle);
}

TEST_CASE("What is said on the command line is taken", "[options]")
{
    auto const options
        = parse({"--data", "box", "--size", "800x1280", "--idle-seconds", "1.5", "--mm-per-pixel", "0.25",
            "--touchpoint", "pickup-2", "--keep-days", "30", "--manager-seconds", "90", "--headless"});
    REQUIRE(options);
    CHECK(options->window.size == PixelSize {800, 1280});
    CHECK(options->window.mode == WindowMode::Headless);
    CHECK(options->times.idle == 1500ms);
    CHECK(options->times.warning == 1500ms);
    CHECK(options->millimetres_per_pixel == 0.25F);
    CHECK(options->manager_times.idle == 90s);
    CHECK_FALSE(options->sets_pin);
    CHECK(options->touchpoint == "pickup-2");
    CHECK(options->keep == std::chrono::days(30));
}

TEST_CASE("The week is printed of a box's folder", "[options]")
{
    auto const options = parse({"--data", "box", "--week-picture", "week.png", "--lang", "en"});
    REQUIRE(options);
    CHECK(options->week_picture == "week.png");
    CHECK(options->language == "en");
    CHECK(farewell({"--week-picture", "week.png"}).exit_code == 2);
}

TEST_CASE("A PIN is set in a box's folder, and is no word of the command line", "[options]")
{
    auto const options = parse({"--data", "box", "--set-pin"});
    REQUIRE(options);
    CHECK(options->sets_pin);
    CHECK(farewell({"--set-pin"}).exit_code == 2);
    CHECK(farewell({"--data", "box", "--set-pin", "258013"}).exit_code == 2);
}

TEST_CASE("A survey can be looked at without a box", "[options]")
{
    auto const options = parse({"--check", "survey.json"});
    REQUIRE(options);
    CHECK(options->check == "survey.json");
}

TEST_CASE("Bad use is refused with 2 and the option's name", "[options]")
{
    auto const [option, value] = GENERATE(table<char const*, char const*>({{"--size", "639x480"},
        {"--size", "1280x"}, {"--size", "1280x800x2"}, {"--size", "-5x800"}, {"--size", "99999999999x800"},
        {"--keep-days", "0"}, {"--keep-days", "3651"}, {"--keep-days", "1.5"}, {"--idle-seconds", "0"},
        {"--idle-seconds", "nan"}, {"--thanks-seconds", "inf"}, {"--mm-per-pixel", "nan"},
        {"--mm-per-pixel", "3"}, {"--renderer", "vulkan"}, {"--touchpoint", ""}, {"--touchpoint", "the exit"},
        {"--touchpoint", "0123456789012345678901234567890123456789x"}}));
    INFO(option << " " << value);
    Farewell const refused = farewell({"--data", "box", option, value});
    CHECK(refused.exit_code == 2);
    CHECK(refused.text.find(option) != std::string::npos);
}

TEST_CASE("Help and version are no failure", "[options]")
{
    CHECK(farewell({"--help"}).exit_code == 0);
    CHECK(farewell({"--version"}).exit_code == 0);
    CHECK(farewell({}).exit_code == 2);
}

#include "kiosk/input/recording.h"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace listenpost;
using namespace listenpost::kiosk;
using std::chrono::milliseconds;

namespace {

constexpr SteadyTime start {milliseconds(5000)};

struct TempFile {
    TempFile()
        : path(
            std::filesystem::temp_directory_path() / ("listenpost-recording-" + std::to_string(::getpid())))
    {
    }
    ~TempFile() { std::filesystem::remove(path); }
    std::filesystem::path path;
};

std::vector<PointerEvent> a_visit()
{
    return {{start + milliseconds(10), 0, 100.5F, 200.25F, PointerPhase::Down},
        {start + milliseconds(25), 0, 101, 200, PointerPhase::Move},
        {start + milliseconds(90), 0, 101, 200, PointerPhase::Up},
        {start + milliseconds(700), 9000000000, 1279.75F, 0, PointerPhase::Down},
        {start + milliseconds(705), 9000000000, 1279.75F, 0, PointerPhase::Cancel}};
}

}

TEST_CASE("A replay gives the recorded events, at their times, after another start", "[input]")
{
    TempFile file;
    {
        auto recorder = Recorder::create(file.path, start);
        REQUIRE(recorder);
        REQUIRE(recorder->write(a_visit()));
        REQUIRE(recorder->write({}));
    }
    constexpr SteadyTime later {milliseconds(77000)};
    auto replay = Replay::open(file.path, later);
    REQUIRE(replay);
    CHECK(replay->take_due(later).empty());
    CHECK(replay->next_due() == later + milliseconds(10));

    std::vector<PointerEvent> played = replay->take_due(later + milliseconds(30));
    CHECK(played.size() == 2);
    for (PointerEvent const& event : replay->take_due(later + milliseconds(100000)))
        played.push_back(event);
    CHECK_FALSE(replay->next_due());

    auto expected = a_visit();
    for (PointerEvent& event : expected)
        event.time += later - start;
    CHECK(played == expected);
}

TEST_CASE("A line of a recording can be written by hand", "[input]")
{
    auto const event = parse_pointer_event(R"({"ms":5,"pointer":0,"phase":"up","x":1,"y":2.5})", start);
    REQUIRE(event);
    CHECK(*event == PointerEvent {start + milliseconds(5), 0, 1, 2.5F, PointerPhase::Up});
    CHECK(format_pointer_event(*event, start) == R"({"ms":5,"phase":"up","pointer":0,"x":1.0,"y":2.5})");
}

TEST_CASE("A recording that is none is refused, and the line is named", "[input]")
{
    CHECK(Replay::open("/nowhere/recording", start).error().code == Errc::NotFound);
    for (char const* const line :
        {"", "{}", "[]", "nonsense", R"({"ms":"5","pointer":0,"phase":"up","x":1,"y":2})",
            R"({"ms":5,"pointer":0,"phase":"sideways","x":1,"y":2})",
            R"({"ms":5,"pointer":0,"phase":3,"x":1,"y":2})"})
        CHECK(parse_pointer_event(line, start).error().code == Errc::Invalid);

    TempFile file;
    std::ofstream(file.path) << format_pointer_event(a_visit()[0], start) << "\n\n{\"ms\":1}\n";
    auto const replay = Replay::open(file.path, start);
    REQUIRE_FALSE(replay);
    CHECK(replay.error().code == Errc::Invalid);
    CHECK(replay.error().detail.find(":3:") != std::string::npos);
}

#include "kiosk/input/recording.h"

#include "platform/os/files.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace listenpost::kiosk {

namespace {

constexpr std::size_t largest_recording = std::size_t {16} << 20;

struct PhaseName {
    PointerPhase phase;
    std::string_view name;
};
constexpr std::array phase_names {PhaseName {PointerPhase::Down, "down"},
    PhaseName {PointerPhase::Move, "move"}, PhaseName {PointerPhase::Up, "up"},
    PhaseName {PointerPhase::Cancel, "cancel"}};

}

std::string format_pointer_event(PointerEvent const& event, SteadyTime start)
{
    auto const name = std::find_if(phase_names.begin(), phase_names.end(),
        [&](PhaseName const& entry) { return entry.phase == event.phase; });
    nlohmann::json const line {{"ms", (event.time - start).count()}, {"pointer", event.pointer},
        {"x", event.x}, {"y", event.y}, {"phase", name->name}};
    return line.dump();
}

Result<PointerEvent> parse_pointer_event(std::string_view line, SteadyTime start)
{
    auto const json = nlohmann::json::parse(line, nullptr, false);
    auto const is_number = [&](char const* key) { return json.contains(key) && json[key].is_number(); };
    if (!json.is_object() || !is_number("ms") || !is_number("pointer") || !is_number("x") || !is_number("y")
        || !json.contains("phase") || !json["phase"].is_string())
        return fail(Errc::Invalid, "not an event of a recording");
    auto const phase = std::find_if(phase_names.begin(), phase_names.end(),
        [&](PhaseName const& entry) { return entry.name == json["phase"].get_ref<std::string const&>(); });
    if (phase == phase_names.end())
        return fail(Errc::Invalid, "an unknown phase");
    return PointerEvent {.time = start + std::chrono::milliseconds(json["ms"].get<std::int64_t>()),
        .pointer = json["pointer"].get<std::int64_t>(),
        .x = json["x"].get<float>(),
        .y = json["y"].get<float>(),
        .phase = phase->phase};
}

Result<Recorder> Recorder::create(std::filesystem::path const& file, SteadyTime start)
{
    std::ofstream stream(file, std::ios::trunc);
    if (!stream)
        return fail(Errc::Io, file.string() + ": cannot be written");
    return Recorder(std::move(stream), start);
}

Result<> Recorder::write(std::span<PointerEvent const> events)
{
    for (PointerEvent const& event : events)
        file_ << format_pointer_event(event, start_) << '\n';
    // At once: a recording is for finding out what led to a crash.
    if (!events.empty() && !file_.flush())
        return fail(Errc::Io, "the recording cannot be written");
    return {};
}

Result<Replay> Replay::open(std::filesystem::path const& file, SteadyTime start)
{
    auto const text = read_file(file, largest_recording);
    if (!text)
        return fail(text.error());
    std::vector<PointerEvent> events;
    std::string_view rest = *text;
    for (int number = 1; !rest.empty(); ++number) {
        std::string_view const line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.empty())
            continue;
        auto event = parse_pointer_event(line, start);
        if (!event)
            return fail(
                Errc::Invalid, file.string() + ":" + std::to_string(number) + ": " + event.error().detail);
        events.push_back(*event);
    }
    std::stable_sort(events.begin(), events.end(),
        [](PointerEvent const& a, PointerEvent const& b) { return a.time < b.time; });
    return Replay(std::move(events));
}

std::vector<PointerEvent> Replay::take_due(SteadyTime now)
{
    std::vector<PointerEvent> due;
    for (; next_ < events_.size() && events_[next_].time <= now; ++next_)
        due.push_back(events_[next_]);
    return due;
}

std::optional<SteadyTime> Replay::next_due() const
{
    if (next_ == events_.size())
        return std::nullopt;
    return events_[next_].time;
}

}

#pragma once

#include "platform/base/pointer_event.h"
#include "platform/base/result.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// One line of a recording, without its line end:
/// `{"ms":1250,"phase":"down","pointer":0,"x":640.5,"y":400}`; `ms` since the start.
std::string format_pointer_event(PointerEvent const& event, SteadyTime start);
/// Errors: Invalid.
Result<PointerEvent> parse_pointer_event(std::string_view line, SteadyTime start);

/// Writes events as they happen, a line each.
class Recorder {
public:
    /// Replaces the file. Errors: Io.
    static Result<Recorder> create(std::filesystem::path const& file, SteadyTime start);
    /// Errors: Io (a full disk too).
    Result<> write(std::span<PointerEvent const> events);

private:
    Recorder(std::ofstream file, SteadyTime start)
        : file_(std::move(file))
        , start_(start)
    {
    }
    std::ofstream file_;
    SteadyTime start_;
};

/// Plays a recording: the same events at the same times after `start`, whatever
/// the speed of the machine.
class Replay {
public:
    /// Errors: NotFound, Io, Full (over 16 MiB), Invalid (names the line).
    static Result<Replay> open(std::filesystem::path const& file, SteadyTime start);

    /// The events whose time has come and that were not taken yet.
    std::vector<PointerEvent> take_due(SteadyTime now);
    /// When the next event comes; none at the end.
    std::optional<SteadyTime> next_due() const;

private:
    explicit Replay(std::vector<PointerEvent> events)
        : events_(std::move(events))
    {
    }
    std::vector<PointerEvent> events_;
    std::size_t next_ = 0;
};

}

#include "platform/base/log.h"

#include <atomic>
#include <cstdio>
#include <ctime>
#include <unistd.h>

namespace listenpost {
namespace {

std::atomic<LogLevel> lowest_level {LogLevel::Info};

char const* name(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return "debug";
    case LogLevel::Info:
        return "info";
    case LogLevel::Warn:
        return "warn";
    case LogLevel::Error:
        return "error";
    case LogLevel::Off:
        break;
    }
    return "?";
}

void append_value(std::string& line, std::string_view value)
{
    if (!value.empty() && value.find_first_of(" \"=\\\n\r\t") == std::string_view::npos) {
        line += value;
        return;
    }
    line += '"';
    for (char const c : value) {
        if (c == '"' || c == '\\')
            line += '\\';
        // A line break in a value would forge a line of its own.
        line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    line += '"';
}

}

void set_log_level(LogLevel level) { lowest_level = level; }

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields)
{
    if (level < lowest_level.load(std::memory_order_relaxed))
        return;
    timespec now {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm utc {};
    ::gmtime_r(&now.tv_sec, &utc);
    char stamp[40];
    std::size_t const length = std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(stamp + length, sizeof stamp - length, ".%03ldZ", now.tv_nsec / 1'000'000);

    std::string line = "time=";
    line += stamp;
    line += " level=";
    line += name(level);
    line += " event=";
    append_value(line, event);
    for (auto const& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        append_value(line, field.value);
    }
    line += '\n';
    // Nothing useful can be done when even stderr refuses.
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
}

}

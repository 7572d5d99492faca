#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace listenpost {

enum class LogLevel {
    Debug,
    Info,
    Warn,
    Error,
    Off, ///< of no line: set_log_level(Off) drops all
};

/// One field of a log line. Values with blanks or quotes are quoted.
struct LogField {
    LogField(std::string_view key, std::string_view value)
        : key(key)
        , value(value)
    {
    }
    LogField(std::string_view key, char const* value)
        : key(key)
        , value(value)
    {
    }
    LogField(std::string_view key, std::integral auto value)
        : key(key)
        , value(std::to_string(value))
    {
    }

    std::string_view key;
    std::string value;
};

/// Writes `time=… level=… event=… key=value …` as one line to stderr, in one
/// write, from any thread. Never give it a token, a code or a comment.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// Lines below this level are dropped. Info at start; set once by main.
void set_log_level(LogLevel level);

}

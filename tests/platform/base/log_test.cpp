#include "platform/base/log.h"

#include "tests/support/captured_stderr.h"

#include <catch2/catch.hpp>
#include <string>

using namespace listenpost;

namespace {

/// Everything written to stderr while `action` runs.
std::string captured_stderr(auto action)
{
    std::string text;
    {
        test::CapturedStderr const capture(text);
        action();
    }
    return text;
}

}

TEST_CASE("A log line is key=value on one line, in UTC", "[base]")
{
    std::string const line = captured_stderr([] {
        log(LogLevel::Warn, "retry", {{"attempt", 3}, {"host", "hub.example"}});
    });
    CHECK_THAT(line,
        Catch::Matchers::Matches(
            R"(time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=warn event=retry attempt=3 host=hub\.example\n)"));
}

TEST_CASE("A value cannot forge a second line or a further field", "[base]")
{
    std::string const line = captured_stderr([] {
        log(LogLevel::Error, "failed", {{"detail", "a\ntime=0 level=info \"x\""}, {"empty", ""}});
    });
    CHECK(std::count(line.begin(), line.end(), '\n') == 1);
    CHECK(line.find(R"(detail="a time=0 level=info \"x\"" empty="")") != std::string::npos);
}

TEST_CASE("Lines below the level are dropped", "[base]")
{
    CHECK(captured_stderr([] { log(LogLevel::Debug, "noise"); }).empty());
}

TEST_CASE("A program that makes errors by the thousand can switch the log off", "[base]")
{
    set_log_level(LogLevel::Off);
    CHECK(captured_stderr([] { log(LogLevel::Error, "failed"); }).empty());
    set_log_level(LogLevel::Info);
    CHECK_FALSE(captured_stderr([] { log(LogLevel::Error, "failed"); }).empty());
}

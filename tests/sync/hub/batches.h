#pragma once

#include "sync/wire/batch_parser.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace listenpost::test {

/// A valid response; the comment alone tells one content from another.
inline std::string response_json(std::int64_t seq, std::string const& comment = "ok")
{
    return R"({"seq":)" + std::to_string(seq)
        + R"(,"opened_ms":1789999990000,"took_ms":8120,"steady_ms":86390000,)"
          R"("answers":[{"q":"quality","score":2,"reasons":["salty"]},{"q":"service","score":5},)"
          R"({"q":"cleanliness","score":4}],"comment":")"
        + comment
        + R"(","outcome":"complete","closed_by":"finish","clock_set":true,"boot":"9c1b",)"
          R"("survey":"qsc-restaurant","survey_version":1,"touchpoint":"exit","lang":"zh-CN"})";
}

/// A valid staff event; the note tells one content from another.
inline std::string event_json(std::int64_t seq, std::string const& note = "已致歉")
{
    return R"({"seq":)" + std::to_string(seq)
        + R"(,"steady_ms":86395000,"opened_ms":1789999995000,"event":"comment_handled",)"
          R"("of":{"install":"0123456789abcdef0123456789abcdef","seq":17,"boot":"9c1b","steady_ms":86390000},)"
          R"("state":"dealt_with","by":"LW","note":")"
        + note + R"(","clock_set":true,"boot":"9c1b"})";
}

/// 32 hex digits.
inline std::string install_id(int number)
{
    std::string const digits = std::to_string(number);
    return std::string(32 - digits.size(), '0') + digits;
}

inline std::string batch_json(std::string const& install, std::vector<std::string> const& responses)
{
    std::string text = R"({"v":1,"install":")" + install
        + R"(","sent":{"wall_ms":1790000000000,"steady_ms":86400000,"boot":"9c1b","clock_set":true},)"
          R"("responses":[)";
    for (auto const& response : responses)
        text += (&response == &responses.front() ? "" : ",") + response;
    return text + "]}";
}

inline sync::ParsedBatch parsed_batch(std::string const& install, std::vector<std::string> const& responses)
{
    sync::BatchParser parser;
    auto batch = parser.parse(batch_json(install, responses));
    REQUIRE(batch);
    return std::move(*batch);
}

}

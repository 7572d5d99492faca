#pragma once

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "tests/support/sample_responses.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace listenpost::test {

/// The text that only response `number` has.
inline std::string marker(std::int64_t number)
{
    std::string digits = std::to_string(number);
    return "@" + std::string(6 - digits.size(), '0') + digits + "@";
}

/// No two alike, as on a box: each was opened at a time of its own.
inline kiosk::Draft draft_number(std::int64_t number)
{
    kiosk::Draft draft = sample_draft();
    draft.opened = stamp_at(5'000 + number * 20'000, 1'790'000'000'000 + number * 20'000);
    draft.touched = draft.opened.steady + std::chrono::milliseconds(4'000);
    draft.answers = {{"quality", static_cast<int>(1 + number % 5), {"salty"}},
        {"service", static_cast<int>(1 + number / 5 % 5), {}}};
    draft.comment = "上菜慢" + marker(number) + std::string(static_cast<std::size_t>(number * 37 % 90), 'x');
    return draft;
}

inline void close_responses(kiosk::ResponseStore& store, std::int64_t first, std::int64_t last)
{
    for (std::int64_t number = first; number <= last; ++number) {
        kiosk::Draft const draft = draft_number(number);
        REQUIRE(store.save_draft(draft, kiosk::Outcome::Partial));
        REQUIRE(store.close_draft(kiosk::ClosedBy::Finish, draft.touched));
    }
}

/// Behind the last, in one transaction: where it matters that there are many, not what they say.
inline void copy_response(sqlite::Database& writer, std::int64_t seq, int times)
{
    std::string const copied = std::to_string(seq);
    REQUIRE(writer.execute(
        ("BEGIN; WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < "
            + std::to_string(times)
            + ") INSERT INTO response (seq, " LISTENPOST_RESPONSE_COLUMNS
              ") SELECT (SELECT max(seq) FROM response) + n, " LISTENPOST_RESPONSE_COLUMNS
              " FROM response, number WHERE seq = "
            + copied + "; UPDATE response SET row_check = " LISTENPOST_ROW_CHECK " WHERE seq > " + copied
            + "; COMMIT")
            .c_str()));
}

/// Everything a response says but its seq, comparable.
inline std::string content_of(kiosk::StoredResponse const& response)
{
    std::string text;
    for (auto const value : {response.opened_ms, response.took_ms, response.steady_ms,
             std::int64_t {response.clock_set}, response.survey_version})
        text += std::to_string(value) + "|";
    for (auto const& value : {response.boot_id, response.survey, response.touchpoint, response.language,
             response.outcome, response.closed_by, response.answers, response.comment, response.flags})
        text += std::string(value) + "|";
    return text;
}

/// All closed responses, by seq.
inline std::map<std::int64_t, std::string> contents(std::filesystem::path const& store)
{
    auto reader = kiosk::ResponseReader::open(store);
    REQUIRE(reader);
    std::map<std::int64_t, std::string> all;
    reader->seek(0, INT64_MAX);
    for (;;) {
        auto const response = reader->next();
        REQUIRE(response);
        if (!*response)
            return all;
        all[(*response)->seq] = content_of(**response);
    }
}

}

#pragma once

#include "kiosk/export/export_csv.h"
#include "kiosk/store/response_store.h"
#include "platform/os/files.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

namespace listenpost::test {

inline kiosk::TableWords table_words()
{
    return {.time = "时间",
        .place = "place",
        .language = "language",
        .outcome = "outcome",
        .complete = "complete",
        .partial = "partial",
        .reasons = "reasons",
        .other_answers = "other",
        .comment = "comment",
        .flags = "flags",
        .handled = "handled",
        .seen = "seen",
        .dealt_with = "dealt with",
        .handled_by = "by",
        .note = "note",
        .handled_at = "when",
        .install = "install",
        .number = "number"};
}

/// A store.db, and a request for 2026-09-21 in Shanghai, the day of sample_draft().
struct ExportBox {
    TempFolder folder;
    std::filesystem::path store_path = folder / "store.db";
    kiosk::ResponseStore store = kiosk::ResponseStore::open(store_path).value();
    kiosk::ExportRequest request {.from = WallTime(std::chrono::milliseconds(1'789'920'000'000)), // 0:00
        .to = WallTime(std::chrono::milliseconds(1'790'006'400'000)),
        .zone = "Asia/Shanghai",
        .store_id = "sh-001",
        .survey = std::make_shared<kiosk::Survey const>(sample_survey()),
        .language = "en",
        .words = table_words(),
        .now = stamp_at(100'000'000, 1'790'100'000'000)};

    std::int64_t close_response(kiosk::Draft const& draft)
    {
        REQUIRE(store.save_draft(draft, kiosk::Outcome::Partial));
        auto const seq = store.close_draft(kiosk::ClosedBy::Finish, draft.touched);
        REQUIRE(seq);
        return *seq;
    }
    std::int64_t close_response_at(std::int64_t wall_ms, std::string const& comment = "慢")
    {
        auto draft = sample_draft();
        draft.opened = stamp_at(wall_ms - 1'789'000'000'000, wall_ms);
        draft.touched = draft.opened.steady;
        draft.comment = comment;
        return close_response(draft);
    }
};

inline std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find("\r\n", at);
        REQUIRE(end != std::string::npos);
        lines.push_back(text.substr(at, end - at));
        at = end + 2;
    }
    return lines;
}

}

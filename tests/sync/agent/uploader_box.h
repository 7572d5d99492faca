#pragma once

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/uploader.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/agent/fake_hub.h"

#include <catch2/catch.hpp>
#include <memory>
#include <numeric>
#include <vector>

namespace listenpost::test {

using Seqs = std::vector<std::int64_t>;

/// first … last.
inline Seqs range(std::int64_t first, std::int64_t last)
{
    Seqs seqs(static_cast<std::size_t>(last - first + 1));
    std::iota(seqs.begin(), seqs.end(), first);
    return seqs;
}

/// A box with real files and a hub of the test's own.
struct UploaderBox {
    /// Under another name than its own the kiosk does not find delivery.db.
    explicit UploaderBox(std::string_view delivery_name = "delivery.db")
        : delivery_path(folder / delivery_name)
    {
        restart();
    }

    /// As after a crash or a power cut of the agent: all that is not in a file is gone.
    void restart()
    {
        uploader.reset();
        delivery.reset();
        auto opened = sync::DeliveryStore::open(delivery_path);
        REQUIRE(opened);
        delivery = std::make_unique<sync::DeliveryStore>(std::move(*opened));
        uploader = std::make_unique<sync::Uploader>(
            folder / "store.db", *delivery, hub, clock, [this] { return random; });
    }

    void enrol()
    {
        REQUIRE(delivery->set_enrolment(
            {"https://hub.example", "dev_1", "lpd_secret", "", "sh-001", "店", "Asia/Shanghai", clock.wall}));
    }

    /// The kiosk closes that many further responses.
    void capture(int count) { capture(count, sample_draft().comment); }

    void capture(int count, std::string const& comment)
    {
        if (!store) {
            auto opened = kiosk::ResponseStore::open(folder / "store.db");
            REQUIRE(opened);
            store = std::make_unique<kiosk::ResponseStore>(std::move(*opened));
        }
        auto draft = sample_draft();
        draft.comment = comment;
        REQUIRE(store->save_draft(draft, kiosk::Outcome::Partial));
        REQUIRE(store->close_draft(kiosk::ClosedBy::Finish, draft.touched));
        if (count == 1)
            return;
        // The others as copies of it, in one transaction: the kiosk syncs the disk for each.
        auto database = sqlite::Database::open(folder / "store.db", sqlite::OpenMode::Writer);
        REQUIRE(database);
        auto const copies = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + std::to_string(count - 1)
            + ") INSERT INTO response (seq, " LISTENPOST_RESPONSE_COLUMNS
              ") SELECT last.seq + n.i, last.opened_ms + n.i, took_ms, steady_ms, "
              "clock_set, boot, survey, survey_version, touchpoint, lang, outcome, closed_by, answers, "
              "comment, flags "
              "FROM n, (SELECT * FROM response ORDER BY seq DESC LIMIT 1) AS last";
        REQUIRE(database->execute(copies.c_str()));
        REQUIRE(database->execute(
            "UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK " WHERE row_check = 0"));
    }

    /// Staff handles the comment of that response.
    void handle(std::int64_t seq, std::int64_t at_steady_ms = 90'000)
    {
        auto reader = kiosk::ResponseReader::open(folder / "store.db");
        REQUIRE(reader);
        auto const response = reader->find(seq);
        REQUIRE(response);
        REQUIRE(*response);
        auto const event = handled(store->install_id(), **response);
        reader->stop();
        REQUIRE(store->add_event(event, stamp_at(at_steady_ms)));
    }

    /// Steps until it is not told to step again at once; never waits.
    sync::UploadStep drain()
    {
        for (;;) {
            auto step = uploader->step();
            if (step.state != sync::UploadState::Delivering)
                return step;
        }
    }

    std::int64_t mark() { return delivery->mark(store->install_id()).value(); }

    TempFolder folder;
    std::filesystem::path delivery_path;
    FakeClock clock;
    FakeHub hub;
    double random = 0.5;
    std::unique_ptr<kiosk::ResponseStore> store;
    std::unique_ptr<sync::DeliveryStore> delivery;
    std::unique_ptr<sync::Uploader> uploader;
};

}

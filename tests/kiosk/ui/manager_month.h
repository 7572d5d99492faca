#pragma once

#include "kiosk/flow/manager_view.h"
#include "kiosk/summary/catch_up.h"
#include "kiosk/summary/list_deliveries.h"
#include "kiosk/summary/list_responses.h"
#include "kiosk/summary/summarize.h"
#include "kiosk/summary/summary_file.h"
#include "kiosk/ui/manager_figures.h"
#include "tests/kiosk/ui/screen_rig.h"
#include "tests/support/sample_month.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

namespace listenpost::kiosk::test {

/// A store's real store.db of some weeks, ending on Friday, 20 November 2026, and its real figures.
class ManagerMonth {
public:
    explicit ManagerMonth(std::optional<bench::Month> month)
        : folder_(listenpost::test::in_memory())
    {
        if (month)
            bench::make_month(folder_ / "store.db", *month);
    }

    static bench::Month weeks(bench::MonthOf store)
    {
        using namespace std::chrono;
        return {.store = store, .days = 84, .last_day = 2026y / November / 20, .last_hour = 20, .seed = 1};
    }

    /// A list's first page, after figures().
    std::shared_ptr<ResponsePage const> page(ListFilter const& list, Period period)
    {
        auto store = ResponseReader::open(folder_ / "store.db");
        auto file = SummaryFile::open(folder_ / "summary.db");
        REQUIRE((store && file));
        auto page = list_responses(*file, *store, list_query(list, query_of(period)));
        REQUIRE(page);
        return std::make_shared<ResponsePage const>(std::move(*page));
    }

    /// The same of a list of Delivery, on a box whose agent has never run.
    std::shared_ptr<ResponsePage const> deliveries(ListFilter const& list, Period period)
    {
        auto store = ResponseReader::open(folder_ / "store.db");
        REQUIRE(store);
        auto page = list_deliveries(folder_ / "delivery.db", *store, list_query(list, query_of(period)));
        REQUIRE(page);
        return std::make_shared<ResponsePage const>(std::move(*page));
    }

    /// As SummaryThread would answer; of a store that nobody has rated yet an empty summary.
    ManagerFigures figures(Period period, std::size_t most_comments = 6)
    {
        ManagerFigures result;
        SummaryQuery const query = query_of(period);
        auto store = ResponseReader::open(folder_ / "store.db");
        auto file = SummaryFile::open(folder_ / "summary.db");
        REQUIRE(file);
        if (store)
            while (true) {
                auto const progress = catch_up(*file, *store);
                REQUIRE(progress);
                if (progress->is_done())
                    break;
            }
        auto summary = summarize(*file, query);
        REQUIRE(summary);
        result.summary = std::make_shared<Summary const>(std::move(*summary));
        ResponseQuery comments;
        comments.of = query;
        comments.with_comment_only = true;
        comments.order = ResponseOrder::LowestScoreFirst;
        comments.limit = most_comments;
        if (store) {
            auto page = list_responses(*file, *store, comments);
            REQUIRE(page);
            result.responses = std::make_shared<ResponsePage const>(std::move(*page));
        } else {
            result.responses = std::make_shared<ResponsePage const>();
        }
        result.now = query.now;
        return result;
    }

private:
    static SummaryQuery query_of(Period period)
    {
        SummaryQuery query;
        query.period = period;
        query.now = WallTime(std::chrono::milliseconds(1'795'176'600'000)); // 20:10 in Shanghai
        query.zone = "Asia/Shanghai";
        query.survey = std::make_shared<Survey const>(shipped_survey());
        return query;
    }

    listenpost::test::TempFolder folder_;
};

}

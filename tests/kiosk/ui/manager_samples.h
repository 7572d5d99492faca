#pragma once

#include "tests/kiosk/ui/manager_month.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>
#include <map>

/// A bad week of a store, as the manager's screens show it.
namespace listenpost::kiosk::test {

inline ManagerView view_of(ManagerScreen screen, std::string const& language, Period period = Period::Today)
{
    ManagerView view;
    view.screen = screen;
    view.language = language;
    view.period = period;
    view.list.with_comment_only = true;
    view.list.lowest_first = true;
    return view;
}

/// A box whose network is down, and of which HQ has refused some.
inline std::shared_ptr<DeliveryFigures const> delivery(WallTime now, SendingTrouble trouble)
{
    DeliveryFigures figures;
    figures.counts = DeliveryCounts {23'118, 23'090, 25, 3, now - std::chrono::hours(5)};
    figures.refused = {{"invalid", 2}, {"conflict", 1}};
    figures.last_contact = now - std::chrono::minutes(312);
    figures.trouble = trouble;
    figures.disk_free_bytes = 21'400'000'000;
    figures.disk_total_bytes = 62'000'000'000;
    figures.clock_is_set = true;
    figures.version = "0.1.0";
    return std::make_shared<DeliveryFigures const>(figures);
}

inline ManagerMonth& month()
{
    static ManagerMonth month(ManagerMonth::weeks(bench::MonthOf::BadWeek));
    return month;
}

inline ManagerFigures& bad_week(Period period)
{
    static std::map<Period, ManagerFigures> figures;
    if (!figures.contains(period)) {
        figures[period] = month().figures(period);
        figures[period].delivery = delivery(figures[period].now, SendingTrouble::Unreachable);
    }
    return figures[period];
}

/// The same, with what the sample month does not have: dishes that were chosen, and a clock that nobody set.
inline ManagerFigures with_everything(ManagerFigures figures)
{
    auto summary = std::make_shared<Summary>(*figures.summary);
    Question const* const dish = shipped_survey().find("dish");
    REQUIRE(dish);
    Summary::Choices choices {dish->id, {}};
    std::int64_t count = 61;
    for (auto const& option : dish->options)
        choices.options.push_back({option.id, count = count * 3 / 4 + 1});
    summary->choices = {choices};
    summary->provisional_time = 1'204;
    figures.summary = summary;
    return figures;
}

inline constexpr ManagerScreen manager_figure_screens[] {ManagerScreen::Overview, ManagerScreen::Details,
    ManagerScreen::Distribution, ManagerScreen::Delivery, ManagerScreen::Responses};

}

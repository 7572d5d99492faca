#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_month.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/screen_cases.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

ManagerView view_of(ManagerScreen screen, std::string const& language)
{
    ManagerView view;
    view.screen = screen;
    view.language = language;
    return view;
}

ManagerView list_view(DeliveryState state, std::string const& language, std::string code = {})
{
    ManagerView view = view_of(ManagerScreen::Responses, language);
    view.list.delivery = DeliveryList {state, std::move(code)};
    return view;
}

std::shared_ptr<DeliveryFigures const> delivery(DeliveryCounts const& counts)
{
    DeliveryFigures figures;
    figures.counts = counts;
    if (counts.quarantined > 0)
        figures.refused = {{"invalid", 2}, {"too_new", 1}};
    figures.trouble = SendingTrouble::Unreachable;
    return std::make_shared<DeliveryFigures const>(figures);
}

DeliveryCounts const some {23'118, 23'090, 25, 3, std::nullopt};

/// Of a real store.db, with what its agent would have made of the newest six.
std::shared_ptr<ResponsePage const> page_of(ManagerView const& view)
{
    static ManagerMonth month(ManagerMonth::weeks(bench::MonthOf::Quiet));
    ListFilter list = view.list;
    if (list.delivery->state == DeliveryState::Refused)
        list.delivery = DeliveryList {DeliveryState::Captured}; // nobody has refused any yet
    auto page = *month.deliveries(list, view.period);
    page.query.delivery = view.list.delivery;
    REQUIRE(page.responses.size() == listed_at_once);
    auto& rows = page.responses;
    bool const is_refused = view.list.delivery->state == DeliveryState::Refused;
    if (view.list.delivery->state == DeliveryState::Waiting)
        return std::make_shared<ResponsePage const>(std::move(page));
    rows[0].comment = "等太久了";
    rows[1].is_event = true;
    rows[1].answers.clear();
    rows[1].comment.clear();
    rows[1].mark = ListedMark {CommentState::DealtWith, "LW", "已电话道歉", std::nullopt, {}};
    rows[2].delivery = ListedDelivery {DeliveryState::Refused, "invalid", "answers is empty"};
    rows[3].delivery = ListedDelivery {DeliveryState::Refused, "conflict", {}};
    rows[4].delivery = ListedDelivery {DeliveryState::Refused, "too_new", {}};
    rows[4].has_time = false;
    rows[5].delivery = ListedDelivery {DeliveryState::Delivered, {}, {}};
    page.gone = 1'204;
    if (is_refused) {
        rows = {rows[2], rows[3], rows[4]};
        page.total = rows.size();
        page.gone = 0;
    }
    return std::make_shared<ResponsePage const>(std::move(page));
}

std::optional<DeliveryList> opened(ManagerRig& rig, std::string_view id)
{
    auto const events = rig.tap(view_of(ManagerScreen::Delivery, "en"), id);
    if (events.empty())
        return std::nullopt;
    REQUIRE(events.size() == 1);
    auto const list = std::get<manager_event::ListChosen>(events.front()).list;
    CHECK(list.offset == 0);
    return list.delivery;
}

}

TEST_CASE("Each figure of Delivery leads to the rows that it counts, and an empty one nowhere",
    "[kiosk][ui][manager][delivery]")
{
    ManagerRig rig(1280, 800);
    rig.figures.delivery = delivery(some);
    CHECK(opened(rig, "figure.captured") == DeliveryList {DeliveryState::Captured});
    CHECK(opened(rig, "figure.delivered") == DeliveryList {DeliveryState::Delivered});
    CHECK(opened(rig, "figure.waiting") == DeliveryList {DeliveryState::Waiting});
    CHECK(opened(rig, "figure.refused") == DeliveryList {DeliveryState::Refused});
    CHECK(rig.map().find("figure.refused")->label == "Refused: 3");

    rig.figures.delivery = delivery({12, 12, 0, 0, std::nullopt});
    CHECK(opened(rig, "figure.delivered"));
    CHECK_FALSE(opened(rig, "figure.waiting"));
    CHECK_FALSE(opened(rig, "figure.refused"));
    rig.figures.delivery = std::make_shared<DeliveryFigures const>(); // nothing can be read
    CHECK_FALSE(opened(rig, "figure.captured"));
}

TEST_CASE("A row of such a list says why head office does not have it, and what staff did is not marked",
    "[kiosk][ui][manager][delivery]")
{
    ManagerRig rig(1280, 800);
    ManagerView const view = list_view(DeliveryState::Captured, "en");
    rig.figures.delivery = delivery(some);
    rig.figures.responses = page_of(view);
    rig.draw(view);
    auto const says = [&](std::string_view id, std::string_view what) {
        Widget const* const row = rig.map().find(id);
        REQUIRE(row);
        return row->label.find(what) != std::string::npos;
    };
    CHECK(says("response.0", "Head office cannot be reached"));
    CHECK(says("response.1", "Staff"));
    CHECK(says("response.1", "LW"));
    CHECK(says("response.2", "unreadable for head office: answers is empty"));
    CHECK(says("response.3", "number already taken"));
    CHECK(says("response.4", "too_new"));
    CHECK(says("response.4", "not known")); // when
    CHECK_FALSE(says("response.5", "Head office"));
    CHECK(says("delivery.list", "1,204 more"));
    CHECK_FALSE(rig.map().find("filter.low")); // of scores: what waits has none of its own
    CHECK(rig.tap(view, "response.1").empty());
    auto const chosen = rig.tap(view, "response.2");
    REQUIRE(chosen.size() == 1);
    CHECK(std::get<manager_event::ResponseChosen>(chosen.front()).of
        == rig.figures.responses->responses[2].ref);

    SECTION("and one that waits for nothing but its turn says that")
    {
        DeliveryFigures fine = *rig.figures.delivery;
        fine.trouble = SendingTrouble::None;
        rig.figures.delivery = std::make_shared<DeliveryFigures const>(fine);
        rig.draw(view);
        CHECK(says("response.0", "goes out next"));
    }
}

TEST_CASE("Of what was refused each reason can be looked at by itself", "[kiosk][ui][manager][delivery]")
{
    ManagerRig rig(1280, 800);
    rig.figures.delivery = delivery(some);
    auto const chosen = [&](ManagerView const& view, std::string_view id) {
        rig.figures.responses = page_of(view);
        auto const events = rig.tap(view, id);
        REQUIRE(events.size() == 1);
        return std::get<manager_event::ListChosen>(events.front()).list.delivery;
    };
    ManagerView const all = list_view(DeliveryState::Refused, "en");
    DeliveryList const invalid {DeliveryState::Refused, "invalid"};
    CHECK(chosen(all, "filter.refused.invalid") == invalid);
    CHECK(rig.map().find("filter.refused.invalid")->label == "unreadable for head office: 2");
    CHECK(chosen(all, "filter.refused.too_new") == DeliveryList {DeliveryState::Refused, "too_new"});
    ManagerView const some_of = list_view(DeliveryState::Refused, "en", "invalid");
    CHECK(chosen(some_of, "filter.refused.invalid") == all.list.delivery);
    CHECK(rig.map().find("delivery.list"));
    rig.draw(list_view(DeliveryState::Waiting, "en"));
    CHECK_FALSE(rig.map().find("filter.refused.invalid"));
}

TEST_CASE("The pages of such a list are turned as any other's", "[kiosk][ui][manager][delivery]")
{
    ManagerRig rig(1280, 800);
    ManagerView const view = list_view(DeliveryState::Waiting, "en");
    rig.figures.responses = page_of(view);
    auto const turned = rig.tap(view, "page.next");
    REQUIRE(turned.size() == 1);
    auto const list = std::get<manager_event::ListChosen>(turned.front()).list;
    CHECK(list.offset == listed_at_once);
    CHECK(list.delivery == view.list.delivery);

    ManagerView const other = list_view(DeliveryState::Refused, "en");
    rig.draw(other);
    CHECK_FALSE(rig.map().find("response.0")); // another list's rows are never seen under its name
}

TEST_CASE("On every panel and in every language such a list is whole and large enough to be read",
    "[kiosk][ui][manager][delivery][sizes]")
{
    constexpr double least_em = 2.4; // mm, see manager_figures_test.cpp
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures.delivery = delivery(some);
        for (auto const& language : shipped_survey().languages)
            for (auto const& code : {"", "invalid", "conflict"}) {
                INFO(language << " " << size.width << "x" << size.height << " " << code);
                ManagerView const view
                    = list_view(*code ? DeliveryState::Refused : DeliveryState::Captured, language, code);
                rig.figures.responses = page_of(view);
                auto const drawn = rig.draw(view);
                CHECK(drawn.cut_texts == std::vector<std::string> {});
                CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
                auto empty = std::make_shared<ResponsePage>(*rig.figures.responses);
                empty->responses.clear();
                empty->total = 0;
                rig.figures.responses = empty;
                CHECK(rig.draw(view).cut_texts == std::vector<std::string> {});
            }
    }
}

TEST_CASE("Lists of Delivery look as they did", "[kiosk][ui][manager][golden]")
{
    struct Case {
        std::string name;
        DeliveryState state;
        std::string language;
        int width;
        int height;
    };
    for (auto const& each : {Case {"manager-captured.zh-CN", DeliveryState::Captured, "zh-CN", 1280, 800},
             Case {"manager-refused.en", DeliveryState::Refused, "en", 1280, 800},
             Case {"manager-waiting-portrait.en", DeliveryState::Waiting, "en", 800, 1280}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            ManagerView const view = list_view(each.state, each.language);
            rig.figures.delivery = delivery(some);
            rig.figures.responses = page_of(view);
            rig.draw(view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
}

#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/manager_samples.h"
#include "tests/kiosk/ui/screen_cases.h"
#include "tests/kiosk/ui/typing_views.h"

#include <catch2/catch.hpp>
#include <set>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr ManagerAids contrast {.high_contrast = true};

ManagerView with(ManagerView view, ManagerAids aids)
{
    view.aids = aids;
    return view;
}

ManagerEvent only(ManagerRig& rig, ManagerView const& view, std::string_view id)
{
    auto const events = rig.tap(view, id);
    INFO(id);
    REQUIRE(events.size() == 1);
    return events.front();
}

/// Of the whole picture, how bright its ground is: the colour that most pixels have.
std::uint32_t ground_of(Picture const& picture)
{
    std::map<std::uint32_t, std::size_t> counts;
    for (auto const pixel : picture.pixels)
        ++counts[pixel];
    return std::ranges::max_element(counts, {}, [](auto const& each) { return each.second; })->first;
}

/// A store that is open round the clock.
ManagerFigures round_the_clock()
{
    ManagerFigures figures = bad_week(Period::TwentyEightDays);
    auto summary = std::make_shared<Summary>(*figures.summary);
    for (auto& weekday : summary->heat_map)
        for (std::size_t hour = 0; hour < weekday.size(); ++hour)
            if (weekday[hour].responses == 0)
                weekday[hour] = weekday[12 + hour % 8];
    figures.summary = summary;
    return figures;
}

ManagerView details(std::string const& language, std::optional<int> weekday)
{
    ManagerView view = view_of(ManagerScreen::Details, language, Period::TwentyEightDays);
    view.weekday = weekday;
    return view;
}

}

TEST_CASE("A weekday of the heat map leads to its hours, and each to its responses", "[kiosk][ui][manager]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::TwentyEightDays);
    auto const friday
        = std::get<manager_event::WeekdayChosen>(only(rig, details("en", {}), "figure.weekday.5"));
    CHECK(friday.weekday == 4);
    ManagerView const view = details("en", 4);
    auto const list = std::get<manager_event::ListChosen>(only(rig, view, "figure.hour_cell.12")).list;
    CHECK(list == std::get<manager_event::ListChosen>(only(rig, view, "figure.cell.5.12")).list);
    auto const& noon = rig.figures.summary->heat_map[4][12];
    CHECK(rig.map().find("figure.hour_cell.12")->label.ends_with(" · " + std::to_string(noon.responses)));
    for (auto const* const id : {"figure.weekday.5", "view.comments.back"})
        CHECK_FALSE(std::get<manager_event::WeekdayChosen>(only(rig, view, id)).weekday);

    rig.figures = bad_week(Period::Today); // a Friday: of the other days nothing can be seen
    rig.draw(view_of(ManagerScreen::Details, "en"));
    CHECK(rig.map().find("figure.weekday.5"));
    CHECK_FALSE(rig.map().find("figure.weekday.4"));
}

TEST_CASE(
    "Whatever is behind the heat map's cells is reached by a finger, on every panel, also round the clock",
    "[kiosk][ui][manager][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (auto const& [figures, least] :
            {std::pair(bad_week(Period::TwentyEightDays), 10.0), {round_the_clock(), 8.5}}) {
            rig.figures = figures;
            for (auto const& language : shipped_survey().languages) {
                INFO(size.width << "x" << size.height << " " << language);
                auto const drawn = rig.draw(details(language, 4));
                CHECK(drawn.cut_texts == std::vector<std::string> {});
                CHECK(drawn.smallest_text * size.millimetres_per_pixel >= 2.4);
                int hours = 0;
                for (auto const& widget : rig.map().widgets()) {
                    bool const is_hour = widget.id.starts_with("figure.hour_cell.");
                    hours += is_hour ? 1 : 0;
                    if (!is_hour && !widget.id.starts_with("figure.weekday.")
                        && widget.id != "view.comments.back")
                        continue;
                    INFO(widget.id);
                    CHECK(widget.box.w * size.millimetres_per_pixel >= 10);
                    CHECK(widget.box.h * size.millimetres_per_pixel >= (is_hour ? least : 10));
                    CHECK(widget.box.bottom() < size.height);
                }
                CHECK(hours == (least < 10 ? 24 : 12));
            }
        }
    }
}

namespace {

constexpr ManagerAids large {.large_text = true};

/// How many parts the screen that was drawn last has come to.
std::size_t parts(ManagerRig const& rig)
{
    Widget const* const next = rig.map().find("view.next_part");
    return next ? std::stoul(next->label.substr(next->label.rfind('/') + 1)) : 1;
}

bool overlap(Rect const& a, Rect const& b)
{
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

void check_widgets(std::vector<Widget> const& widgets, PanelSize const& size)
{
    for (std::size_t a = 0; a < widgets.size(); ++a) {
        INFO(widgets[a].id);
        CHECK((widgets[a].box.x >= 0 && widgets[a].box.y >= 0));
        CHECK((widgets[a].box.right() <= size.width && widgets[a].box.bottom() <= size.height));
        for (std::size_t b = a + 1; b < widgets.size(); ++b) {
            INFO(widgets[b].id);
            CHECK_FALSE(overlap(widgets[a].box, widgets[b].box));
        }
    }
}

/// Draws every part, and every page of questions, in large text; what can be touched there.
std::set<std::string> check_large(ManagerRig& rig, ManagerView view, PanelSize const& size)
{
    constexpr double least_em = 3; // mm, of what had to shrink most: 1.25 times that of the ordinary screens
    std::set<std::string> ids;
    view.aids = large;
    bool has_more = true;
    for (view.questions_page = 0; has_more; ++view.questions_page) {
        std::size_t count = 1;
        for (view.part = 0; view.part < count; ++view.part) {
            INFO(name(view.screen) << " " << view.language << " " << size.width << "x" << size.height
                                   << " part " << view.part << " questions " << view.questions_page);
            auto const drawn = rig.draw(view);
            count = view.screen == ManagerScreen::Responses ? 2 : parts(rig);
            CHECK(drawn.cut_texts == std::vector<std::string> {});
            CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
            check_widgets(rig.map().widgets(), size);
            for (auto const& widget : rig.map().widgets())
                ids.insert(widget.id);
        }
        has_more = view.screen == ManagerScreen::Distribution && view.questions_page < 8;
    }
    return ids;
}

}

TEST_CASE("In large text nothing is cut, too small or on top of another, on every part, panel and language",
    "[kiosk][ui][manager][access][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (Period const period : {Period::Today, Period::SevenDays, Period::TwentyEightDays}) {
            rig.figures = with_everything(bad_week(period));
            for (auto const& language : shipped_survey().languages) {
                for (ManagerScreen const screen : manager_figure_screens)
                    check_large(rig, view_of(screen, language, period), size);
                ManagerView hours = view_of(ManagerScreen::Details, language, period);
                hours.weekday = 4;
                check_large(rig, hours, size);
                for (auto const& response : rig.figures.responses->responses) {
                    ManagerView mark = view_of(ManagerScreen::Mark, language, period);
                    mark.mark.of = response.ref;
                    check_large(rig, mark, size);
                }
            }
        }
    }
}

TEST_CASE("The PIN's screen, the keyboard, the aids and the choice of sticks fit in large text too",
    "[kiosk][ui][manager][access][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = bad_week(Period::Today);
        for (auto const& language : shipped_survey().languages) {
            for (auto const& pin : {PinView {}, PinView {.note = PinNote::Wrong, .wrong = 2},
                     PinView {.note = PinNote::Locked, .wrong = 4, .seconds_left = 119, .seconds_of = 120},
                     PinView {.note = PinNote::NotSet}, PinView {.note = PinNote::Failed}}) {
                ManagerView view = view_of(ManagerScreen::Pin, language);
                view.pin = pin;
                check_large(rig, view, size);
            }
            for (ManagerScreen const screen : {ManagerScreen::MarkInitials, ManagerScreen::MarkNote}) {
                ManagerView view = view_of(screen, language);
                view.mark.editor = writing(language, "LW").editor;
                check_large(rig, view, size);
            }
            ManagerView view = view_of(ManagerScreen::Delivery, language);
            view.is_choosing_aids = true;
            check_large(rig, view, size);
            view.is_choosing_aids = false;
            ManagerFigures choosing = rig.figures;
            choosing.exported = ExportResult {.outcome = ExportOutcome::ChooseDrive};
            for (char const* const stick : {"KINGSTON", "SanDisk", "2026", "USB", "USB 2", "USB 3"})
                choosing.exported->drives.push_back(
                    {.name = stick, .place = std::string("/media/") + stick, .room = {}});
            std::swap(rig.figures, choosing);
            check_large(rig, view, size);
            std::swap(rig.figures, choosing);
        }
    }
}

TEST_CASE("What is said where there are no figures is whole in large text too",
    "[kiosk][ui][manager][access][sizes]")
{
    ManagerMonth nobody(std::nullopt);
    ManagerFigures counting;
    counting.is_catching_up = true;
    counting.counted = 12'000;
    counting.of = 1'000'000;
    ManagerFigures failing;
    failing.is_failing = true;
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (auto const& figures : {nobody.figures(Period::Today), counting, failing}) {
            rig.figures = figures;
            for (auto const& language : shipped_survey().languages)
                for (ManagerScreen const screen : manager_figure_screens)
                    check_large(rig, view_of(screen, language), size);
        }
    }
}

TEST_CASE(
    "Whatever leads somewhere does so in large text, on one part or another", "[kiosk][ui][manager][access]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = with_everything(bad_week(Period::TwentyEightDays));
        for (ManagerScreen const screen : manager_figure_screens) {
            ManagerView view = view_of(screen, "en", Period::TwentyEightDays);
            auto const large_ids = check_large(rig, view, size);
            for (view.questions_page = 0; view.questions_page < 2; ++view.questions_page) {
                rig.draw(view);
                for (auto const& widget : rig.map().widgets()) {
                    INFO(name(screen) << " " << size.width << "x" << size.height << " " << widget.id);
                    bool const is_behind_more // of the comments fewer have room; the rest stand in the list
                        = screen == ManagerScreen::Details && widget.id.starts_with("response.");
                    CHECK((large_ids.contains(widget.id) || is_behind_more));
                }
            }
        }
    }
}

TEST_CASE("Parts follow one another, and the pages of a list come in halves", "[kiosk][ui][manager][access]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::SevenDays);
    ManagerView view = with(view_of(ManagerScreen::Overview, "en", Period::SevenDays), large);
    CHECK(std::get<manager_event::PartTurned>(only(rig, view, "view.next_part")).part == 1);
    view.part = parts(rig) - 1;
    CHECK(std::get<manager_event::PartTurned>(only(rig, view, "view.next_part")).part == 0);

    view = with(view_of(ManagerScreen::Responses, "en", Period::SevenDays), large);
    CHECK(std::get<manager_event::PartTurned>(only(rig, view, "page.next")).part == 1);
    CHECK(rig.map().find("response.2"));
    CHECK_FALSE(rig.map().find("response.3"));
    view.part = 1;
    CHECK(std::get<manager_event::ListChosen>(only(rig, view, "page.next")).list.offset == listed_at_once);
    CHECK(std::get<manager_event::PartTurned>(only(rig, view, "page.previous")).part == 0);
    CHECK(rig.map().find("response.3"));
}

TEST_CASE("The manager's rail leads to the aids, which lie over a screen that cannot be touched",
    "[kiosk][ui][manager][access]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = bad_week(Period::Today);
        for (ManagerScreen const screen : manager_figure_screens) {
            INFO(name(screen) << " " << size.width << "x" << size.height);
            ManagerView view = view_of(screen, "zh-CN");
            CHECK(std::holds_alternative<manager_event::AidsOpened>(only(rig, view, "access.open")));
            view.is_choosing_aids = true;
            rig.draw(view);
            for (auto const& widget : rig.map().widgets())
                CHECK((widget.id.starts_with("access.") || widget.id == "panel.close"));
            auto const toggled = std::get<manager_event::AidToggled>(only(rig, view, "access.contrast"));
            CHECK(toggled.access == Access::Contrast);
            CHECK(std::holds_alternative<manager_event::AidsClosed>(only(rig, view, "panel.close")));
        }
    }
}

TEST_CASE("In high contrast every one of the manager's screens is dark", "[kiosk][ui][manager][access]")
{
    ManagerRig rig(1280, 800);
    rig.figures = bad_week(Period::Today);
    for (auto const screen : {ManagerScreen::Pin, ManagerScreen::Overview, ManagerScreen::Details,
             ManagerScreen::Distribution, ManagerScreen::Delivery, ManagerScreen::Responses,
             ManagerScreen::Mark, ManagerScreen::MarkInitials, ManagerScreen::MarkNote}) {
        INFO(name(screen));
        ManagerView const view = view_of(screen, "en");
        rig.draw(view);
        auto const usual = ground_of(rig.picture());
        rig.draw(with(view, contrast));
        auto const dark = ground_of(rig.picture());
        for (int const shift : {0, 8, 16}) {
            CHECK((usual >> shift & 0xFF) > 0xE0);
            CHECK((dark >> shift & 0xFF) < 0x40);
        }
    }
}

TEST_CASE("The manager's screens in high contrast look as the pictures that were looked at",
    "[kiosk][ui][manager][access][golden]")
{
    struct Case {
        std::string name;
        ManagerScreen screen;
        std::string language;
        Period period;
        int width = 1280;
        int height = 800;
    };
    for (auto const& each : {Case {"manager-contrast-pin.zh-CN", ManagerScreen::Pin, "zh-CN", Period::Today},
             Case {"manager-contrast-today.zh-CN", ManagerScreen::Overview, "zh-CN", Period::Today},
             Case {"manager-contrast-28d-portrait.en", ManagerScreen::Overview, "en", Period::TwentyEightDays,
                 800, 1280},
             Case {"manager-contrast-details.zh-CN", ManagerScreen::Details, "zh-CN", Period::Today},
             Case {"manager-contrast-hours.en", ManagerScreen::Details, "en", Period::SevenDays},
             Case {"manager-contrast-distribution.en", ManagerScreen::Distribution, "en", Period::SevenDays},
             Case {"manager-contrast-list.ko", ManagerScreen::Responses, "ko", Period::SevenDays},
             Case {"manager-contrast-mark.zh-CN", ManagerScreen::Mark, "zh-CN", Period::SevenDays},
             Case {"manager-contrast-delivery.ja", ManagerScreen::Delivery, "ja", Period::Today}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            rig.figures = bad_week(each.period);
            ManagerView view = with(view_of(each.screen, each.language, each.period), contrast);
            if (each.name.starts_with("manager-contrast-hours"))
                view.weekday = 4;
            if (each.screen == ManagerScreen::Pin)
                view.pin = {.note = PinNote::Locked, .wrong = 3, .seconds_left = 24, .seconds_of = 30};
            if (each.screen == ManagerScreen::Mark) {
                view.mark.of = rig.figures.responses->responses.front().ref;
                view.mark.initials = "LW";
            }
            rig.draw(view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
    SECTION("a weekday's hours")
    {
        for (bool const is_portrait : {false, true}) {
            ManagerRig rig(is_portrait ? 800 : 1280, is_portrait ? 1280 : 800);
            rig.figures = is_portrait ? round_the_clock() : bad_week(Period::TwentyEightDays);
            rig.draw(details(is_portrait ? "en" : "zh-CN", 4));
            compare_with_golden(
                rig.picture(), is_portrait ? "manager-hours-portrait.en" : "manager-hours.zh-CN");
        }
    }
    SECTION("manager-access.en")
    {
        ManagerRig rig(1280, 800);
        rig.figures = bad_week(Period::Today);
        ManagerView view = view_of(ManagerScreen::Overview, "en");
        view.is_choosing_aids = true;
        rig.draw(view);
        compare_with_golden(rig.picture(), "manager-access.en");
    }
}

TEST_CASE("The manager's screens in large text look as the pictures that were looked at",
    "[kiosk][ui][manager][access][golden]")
{
    struct Case {
        std::string name;
        ManagerScreen screen;
        std::string language;
        Period period;
        std::size_t part = 0;
        int width = 1280;
        int height = 800;
    };
    using enum ManagerScreen;
    for (auto const& each : {Case {"manager-large-today.zh-CN", Overview, "zh-CN", Period::Today},
             Case {"manager-large-28d.ja", Overview, "ja", Period::TwentyEightDays, 1},
             Case {"manager-large-today-portrait.en", Overview, "en", Period::Today, 0, 800, 1280},
             Case {"manager-large-reasons-portrait.ko", Overview, "ko", Period::SevenDays, 1, 800, 1280},
             Case {"manager-large-details.zh-CN", Details, "zh-CN", Period::SevenDays},
             Case {"manager-large-hours.en", Details, "en", Period::TwentyEightDays, 1},
             Case {"manager-large-comments-portrait.en", Details, "en", Period::SevenDays, 1, 800, 1280},
             Case {"manager-large-distribution.ja", Distribution, "ja", Period::SevenDays},
             Case {"manager-large-distribution-portrait.en", Distribution, "en", Period::SevenDays, 0, 800,
                 1280},
             Case {"manager-large-list.zh-TW", Responses, "zh-TW", Period::SevenDays},
             Case {"manager-large-delivery-portrait.en", Delivery, "en", Period::Today, 0, 800, 1280},
             Case {"manager-large-delivery-rows-portrait.en", Delivery, "en", Period::Today, 1, 800, 1280},
             Case {"manager-large-mark-small.en", Mark, "en", Period::SevenDays, 0, 1024, 600},
             Case {"manager-large-mark-form.zh-CN", Mark, "zh-CN", Period::SevenDays, 1},
             Case {"manager-large-mark-portrait.ko", Mark, "ko", Period::SevenDays, 0, 800, 1280},
             Case {"manager-large-note.zh-CN", MarkNote, "zh-CN", Period::SevenDays},
             Case {"manager-large-sticks.en", Delivery, "en", Period::SevenDays},
             Case {"manager-large-access-portrait.ja", Overview, "ja", Period::Today, 0, 800, 1280},
             Case {"manager-large-contrast.zh-CN", Distribution, "zh-CN", Period::SevenDays},
             Case {"manager-large-pin.en", Pin, "en", Period::Today},
             Case {"manager-large-pin-portrait.zh-CN", Pin, "zh-CN", Period::Today, 0, 800, 1280}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            rig.figures = bad_week(each.period);
            ManagerView view = with(view_of(each.screen, each.language, each.period), large);
            view.part = each.part;
            view.aids.high_contrast = each.name.starts_with("manager-large-contrast");
            if (each.name == "manager-large-note.zh-CN")
                view.mark.editor = writing("zh-CN", "已致歉").editor;
            if (each.name == "manager-large-sticks.en") {
                rig.figures.exported = ExportResult {.outcome = ExportOutcome::ChooseDrive};
                for (char const* const stick : {"KINGSTON", "SanDisk", "USB"})
                    rig.figures.exported->drives.push_back(
                        {.name = stick, .place = std::string("/media/") + stick, .room = {}});
            }
            view.is_choosing_aids = each.name == "manager-large-access-portrait.ja";
            if (each.name == "manager-large-hours.en")
                view.weekday = 4;
            if (each.screen == Pin)
                view.pin = {.note = PinNote::Locked, .wrong = 3, .seconds_left = 24, .seconds_of = 30};
            if (each.screen == Mark)
                view.mark.of = rig.figures.responses->responses.front().ref;
            rig.draw(view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
}

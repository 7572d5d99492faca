#include "kiosk/ui/png.h"
#include "kiosk/ui/week_page.h"
#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_month.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr int screen_dots = 150; ///< of the pictures that are kept
constexpr int printed_dots = 300;
constexpr double least_points = 6.0; ///< of what had to shrink most

WeekFigures week_of(ManagerMonth& month)
{
    ManagerFigures const figures = month.figures(Period::SevenDays, 16);
    WeekFigures week;
    week.summary = *figures.summary;
    week.comments = *figures.responses;
    week.place = "人民广场店";
    week.store_id = "sh-001";
    week.made = std::chrono::local_days(std::chrono::year(2026) / 11 / 20) + std::chrono::hours(20)
        + std::chrono::minutes(10);
    return week;
}

WeekFigures const& bad_week()
{
    static ManagerMonth month(ManagerMonth::weeks(bench::MonthOf::BadWeek));
    static WeekFigures const week = week_of(month);
    return week;
}

/// Fonts and logo live as long as the page.
struct Print {
    std::unique_ptr<Fonts> fonts = *Fonts::create(share_folder() / "fonts");
    Logo logo;
    WeekDrawn drawn;
    std::unique_ptr<Page> page;

    Print(WeekFigures const& week, std::string const& language, int dots = screen_dots,
        Survey const& survey = shipped_survey())
        : page(draw_week_page(*fonts, survey, shipped_strings(), logo, week, {language, dots}, drawn))
    {
    }
    Picture picture() const
    {
        Picture whole(page->size().width, page->size().height);
        page->paint(0, whole.span());
        return whole;
    }
};

/// How dark a pixel is where there are no colours, 0 black to 255 white (ITU-R BT.601).
int grey(std::uint32_t pixel)
{
    return static_cast<int>(
        (299 * (pixel >> 16 & 0xFF) + 587 * (pixel >> 8 & 0xFF) + 114 * (pixel & 0xFF)) / 1000);
}

int grey_of(theme::Colour colour) // as ImGui packs it
{
    return grey((colour & 0xFF) << 16 | (colour & 0xFF00) | (colour >> 16 & 0xFF));
}

}

TEST_CASE("The printed week looks as the pictures that were looked at", "[kiosk][ui][week][golden]")
{
    for (std::string const language : {"zh-CN", "en"}) {
        DYNAMIC_SECTION(language)
        {
            compare_with_golden(Print(bad_week(), language).picture(), "week." + language);
        }
    }
    SECTION("a week of three responses")
    {
        bench::Month month = ManagerMonth::weeks(bench::MonthOf::Quiet);
        month.days = 1;
        bool is_found = false;
        for (month.last_hour = 10; month.last_hour < 24 && !is_found; ++month.last_hour)
            for (month.seed = 1; month.seed < 10 && !is_found; ++month.seed) {
                ManagerMonth quiet(month);
                auto const week = week_of(quiet);
                is_found = week.summary.responses == 3;
                if (is_found)
                    compare_with_golden(Print(week, "en").picture(), "week-few.en");
            }
        REQUIRE(is_found);
    }
    SECTION("nobody has rated")
    {
        ManagerMonth none(std::nullopt);
        compare_with_golden(Print(week_of(none), "zh-CN").picture(), "week-none.zh-CN");
    }
}

TEST_CASE(
    "In every language the printed week's texts are whole and large enough to be read", "[kiosk][ui][week]")
{
    for (int const dots : {screen_dots, printed_dots})
        for (auto const& language : shipped_survey().languages) {
            INFO(language << " at " << dots << " dots an inch");
            auto const certain = Print(bad_week(), language, dots).picture();
            WeekFigures week = bad_week();
            week.summary.provisional_time = 1'234; // which is said, in a line of its own
            Print const print(week, language, dots);
            CHECK(print.drawn.cut_texts == std::vector<std::string> {});
            CHECK_FALSE(print.picture() == certain);
            CHECK(print.drawn.smallest_text * 72 / static_cast<float>(dots) >= least_points);
        }
}

TEST_CASE("On paper the worse colour is the darker one also without colours, and digits are read on each",
    "[kiosk][ui][week]")
{
    theme::Palette const& palette = theme::print;
    for (std::size_t step = 0; step < palette.chart.size(); ++step) {
        INFO("step " << step);
        CHECK(std::abs(grey_of(palette.chart[step]) - grey_of(palette.on_chart[step])) > 110);
        if (step > 0)
            CHECK(grey_of(palette.chart[step]) > grey_of(palette.chart[step - 1]) + 15);
    }
    CHECK(grey_of(palette.paper) == 255);
}

TEST_CASE("The printed week's sentence is of a rating that it shows", "[kiosk][ui][week]")
{
    WeekFigures week = bad_week();
    auto& ratings = week.summary.ratings;
    auto const clear = std::ranges::find_if(
        ratings, [](Summary::Rating const& each) { return each.change.is_clear_of_three(); });
    REQUIRE(clear != ratings.end());
    Summary::Rating const fourth = *clear;
    std::erase_if(ratings, [](Summary::Rating const& each) { return each.scale == Scale::Nps; });
    REQUIRE(ratings.size() == 3);
    auto const with_clear = Print(week, "en").picture();
    for (auto& rating : ratings)
        rating.change = {};
    auto const three = Print(week, "en").picture();
    CHECK_FALSE(three == with_clear);
    ratings.push_back(fourth);
    CHECK(Print(week, "en").picture() == three);
}

TEST_CASE("On the printed week no comment that was erased takes the place of another", "[kiosk][ui][week]")
{
    WeekFigures week = bad_week();
    auto const before = Print(week, "zh-CN").picture();
    auto& comments = week.comments;
    REQUIRE_FALSE(comments.responses.empty());
    auto erased = comments.responses.front();
    erased.comment.clear();
    erased.comment_erased = true;
    comments.responses.insert(comments.responses.begin(), 2, erased);
    comments.total += 2;
    CHECK(Print(week, "zh-CN").picture() == before);
}

TEST_CASE("The PNG is, band by band, the page as it is painted at once", "[kiosk][ui][week]")
{
    Print const print(bad_week(), "zh-CN");
    auto const png = print.page->png(screen_dots);
    REQUIRE(png);
    auto const folder = listenpost::test::TempFolder();
    REQUIRE(write_file_atomically(folder / "week.png", *png));
    auto const read = read_png(folder / "week.png");
    REQUIRE(read);
    CHECK(*read == print.picture());
    CHECK(png->find("pHYs") != std::string::npos);
}

TEST_CASE("A week with everything at its longest still keeps its place", "[kiosk][ui][week]")
{
    WeekFigures week = bad_week();
    week.place = std::string(60, 'W');
    week.store_id = std::string(40, 'x');
    week.summary.responses = 1'000'000;
    week.counted = 999'999;
    week.of = 1'000'000;
    REQUIRE_FALSE(week.comments.responses.empty());
    for (auto& response : week.comments.responses)
        for (int index = 0; index < 40; ++index)
            response.comment += "等了很久";
    Print const print(week, "en");
    auto const picture = print.picture();
    // The paper's edge, on which no printer can print, stays white.
    constexpr int edge = 40;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            if (x < edge || y < edge || x >= picture.width - edge || y >= picture.height - edge)
                REQUIRE(picture.pixels[static_cast<std::size_t>(y * picture.width + x)] == 0xFFFFFFFFU);
}

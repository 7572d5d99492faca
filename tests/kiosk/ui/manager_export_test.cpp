#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/screen_cases.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr double least_em = 2.4; ///< mm, as on the manager's other screens

ManagerView delivery_view(std::string const& language)
{
    ManagerView view;
    view.screen = ManagerScreen::Delivery;
    view.language = language;
    view.period = Period::SevenDays;
    return view;
}

ManagerFigures figures()
{
    ManagerFigures figures;
    figures.now = WallTime(std::chrono::hours(500'000));
    DeliveryFigures delivery;
    delivery.trouble = SendingTrouble::None;
    delivery.counts = DeliveryCounts {23'118, 23'118, 0, 0, std::nullopt};
    delivery.last_contact = figures.now - std::chrono::minutes(2);
    delivery.disk_free_bytes = 21'400'000'000;
    delivery.disk_total_bytes = 62'000'000'000;
    delivery.clock_is_set = true;
    delivery.version = "0.1.0";
    figures.delivery = std::make_shared<DeliveryFigures const>(delivery);
    return figures;
}

ManagerFigures exporting(ExportProgress::Phase phase, int percent)
{
    auto result = figures();
    result.is_exporting = true;
    result.export_progress = {phase, percent};
    return result;
}

ManagerFigures exported(ExportOutcome outcome, bool has_week = true)
{
    auto result = figures();
    result.exported = ExportResult {.outcome = outcome, .drive = "KINGSTON", .has_week = has_week};
    result.exported->report.responses = 1'754;
    result.exported->report.file = "listenpost-sh-001-20261114-20261120.csv";
    return result;
}

ManagerFigures choosing(std::size_t count = 2)
{
    auto result = exported(ExportOutcome::ChooseDrive);
    std::vector<ExportDrive> const drives {
        {"KINGSTON", "/media/KINGSTON", DriveRoom {14'200'000'000, 15'500'000'000}, false},
        {"店长的 U 盘", "/media/店长的 U 盘", DriveRoom {600'000'000, 7'800'000'000}, false},
        {"CARD", "/media/CARD", DriveRoom {0, 128'000'000'000}, true},
        {std::string(60, 'W'), "/media/W", std::nullopt, false},
        {"5", "/media/5", DriveRoom {1, 2}, false},
        {"6", "/media/6", DriveRoom {1, 2}, false},
        {"7", "/media/7", DriveRoom {1, 2}, false},
    };
    result.exported->drives.assign(drives.begin(), drives.begin() + static_cast<std::ptrdiff_t>(count));
    return result;
}

std::vector<std::pair<std::string, ManagerFigures>> states()
{
    using Phase = ExportProgress::Phase;
    std::vector<std::pair<std::string, ManagerFigures>> all {{"before", figures()},
        {"looking", exporting(Phase::Looking, 0)}, {"drawing", exporting(Phase::Drawing, 0)},
        {"writing", exporting(Phase::Writing, 45)}, {"finishing", exporting(Phase::Finishing, 100)},
        {"table only", exported(ExportOutcome::Done, false)}};
    for (int each = 0; each <= static_cast<int>(ExportOutcome::Failed); ++each) {
        auto const outcome = static_cast<ExportOutcome>(each);
        if (outcome != ExportOutcome::ChooseDrive)
            all.emplace_back(name(outcome), exported(outcome));
    }
    for (std::size_t const count : {1U, 2U, 3U, 7U})
        all.emplace_back("choose of " + std::to_string(count), choosing(count));
    return all;
}

}

TEST_CASE("On every panel and in every language what an export does and comes to is said whole",
    "[kiosk][ui][manager][export][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (auto const& [state, shown] : states())
            for (auto const& language : shipped_survey().languages) {
                INFO(state << " " << language << " " << size.width << "x" << size.height);
                rig.figures = shown;
                auto const drawn = rig.draw(delivery_view(language));
                CHECK(drawn.cut_texts == std::vector<std::string> {});
                CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
                for (auto const& widget : rig.map().widgets()) {
                    INFO(widget.id);
                    CHECK(widget.box.x >= 0);
                    CHECK(widget.box.y >= 0);
                    CHECK(widget.box.right() <= size.width);
                    CHECK(widget.box.bottom() <= size.height);
                }
            }
    }
}

/// Of two, one was chosen that is another by now.
ManagerFigures exchanged()
{
    auto result = choosing(2);
    result.exported->is_exchanged = true;
    return result;
}

TEST_CASE("Of several sticks one is chosen, or none, and nothing else can be touched meanwhile",
    "[kiosk][ui][manager][export]")
{
    ManagerRig rig(1280, 800);
    ManagerView const view = delivery_view("zh-CN");
    rig.figures = choosing(3);
    auto const only = [&](std::string_view id) {
        auto events = rig.tap(view, id);
        REQUIRE(events.size() == 1);
        return events.front();
    };
    CHECK(std::get<manager_event::ExportPressed>(only("drive.2")).drive == "/media/店长的 U 盘");
    CHECK(std::holds_alternative<manager_event::ExportDismissed>(only("export.cancel")));
    CHECK_FALSE(rig.map().find("drive.3")->enabled); // it is read-only, and says so
    CHECK_FALSE(rig.map().find("export"));
    CHECK_FALSE(rig.map().find("back"));

    rig.draw(view);
    CHECK_FALSE(rig.map().find("export.exchanged"));
    rig.figures.exported->is_exchanged = true;
    CHECK(std::holds_alternative<manager_event::ExportPressed>(only("drive.2")));
    CHECK(rig.map().find("export.exchanged")->label.find("U 盘") != std::string::npos);
    for (auto const& size : panel_sizes())
        for (auto const& language : shipped_survey().languages) {
            INFO(language << " " << size.width << "x" << size.height);
            ManagerRig panel(size.width, size.height);
            panel.figures = rig.figures;
            CHECK(panel.draw(delivery_view(language)).cut_texts == std::vector<std::string> {});
        }

    rig.figures = choosing(7); // the six that were put in last
    rig.draw(view);
    CHECK(rig.map().find("drive.6")->label.starts_with("7"));
    CHECK_FALSE(rig.map().find("drive.7"));

    rig.figures = figures();
    CHECK(std::get<manager_event::ExportPressed>(only("export")).drive.empty());
    rig.figures = exporting(ExportProgress::Phase::Writing, 45);
    rig.draw(view);
    CHECK_FALSE(rig.map().find("export")->enabled);
    CHECK(rig.map().find("export.result")->label.find("45%") != std::string::npos);
}

TEST_CASE("An export looks as the pictures that were looked at", "[kiosk][ui][manager][export][golden]")
{
    struct Case {
        std::string name;
        std::string language;
        ManagerFigures figures;
        int width = 1280;
        int height = 800;
    };
    for (auto const& each : {Case {"export-before.zh-CN", "zh-CN", figures()},
             Case {"export-no-drive.en", "en", exported(ExportOutcome::NoDrive)},
             Case {"export-choose.zh-CN", "zh-CN", choosing(2)},
             Case {"export-choose-portrait.en", "en", choosing(4), 800, 1280},
             Case {"export-exchanged.zh-CN", "zh-CN", exchanged()},
             Case {"export-writing.zh-CN", "zh-CN", exporting(ExportProgress::Phase::Writing, 45)},
             Case {"export-done.zh-CN", "zh-CN", exported(ExportOutcome::Done)},
             Case {"export-pulled-out.ja", "ja", exported(ExportOutcome::DrivePulledOut)}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.width, each.height);
            rig.figures = each.figures;
            rig.draw(delivery_view(each.language));
            compare_with_golden(rig.picture(), each.name);
        }
    }
}

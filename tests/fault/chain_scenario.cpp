#include "tests/fault/scenario.h"
#include "tests/fault/simulated_box.h"
#include "tests/fault/simulated_hub.h"

namespace listenpost::test {
namespace {

/// A shop's day: customers, an agent that comes and goes, a hub that does too, HQ that pulls.
class Day {
public:
    Day(Plan const& plan, std::filesystem::path const& box, std::filesystem::path const& hub)
        : plan_(plan)
        , stage_(plan)
        , hub_(std::in_place, hub, clock_)
        , box_(std::in_place, box, *hub_, clock_, plan.tries)
    {
    }

    Course run(std::filesystem::path const& box_folder)
    {
        bool running = bring_up();
        std::size_t const steps = 12 + draw_below(stage_.script, 12);
        for (std::size_t step = 0; running && step < steps; ++step) {
            do_something();
            running = bring_up();
        }
        finish();
        auto const promises = box_->promises();
        stage_.course.findings.add(box_->findings);
        box_.reset();
        hub_.reset();
        stage_.close_simulator();

        auto const said = read_store(box_folder / "store.db");
        if (said)
            promises.check(*said, "store.db", stage_.course.findings);
        else
            stage_.course.findings.add_lost("store.db cannot be read: " + said.error().detail);
        return stage_.course;
    }

private:
    void do_something()
    {
        switch (draw_below(stage_.script, 16)) {
        case 0:
            box_->stop_kiosk();
            break;
        case 1:
            box_->stop_agent();
            break;
        case 2:
            hub_->stop();
            break;
        case 3:
        case 4:
            hub_->pull(1 + draw_below(stage_.script, 10));
            break;
        case 5:
        case 6:
        case 7:
        case 8:
            box_->deliver();
            break;
        default:
            box_->serve_customer(static_cast<int>(1 + draw_below(stage_.script, 3)));
        }
    }

    /// Until both machines run, and all programs on them. Whatever was cut off is restarted.
    bool bring_up()
    {
        constexpr int enough = 20; // every restart may be cut off too, but not for ever
        for (int round = 0; round < enough; ++round) {
            if (!box_->machine().is_on()) {
                box_->stop();
                stage_.restart(box_->machine());
            }
            if (!hub_->machine().is_on()) {
                hub_->stop();
                stage_.restart(hub_->machine());
            }
            if (start_all()) {
                if (auto const delivered = box_->delivered())
                    hub_->check_mark(delivered->install, delivered->mark, stage_.course.findings);
                return true;
            }
        }
        stage_.course.findings.add_stuck("the machines do not come up again");
        return false;
    }

    bool start_all()
    {
        bool hub_up = hub_->is_up();
        for (int attempt = 0; !hub_up && attempt < plan_.tries && hub_->machine().is_on(); ++attempt)
            hub_up = hub_->start();
        return box_->start_kiosk() && box_->start_agent() && hub_up;
    }

    void finish()
    {
        box_->stop();
        hub_->stop();
        bring_up();
        stage_.calm();
        if (!bring_up())
            return;
        if (!box_->drain())
            stage_.course.findings.add_stuck("the agent never comes to the end");
        hub_->check(box_->promises(), stage_.course.findings);
        box_->stop();
        hub_->stop();
    }

    Plan const& plan_;
    Stage stage_;
    FakeClock clock_;
    std::optional<SimulatedHub> hub_;
    std::optional<SimulatedBox> box_;
};

}

Course run_chain(Plan const& plan)
{
    TempFolder const folder;
    std::filesystem::create_directory(folder / "box");
    std::filesystem::create_directory(folder / "hub");
    return Day(plan, folder / "box", folder / "hub").run(folder / "box");
}

}

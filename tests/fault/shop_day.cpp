#include "tests/fault/shop_day.h"

namespace listenpost::test {

ShopFolders::ShopFolders(std::filesystem::path const& parent)
    : box(parent / "box")
    , hub(parent / "hub")
{
    std::filesystem::create_directory(box);
    std::filesystem::create_directory(hub);
}

ShopDay::ShopDay(Plan const& plan, ShopFolders const& folders, Opening opening, Promises before)
    : plan_(plan)
    , stage_(plan)
    , hub_(std::in_place, folders.hub, clock_)
    , box_(std::in_place, folders.box, *hub_, clock_, plan.tries, opening)
{
    box_->promises() = std::move(before);
}

Course ShopDay::run(std::uint64_t steps)
{
    bool running = bring_up();
    for (std::uint64_t step = 0; running && step < steps; ++step) {
        do_something();
        running = bring_up();
    }
    finish();
    promises_ = box_->promises();
    stage_.course.findings.add(box_->findings);
    box_.reset();
    hub_.reset();
    stage_.close_simulator();
    return stage_.course;
}

void ShopDay::do_something()
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
    case 9:
        box_->handle_comment();
        break;
    default:
        box_->serve_customer(static_cast<int>(1 + draw_below(stage_.script, 3)));
    }
}

/// Until both machines run, and all programs on them. Whatever was cut off is restarted.
bool ShopDay::bring_up()
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

bool ShopDay::start_all()
{
    bool hub_up = hub_->is_up();
    for (int attempt = 0; !hub_up && attempt < plan_.tries && hub_->machine().is_on(); ++attempt)
        hub_up = hub_->start();
    return box_->start_kiosk() && box_->start_agent() && hub_up;
}

void ShopDay::finish()
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

}

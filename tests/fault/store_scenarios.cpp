#include "tests/fault/scenario.h"
#include "tests/fault/simulated_box.h"
#include "tests/support/old_store_formats.h"

namespace listenpost::test {
namespace {

/// No network here: the agent's part of the box is not started.
class NoHub final : public sync::Transport {
public:
    Result<HttpReply> send(HttpRequest const&, std::filesystem::path const&) override
    {
        return fail(Errc::Unreachable, "there is no hub");
    }
};

/// Starts the kiosk, on a machine whose power is on again, until it runs. `beside`: goes with the power.
bool bring_up(Stage& stage, SimulatedBox& box, std::optional<kiosk::ResponseReader>* beside = nullptr)
{
    constexpr int enough = 20;
    for (int round = 0; round < enough; ++round) {
        if (!box.machine().is_on()) {
            box.stop();
            if (beside != nullptr)
                beside->reset();
            stage.restart(box.machine());
        }
        if (box.start_kiosk())
            return true;
    }
    stage.course.findings.add_stuck("the kiosk does not start again");
    return false;
}

/// The last ending of the process is a part of the work too: it folds the WAL back.
void end(Stage& stage, SimulatedBox& box)
{
    bring_up(stage, box);
    box.stop();
    if (!box.machine().is_on())
        bring_up(stage, box);
    stage.calm();
    box.stop();
    if (!box.machine().is_on())
        bring_up(stage, box);
    box.stop();
}

}

Course run_store(Plan const& plan)
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    Stage stage(plan);
    Promises promises;
    {
        NoHub hub;
        FakeClock clock;
        SimulatedBox box(folder.path(), hub, clock, plan.tries);
        // An agent that is in the middle of its walk keeps the WAL from being folded back.
        std::optional<kiosk::ResponseReader> agent;
        bool running = bring_up(stage, box);
        std::size_t const steps = 8 + draw_below(stage.script, 10);
        for (std::size_t step = 0; running && step < steps; ++step) {
            switch (draw_below(stage.script, 8)) {
            case 0:
                box.stop_kiosk();
                break;
            case 1:
                agent.reset();
                if (auto reader = kiosk::ResponseReader::open(path)) {
                    agent.emplace(std::move(*reader));
                    agent->seek(0, 1'000);
                    (void)agent->next(); // its errors are no promise
                }
                break;
            case 2:
                agent.reset();
                break;
            case 3:
                box.cut_off_customer(1);
                box.handle_comment(); // beside the draft, which the next start closes
                box.stop_kiosk();
                break;
            default:
                box.serve_customer(static_cast<int>(1 + draw_below(stage.script, 4)));
            }
            running = bring_up(stage, box, &agent);
        }
        agent.reset();
        end(stage, box);
        promises = box.promises();
        stage.course.findings.add(box.findings);
    }
    stage.close_simulator();

    auto& findings = stage.course.findings;
    if (auto const store = kiosk::ResponseStore::open(path); !store)
        findings.add_stuck("store.db cannot be opened: " + store.error().detail);
    auto const said = read_store(path);
    if (said)
        promises.check(*said, "store.db", findings);
    else
        findings.add_lost("store.db cannot be read: " + said.error().detail);
    return stage.course;
}

Course run_migration(Plan const& plan)
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    int const format = static_cast<int>(plan.script % 5) + 1;
    constexpr int rows = 150; // over several pages
    if (auto const made = make_old_store(path, format, rows); !made) {
        Course course;
        course.findings.add_stuck("no old store.db: " + made.error().detail);
        return course;
    }

    Stage stage(plan);
    Promises promises;
    {
        NoHub hub;
        FakeClock clock;
        SimulatedBox box(folder.path(), hub, clock, plan.tries);
        bring_up(stage, box);
        box.serve_customer(2);
        end(stage, box);
        promises = box.promises();
        stage.course.findings.add(box.findings);
    }
    stage.close_simulator();

    auto& findings = stage.course.findings;
    if (auto const store = kiosk::ResponseStore::open(path); !store)
        findings.add_stuck("store.db cannot be opened: " + store.error().detail);
    else if (store->install_id() != old_store_install)
        findings.add_lost("the box has lost its install id");
    auto said = read_store(path);
    if (!said) {
        findings.add_lost("store.db cannot be read: " + said.error().detail);
        return stage.course;
    }
    std::size_t const old = rows + 1; // and the draft that the old version left behind
    if (said->size() < old) {
        findings.add_lost("of the old responses only " + std::to_string(said->size()) + " are left");
        return stage.course;
    }
    for (std::size_t i = 0; i < rows; ++i)
        if ((*said)[i].comment != old_store_comment(static_cast<int>(i) + 1))
            findings.add_lost("old response " + std::to_string(i + 1) + " has another comment");
    if ((*said)[rows].closed_by != "restart")
        findings.add_lost("the old draft was not closed");
    said->erase(said->begin(), said->begin() + static_cast<std::ptrdiff_t>(old));
    promises.check(*said, "store.db", findings);
    return stage.course;
}

}

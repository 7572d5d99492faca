#include "kiosk/store/install_list.h"
#include "sync/agent/data_folder.h"
#include "tests/fault/shop_day.h"

namespace listenpost::test {
namespace {

namespace fs = std::filesystem;

/// Who has been at a box whose disk was put back then, as from a backup.
struct Restored {
    Promises promises;
    std::size_t kept = 0; ///< so many of them are in store.db; of the others only the hub knows
    Findings findings;
};

/// The box's next responses get numbers that the hub knows with another content. Without a simulator.
Restored restore_a_backup(ShopFolders const& folders, Random& script)
{
    Restored restored;
    FakeClock clock;
    SimulatedHub hub(folders.hub, clock);
    SimulatedBox box(folders.box, hub, clock, 1, Opening::AsOnABox);
    auto const serve = [&](std::uint64_t customers) {
        if (!hub.start() || !box.start_kiosk() || !box.start_agent())
            restored.findings.add_stuck("the machines do not come up before anything happened");
        for (; customers > 0; --customers)
            box.serve_customer(static_cast<int>(1 + draw_below(script, 3)));
        if (!box.drain())
            restored.findings.add_stuck("the agent does not come to the end before anything happened");
    };
    serve(4 + draw_below(script, 12));
    restored.kept = box.promises().customers();
    box.stop();
    fs::path const backup = folders.box.string() + ".backup";
    fs::copy(folders.box, backup);
    serve(6 + draw_below(script, 12));
    box.stop();
    // The whole disk; or store.db alone, of which the agent must find out that it went back.
    if (draw_below(script, 2) == 0) {
        fs::remove_all(folders.box);
        fs::rename(backup, folders.box);
    } else {
        for (auto const* part : {"", "-wal", "-shm"})
            fs::remove(folders.box / ("store.db" + std::string(part)));
        fs::copy_file(backup / "store.db", folders.box / "store.db");
        fs::remove_all(backup);
    }
    restored.promises = box.promises();
    restored.findings.add(box.findings);
    return restored;
}

void check_box(ShopFolders const& folders, Promises const& promises, Findings& findings)
{
    auto const responses = read_responses(folders.box / "store.db");
    auto reader = kiosk::ResponseReader::open(folders.box / "store.db");
    auto const installs = reader ? reader->installs() : fail(reader.error());
    if (!responses || !installs) {
        findings.add_lost(
            "store.db cannot be read: " + (responses ? installs.error() : responses.error()).detail);
        return;
    }
    std::vector<Said> said;
    for (auto const& each : *responses)
        said.push_back(each.second);
    promises.check(said, "store.db", findings);
    if (installs->size() > 2)
        findings.add_twice(
            "the box has " + std::to_string(installs->size() - 1) + " new installs for the conflicts of one");
    sync::DataFolder const data {folders.box};
    if (fs::exists(data.conflict_request()))
        findings.add_stuck("the request about conflicts is still there");
    auto delivery = sync::DeliveryStore::open(data.delivery());
    constexpr std::size_t many = 1'000;
    auto const quarantined = delivery ? delivery->quarantined(many) : fail(delivery.error());
    if (!quarantined)
        findings.add_lost("delivery.db cannot be read: " + quarantined.error().detail);
    else if (!quarantined->empty())
        findings.add_stuck(std::to_string(quarantined->size()) + " responses stay in quarantine");
}

}

/// Claim: wherever the power goes between the hub's refusal of a number and the hub's acknowledgement of
/// the other one (as the quarantine is written, conflict.json written or removed, the responses moved, the
/// copy of the identity renewed, the quarantine emptied), the next start goes on from there: whoever was
/// thanked is in store.db once and at the hub once; what the hub had under those numbers stays; there is one
/// new install, not one for each try; and at the end neither request nor quarantine is left.
Course run_adoption(Plan const& plan)
{
    TempFolder const folder(in_memory());
    ShopFolders const folders(folder.path());
    Random script(plan.script);
    auto const restored = restore_a_backup(folders, script);
    std::size_t const known = restored.promises.customers();
    ShopDay day(plan, folders, Opening::AsOnABox, restored.promises);
    Course course = day.run(6 + draw_below(script, 10));
    course.findings.add(restored.findings);
    auto promises = day.promises();
    for (std::size_t customer = restored.kept; customer < known; ++customer)
        promises.may_be_lost(customer);
    check_box(folders, promises, course.findings);
    return course;
}

}

#include "kiosk/store/install_list.h"
#include "tests/fault/file_damage.h"
#include "tests/fault/shop_day.h"

#include <algorithm>

namespace listenpost::test {
namespace {

namespace fs = std::filesystem;

/// What a salvage has made of a damaged store.db, and what it has kept of it.
struct Salvaged {
    std::map<std::int64_t, Said> responses;
    std::vector<kiosk::Install> installs;
    std::vector<kiosk::SalvageReport> reports;
    std::vector<DatabaseBytes> damaged;
};

Result<Salvaged> read_salvaged(fs::path const& store)
{
    auto responses = read_responses(store);
    auto reader = kiosk::ResponseReader::open(store);
    auto installs = reader ? reader->installs() : fail(reader.error());
    auto reports = reader ? reader->salvage_reports() : fail(reader.error());
    if (!responses || !installs || !reports)
        return fail(!responses ? responses.error() : !installs ? installs.error() : reports.error());
    Salvaged salvaged {std::move(*responses), std::move(*installs), std::move(*reports), {}};
    for (auto const& entry : fs::directory_iterator(store.parent_path())) {
        std::string const name = entry.path().filename();
        if (name.starts_with("store.db.damaged-") && name.ends_with("Z"))
            salvaged.damaged.push_back(DatabaseBytes::read(entry.path()));
    }
    return salvaged;
}

/// A box with some customers behind it, of whom the hub has some, and a store.db that was damaged then.
struct DamagedShop {
    Promises promises; ///< what neither salvage nor hub has, is forgiven
    Salvaged expected; ///< what a salvage that nothing disturbs makes of it
    Findings findings;
};

/// What a salvage without a simulator makes of a copy. Nothing: it finds no damage.
std::optional<Salvaged> salvage_a_copy(ShopFolders const& folders)
{
    fs::path const copy = folders.box.string() + ".copy";
    fs::copy(folders.box, copy);
    std::optional<Salvaged> salvaged;
    {
        FakeClock clock;
        kiosk::StoreOpener opener(copy, std::nullopt, clock);
        if (!opener.open())
            return std::nullopt;
    }
    if (auto read = read_salvaged(copy / "store.db"); read && !read->damaged.empty())
        salvaged = std::move(*read);
    fs::remove_all(copy);
    return salvaged;
}

void forgive_what_is_lost(DamagedShop& shop, SimulatedHub& hub)
{
    std::vector<bool> found(shop.promises.customers());
    auto const note = [&](Said const& said) {
        if (auto const customer = customer_in(said); customer && *customer < found.size())
            found[*customer] = true;
    };
    for (auto const& each : shop.expected.responses)
        note(each.second);
    if (auto const rows = hub.read_all())
        for (auto const& row : *rows)
            if (auto const said = said_in_json(row.raw_json))
                note(*said);
    for (std::size_t customer = 0; customer < found.size(); ++customer)
        if (!found[customer] || shop.promises.was_cut_off(customer))
            shop.promises.may_be_lost(customer);
}

/// Without a simulator.
DamagedShop make_damaged_shop(ShopFolders const& folders, Random& script)
{
    DamagedShop shop;
    fs::path const store = folders.box / "store.db";
    FakeClock clock;
    SimulatedHub hub(folders.hub, clock);
    SimulatedBox box(folders.box, hub, clock, 1, Opening::AsOnABox);
    auto const serve = [&](std::uint64_t customers) {
        if (!hub.start() || !box.start_kiosk() || !box.start_agent())
            shop.findings.add_stuck("the machines do not come up before anything happened");
        for (; customers > 0; --customers) {
            box.serve_customer(static_cast<int>(1 + draw_below(script, 3)));
            if (draw_below(script, 5) == 0)
                box.deliver();
        }
    };
    serve(10 + draw_below(script, 30));
    box.stop(); // what stands in the main file; and some in the WAL
    serve(1 + draw_below(script, 20));
    if (draw_below(script, 2) == 0)
        box.cut_off_customer(1);
    auto whole = DatabaseBytes::read(store);
    shop.promises = box.promises();
    shop.findings.add(box.findings);
    box.stop();
    if (draw_below(script, 2) == 0)
        whole = DatabaseBytes::read(store);
    if (draw_below(script, 3) == 0)
        fs::remove(folders.box / "store.identity");
    constexpr int enough = 100;
    for (int attempt = 0; attempt < enough; ++attempt) {
        auto damaged = whole;
        bool const in_wal = !damaged.wal.empty() && draw_below(script, 4) == 0;
        damage(in_wal ? damaged.wal : damaged.main, script);
        damaged.write(store);
        if (auto expected = salvage_a_copy(folders)) {
            shop.expected = std::move(*expected);
            forgive_what_is_lost(shop, hub);
            return shop;
        }
    }
    shop.findings.add_stuck("no damage is found");
    return shop;
}

/// `known`: so many customers had been there before the damage.
void check_box(Salvaged const& expected, fs::path const& store, std::size_t known, Promises promises,
    bool fault_has_struck, Findings& findings)
{
    auto const now = read_salvaged(store);
    if (!now) {
        findings.add_lost("store.db cannot be read: " + now.error().detail);
        return;
    }
    std::vector<bool> recovered(known);
    for (auto const& [seq, said] : expected.responses) {
        if (auto const customer = customer_in(said); customer && *customer < known)
            recovered[*customer] = true;
        auto const found = now->responses.find(seq);
        if (found == now->responses.end() || found->second.content != said.content)
            findings.add_lost("seq " + std::to_string(seq) + " was readable, and is not there as it was");
    }
    std::vector<Said> said;
    for (auto const& each : now->responses)
        said.push_back(each.second);
    for (std::size_t customer = 0; customer < known; ++customer)
        if (!recovered[customer])
            promises.may_be_lost(customer);
    promises.check(said, "store.db", findings);

    // A disk that fails may keep delivery.db from being read just then. The report says so; a cut may not.
    bool const without_marks = fault_has_struck && !now->reports.empty() && !now->reports.back().undelivered;
    if (now->installs.size() != expected.installs.size())
        findings.add_twice("there are " + std::to_string(now->installs.size()) + " installs, not "
            + std::to_string(expected.installs.size()));
    else if (!without_marks && now->installs.back().first_seq != expected.installs.back().first_seq)
        findings.add_lost("the new install begins with " + std::to_string(now->installs.back().first_seq));
    for (std::size_t i = 0; i + 1 < expected.installs.size(); ++i)
        if (std::ranges::find(now->installs, expected.installs[i]) == now->installs.end())
            findings.add_lost("install " + expected.installs[i].id + " is not there any more");
    if (now->reports.size() != expected.reports.size()) {
        findings.add_twice("one salvage has " + std::to_string(now->reports.size()) + " reports");
    } else {
        auto const& told = now->reports.back();
        auto const& undisturbed = expected.reports.back();
        if (told.recovered != undisturbed.recovered || told.missing != undisturbed.missing
            || (!without_marks && told.undelivered != undisturbed.undelivered))
            findings.add_lost("the report says " + std::to_string(told.recovered) + " recovered, "
                + std::to_string(told.missing) + " missing; without a cut "
                + std::to_string(undisturbed.recovered) + ", " + std::to_string(undisturbed.missing));
    }
    if (now->damaged.size() != 1 || now->damaged[0].main != expected.damaged[0].main
        || now->damaged[0].wal != expected.damaged[0].wal)
        findings.add_lost("of the damaged file " + std::to_string(now->damaged.size())
            + " are kept, or it is not what it was");
}

}

/// Claim: wherever the power goes in a salvage (as store.db.salvaging is built, as it and the parts of the
/// damaged file get their other names, in the first opening of the new file, as the copy of the identity is
/// written, or behind all that), the next start goes on or begins anew, and the box ends with what a
/// salvage has that nothing disturbed: the same responses under the same seqs, the same installs and one new
/// one that begins with the same seq, one report with the same counts, and the damaged file with its WAL
/// kept once, as it was. Then all of it, and what came after it, is at the hub once.
Course run_salvage(Plan const& plan)
{
    TempFolder const folder(in_memory());
    ShopFolders const folders(folder.path());
    Random script(plan.script);
    auto const damaged = make_damaged_shop(folders, script);
    ShopDay day(plan, folders, Opening::AsOnABox, damaged.promises);
    Course course = day.run(1 + draw_below(script, 4));
    course.findings.add(damaged.findings);
    if (!damaged.expected.reports.empty())
        check_box(damaged.expected, folders.box / "store.db", damaged.promises.customers(), day.promises(),
            course.fault_has_struck, course.findings);
    return course;
}

}

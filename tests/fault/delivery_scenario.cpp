#include "sync/agent/delivery_store.h"
#include "tests/fault/scenario.h"
#include "tests/support/old_delivery_formats.h"

#include <algorithm>
#include <map>

namespace listenpost::test {
namespace {

constexpr char install[] = "0123456789abcdef0123456789abcdef";

sync::Enrolment enrolment_number(int number)
{
    return {"https://hub.example", "dev_" + std::to_string(number), "lpd_secret", "", "sh-001", "店",
        "Asia/Shanghai", WallTime(std::chrono::milliseconds(number))};
}

/// A call's effect: certain once it returned well, possible once it was made.
struct Expected {
    std::int64_t mark = 0;
    std::int64_t possible_mark = 0;
    std::map<std::int64_t, std::string> refused; ///< certain
    std::map<std::int64_t, std::string> possibly_refused;
    int enrolment = 0;
    int possible_enrolment = 0;
};

/// The agent's settling of one batch after the other, at times of none but refusals.
class Settling {
public:
    /// `there`: what delivery.db holds already.
    Settling(Plan const& plan, std::filesystem::path const& folder, Expected there = {})
        : plan_(plan)
        , stage_(plan)
        , path_(folder / "delivery.db")
        , machine_(std::in_place, folder)
        , expected_(std::move(there))
    {
    }

    Course run()
    {
        bool running = bring_up();
        std::size_t const steps = 10 + draw_below(stage_.script, 20);
        for (std::size_t step = 0; running && step < steps; ++step) {
            do_something();
            running = bring_up();
        }
        store_.reset(); // a part of the work too: it folds the WAL back
        stage_.calm();
        if (!machine_->is_on())
            stage_.restart(*machine_);
        machine_.reset();
        stage_.close_simulator();
        auto store = sync::DeliveryStore::open(path_);
        auto const checked = store ? check(*store) : Result<>(fail(store.error()));
        if (!checked)
            stage_.course.findings.add_lost("delivery.db cannot be read: " + checked.error().detail);
        return stage_.course;
    }

private:
    /// Until it returns well, or the power goes.
    template <typename Call>
    bool insist(char const* what, Call const& call)
    {
        Result<> done;
        for (int attempt = 0; attempt < plan_.tries && machine_->is_on(); ++attempt) {
            done = call();
            if (done)
                return true;
        }
        if (machine_->is_on())
            stage_.course.findings.add_stuck(std::string(what) + " goes on failing: " + done.error().detail);
        return false;
    }

    void do_something()
    {
        WallTime const now(std::chrono::milliseconds(1'790'000'000'000));
        switch (draw_below(stage_.script, 8)) {
        case 0:
            store_.reset();
            break;
        case 1:
            expected_.possible_enrolment = expected_.enrolment + 1;
            if (insist("enrolling",
                    [&] { return store_->set_enrolment(enrolment_number(expected_.possible_enrolment)); }))
                expected_.enrolment = expected_.possible_enrolment;
            break;
        case 2:
            insist("noting a failure",
                [&] { return store_->record_failure("http_503", "busy", now, now, now); });
            break;
        default:
            settle(now);
        }
    }

    void settle(WallTime now)
    {
        std::int64_t const last
            = expected_.mark + static_cast<std::int64_t>(1 + draw_below(stage_.script, 300));
        std::uint64_t const refusals = draw_below(stage_.script, 2) * draw_below(stage_.script, 30);
        sync::Settlement batch;
        batch.install = install;
        batch.mark = expected_.mark;
        batch.at = now;
        for (std::int64_t seq = expected_.mark + 1; seq <= last; ++seq) {
            batch.seqs.push_back(seq);
            if (batch.refused.size() < refusals)
                batch.refused.push_back({seq, "invalid", "because " + std::string(seq % 200, 'x')});
        }
        batch.digests = {{last, last}};
        expected_.possible_mark = last;
        expected_.possibly_refused = expected_.refused;
        for (auto const& each : batch.refused)
            expected_.possibly_refused[each.seq] = each.detail;
        if (!insist("settling", [&] { return store_->settle(batch); }))
            return;
        expected_.mark = expected_.possible_mark;
        expected_.refused = expected_.possibly_refused;
    }

    bool bring_up()
    {
        constexpr int enough = 20;
        for (int round = 0; round < enough; ++round) {
            if (!machine_->is_on()) {
                store_.reset();
                stage_.restart(*machine_);
            }
            if (store_)
                return true;
            bool const opened = insist("opening delivery.db", [this]() -> Result<> {
                auto store = sync::DeliveryStore::open(path_);
                if (!store)
                    return fail(store.error());
                store_.emplace(std::move(*store));
                return {};
            });
            if (opened && insist("reading delivery.db", [this] { return check(*store_); }))
                return true;
            store_.reset();
        }
        stage_.course.findings.add_stuck("delivery.db does not open again");
        return false;
    }

    /// Mark and quarantine belong together: from before the call that was cut off, or from after it.
    /// What is found is certain from now on. Errors: the store's.
    Result<> check(sync::DeliveryStore& store)
    {
        auto& findings = stage_.course.findings;
        auto const delivered = store.delivered(install);
        constexpr std::size_t many = 100'000;
        auto const quarantined = store.quarantined(many);
        auto const enrolment = store.enrolment();
        if (!delivered || !quarantined || !enrolment)
            return fail(!delivered ? delivered.error()
                    : !quarantined ? quarantined.error()
                                   : enrolment.error());
        std::int64_t const mark = delivered->mark;
        std::map<std::int64_t, std::string> refused;
        for (auto const& each : *quarantined)
            refused[each.refusal.seq] = each.refusal.detail;
        bool const before = mark == expected_.mark && refused == expected_.refused;
        bool const after = mark == expected_.possible_mark && refused == expected_.possibly_refused;
        if (!before && !after)
            findings.add_lost("the mark is " + std::to_string(mark) + " with "
                + std::to_string(refused.size()) + " refused, expected " + std::to_string(expected_.mark)
                + " with " + std::to_string(expected_.refused.size()) + ", or perhaps "
                + std::to_string(expected_.possible_mark) + " with "
                + std::to_string(expected_.possibly_refused.size()));
        auto const acknowledged = mark - static_cast<std::int64_t>(refused.size());
        if (delivered->acknowledged != acknowledged)
            findings.add_lost("delivery.db counts " + std::to_string(delivered->acknowledged)
                + " acknowledged, not " + std::to_string(acknowledged));
        auto const enrolled_as = [&](int number) {
            return number == 0 ? !*enrolment : *enrolment && **enrolment == enrolment_number(number);
        };
        if (!enrolled_as(expected_.enrolment) && !enrolled_as(expected_.possible_enrolment))
            findings.add_lost("enrolment " + std::to_string(expected_.enrolment) + " is not there");
        if (enrolled_as(expected_.possible_enrolment))
            expected_.enrolment = expected_.possible_enrolment;
        expected_.mark = expected_.possible_mark = mark;
        expected_.refused = expected_.possibly_refused = refused;
        return {};
    }

    Plan const& plan_;
    Stage stage_;
    std::filesystem::path path_;
    std::optional<Machine> machine_;
    std::optional<sync::DeliveryStore> store_;
    Expected expected_;
};

/// Of format 1 or 2, with everything that those knew; what is in it.
Result<Expected> make_old_delivery(std::filesystem::path const& path, int format)
{
    constexpr int many = 150; // over several pages
    Expected there;
    there.mark = there.possible_mark = 500;
    there.enrolment = there.possible_enrolment = 1;
    std::string sql = old_delivery_schema(format)
        + "INSERT INTO contact (one, error_code, error_detail) VALUES (1, '', '');"
          "INSERT INTO enrolment (one, hub, device, token, ca_file, store_id, store_name, store_timezone, "
          "enrolled_ms) VALUES (1, 'https://hub.example', 'dev_1', 'lpd_secret', '', 'sh-001', '店', "
          "'Asia/Shanghai', 1);";
    for (int seq = 3; seq <= 3 * many; seq += 3) {
        there.refused[seq] = "because " + std::to_string(seq);
        sql += "INSERT INTO quarantine (install, seq, code, detail, at_ms) VALUES ('" + std::string(install)
            + "', " + std::to_string(seq) + ", 'invalid', '" + there.refused[seq] + "', 7000);";
    }
    there.possibly_refused = there.refused;
    sql += "INSERT INTO delivered (install, mark) VALUES ('" + std::string(install) + "', "
        + std::to_string(there.mark) + ");";
    if (format == 2)
        sql += "UPDATE delivered SET acknowledged = mark - " + std::to_string(many) + ";";
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(database.error());
    LISTENPOST_TRY(database->execute(sql.c_str()));
    return there;
}

}

Course run_delivery(Plan const& plan)
{
    TempFolder const folder;
    return Settling(plan, folder.path()).run();
}

/// Claim: wherever the power goes in the step from 1 to 2, from 2 to 3 or behind them, the next start ends
/// what is left of them, and mark, count, quarantine and enrolment are those that the old file had, or what
/// was settled since. Neither step is done twice: `acknowledged`, which step 2 computes, still fits.
Course run_delivery_migration(Plan const& plan)
{
    TempFolder const folder;
    auto const there = make_old_delivery(folder / "delivery.db", plan.script % 2 == 0 ? 1 : 2);
    if (!there) {
        Course course;
        course.findings.add_stuck("no old delivery.db: " + there.error().detail);
        return course;
    }
    return Settling(plan, folder.path(), *there).run();
}

}

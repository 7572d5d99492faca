#include "tests/fault/damage_round.h"

#include "tests/fault/file_damage.h"
#include "tests/fault/simulated_box.h"
#include "tests/fault/simulated_hub.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <set>

namespace listenpost::test {
namespace {

enum class Target { Store, StoreWal, Delivery, DeliveryWal, Hub, HubWal, count };

constexpr char const* names[]
    = {"store.db", "store.db-wal", "delivery.db", "delivery.db-wal", "hub.db", "hub.db-wal"};

using Responses = std::map<std::int64_t, Said>;

class Round {
public:
    explicit Round(std::uint64_t seed)
        : random_(seed)
        , target_(static_cast<Target>(seed % static_cast<std::uint64_t>(Target::count)))
        , hub_((std::filesystem::create_directory(folder_ / "hub"), folder_ / "hub"), clock_)
        , box_((std::filesystem::create_directory(folder_ / "box"), folder_ / "box"), hub_, clock_, 3,
              Opening::AsOnABox)
    {
    }

    DamageResult play()
    {
        work();
        remember();
        do_damage();
        bool const hub_is_up = hub_.start();
        result_.outcome = names[static_cast<std::size_t>(target_)];
        start_box();
        if (is_box_damaged() && !hub_is_up)
            findings().add_stuck("the hub does not start, and nothing is wrong with it");
        if (is_hub_damaged() && !hub_is_up)
            result_.outcome += " refused";
        check_store();
        if (hub_is_up)
            go_on();
        findings().add(box_.findings);
        box_.stop();
        hub_.stop();
        return std::move(result_);
    }

private:
    Findings& findings() { return result_.findings; }
    bool is_hub_damaged() const { return target_ == Target::Hub || target_ == Target::HubWal; }
    bool is_box_damaged() const { return !is_hub_damaged(); }
    std::filesystem::path store() const { return folder_ / "box/store.db"; }
    std::filesystem::path delivery() const { return folder_ / "box/delivery.db"; }
    std::filesystem::path hub_file() const { return folder_ / "hub/hub.db"; }

    // ---- before ----

    void serve(std::uint64_t customers)
    {
        for (; customers > 0; --customers) {
            box_.serve_customer(static_cast<int>(1 + draw_below(random_, 3)));
            if (draw_below(random_, 6) == 0)
                box_.deliver();
        }
    }

    void start_all()
    {
        if (!hub_.start() || !box_.start_kiosk() || !box_.start_agent())
            findings().add_stuck("the machines do not come up before anything happened");
    }

    /// Some of it is folded back into the files, some stands in their WALs; or all is folded back.
    void work()
    {
        start_all();
        serve(draw_below(random_, 40));
        if (draw_below(random_, 3) != 0) {
            box_.stop();
            hub_.stop();
            start_all();
            auto const rows = hub_.read_all();
            for (auto const& row : *rows)
                folded_rows_.insert(row);
        }
        serve(1 + draw_below(random_, 40));
        if (draw_below(random_, 2) == 0)
            box_.drain();
        if (draw_below(random_, 4) == 0)
            box_.cut_off_customer(static_cast<int>(1 + draw_below(random_, 2)));
    }

    /// What there is, and what the processes leave: they end well, or are killed.
    void remember()
    {
        was_there_ = read_responses(store()).value_or(Responses());
        if (auto const rows = hub_.read_all())
            at_hub_.insert(rows->begin(), rows->end());
        bool const killed = draw_below(random_, 2) != 0;
        bool const without_wal = draw_below(random_, 2) != 0;
        std::vector<std::pair<std::filesystem::path, DatabaseBytes>> files;
        for (auto const& path : {store(), delivery(), hub_file()})
            files.emplace_back(path, DatabaseBytes::read(path));
        box_.stop();
        hub_.stop();
        for (auto const& [path, bytes] : files) {
            if (killed)
                bytes.write(path);
            else if (without_wal) // as after a copy or a repair; else old frames cover what the file says
                std::filesystem::remove(path.string() + "-wal");
        }
    }

    void do_damage()
    {
        auto const path = is_hub_damaged()                            ? hub_file()
            : target_ == Target::Store || target_ == Target::StoreWal ? store()
                                                                      : delivery();
        bool const in_wal
            = target_ == Target::StoreWal || target_ == Target::DeliveryWal || target_ == Target::HubWal;
        before_ = DatabaseBytes::read(path);
        after_ = before_;
        std::string& bytes = in_wal ? after_.wal : after_.main;
        result_.damage = names[static_cast<std::size_t>(target_)];
        result_.damage += bytes.empty() ? ": there is none" : ": " + damage(bytes, random_);
        after_.write(path);
    }

    // ---- after ----

    void start_box()
    {
        box_.start_kiosk(); // both say what hinders them
        box_.start_agent();
    }

    bool was_salvaged() const
    {
        for (auto const& entry : std::filesystem::directory_iterator(folder_ / "box"))
            if (entry.path().filename().string().starts_with("store.db.damaged-"))
                return true;
        return false;
    }

    void check_store()
    {
        auto const there = read_responses(store());
        if (!there) {
            findings().add_stuck("store.db cannot be read: " + there.error().detail);
            return;
        }
        std::set<std::string> found;
        for (auto const& each : *there)
            found.insert(each.second.content);
        std::vector<std::int64_t> lost;
        auto const reader = was_salvaged() ? DatabaseBytes::ReadBy::Salvage : DatabaseBytes::ReadBy::Sqlite;
        for (auto const& [seq, said] : was_there_) {
            if (found.contains(said.content))
                continue;
            lost.push_back(seq);
            if (target_ != Target::Store && target_ != Target::StoreWal)
                findings().add_lost("seq " + std::to_string(seq) + " is gone, and its file was not touched");
            // Its page was read and written by nobody since: whatever became of other pages, it is found.
            else if (before_.stands_whole(said.comment, after_, reader))
                findings().add_lost("seq " + std::to_string(seq) + " is gone, and its page is whole");
        }
        forgive(lost);
        if (was_salvaged())
            check_report(*there, lost);
        else if (!lost.empty())
            check_older_state(*there, lost);
        if (target_ == Target::Delivery || target_ == Target::DeliveryWal)
            result_.outcome += std::filesystem::exists(delivery().string() + ".damaged") ? " begun anew"
                                                                                         : " taken as it is";
        else if (is_box_damaged())
            result_.outcome += was_salvaged() ? " salvaged"
                : lost.empty()                ? " as it was"
                                              : " is an older state";
    }

    /// What was lost is told: in `missing` all between the first that was recovered and the last seq that is
    /// known to have been given, and in `undelivered` at least those up to there that the hub has not. (Of
    /// what lay behind that seq nothing is left to count it by.)
    void check_report(Responses const& there, std::vector<std::int64_t> const& lost)
    {
        auto reader = kiosk::ResponseReader::open(store());
        auto const reports = reader ? reader->salvage_reports() : fail(reader.error());
        if (!reports || reports->empty()) {
            findings().add_lost("a salvage without a report");
            return;
        }
        auto const& report = reports->back();
        // A draft that was recovered is closed by now.
        auto const closed = static_cast<std::int64_t>(std::ranges::count_if(
            there, [](auto const& each) { return each.second.closed_by == "restart"; }));
        auto const rows = static_cast<std::int64_t>(there.size());
        if (report.recovered > rows || report.recovered < rows - closed)
            findings().add_lost(
                "recovered " + std::to_string(report.recovered) + ", and there are " + std::to_string(rows));
        std::int64_t last = there.empty() ? 0 : there.rbegin()->first - (closed > 0 ? 1 : 0);
        for (auto const& row : at_hub_)
            last = std::max(last, row.seq);
        std::int64_t const first = there.empty() ? 0 : there.begin()->first;
        auto const counted
            = std::ranges::count_if(lost, [first, last](auto seq) { return seq > first && seq < last; });
        auto const waiting = std::ranges::count_if(
            lost, [&](auto seq) { return seq < last && !is_at_hub(was_there_.at(seq)); });
        if (report.missing < counted)
            findings().add_lost("missing says " + std::to_string(report.missing) + ", and "
                + std::to_string(counted) + " are lost");
        if (report.undelivered && *report.undelivered < waiting)
            findings().add_lost("undelivered says " + std::to_string(*report.undelivered)
                + ", and the hub lacks " + std::to_string(waiting));
    }

    /// SQLite cannot tell a WAL whose end is gone from one that a power cut left: then store.db is what
    /// it was at some earlier commit of the WAL's present round. So only the newest are gone, and only
    /// those of which the WAL has a page. (That they were folded back does not save them: the pages of
    /// the WAL count, though they are older; nor does anything count them.)
    void check_older_state(Responses const& there, std::vector<std::int64_t> const& lost)
    {
        if (target_ == Target::Store)
            findings().add_lost("seq " + std::to_string(lost.front()) + " is gone, and nobody says so");
        for (std::int64_t const seq : lost)
            if (before_.wal.find(was_there_.at(seq).comment) == std::string::npos)
                findings().add_lost(
                    "seq " + std::to_string(seq) + " stood in the main file alone, and is gone");
        for (auto const& [seq, said] : there)
            if (seq > lost.front() && was_there_.contains(seq) && was_there_.at(seq).content == said.content)
                findings().add_lost("seq " + std::to_string(lost.front()) + " is gone from the middle");
    }

    bool is_at_hub(Said const& said) const
    {
        return std::ranges::any_of(at_hub_, [&](SimulatedHub::Row const& row) {
            auto const each = said_in_json(row.raw_json);
            return each && each->content == said.content;
        });
    }

    /// The customers of these, and a draft in a damaged file, need not be found any more.
    void forgive(std::vector<std::int64_t> const& lost)
    {
        for (std::int64_t const seq : lost) {
            auto const customer = customer_in(was_there_.at(seq));
            if (customer && !is_at_hub(was_there_.at(seq)))
                box_.promises().may_be_lost(*customer);
        }
        bool const store_was_hurt = target_ == Target::Store || target_ == Target::StoreWal;
        if (store_was_hurt)
            for (std::size_t customer = 0; customer < box_.promises().customers(); ++customer)
                if (box_.promises().was_cut_off(customer))
                    box_.promises().may_be_lost(customer);
    }

    void go_on()
    {
        if (is_hub_damaged())
            return go_on_with_damaged_hub();
        serve(1 + draw_below(random_, 12));
        if (!box_.drain())
            findings().add_stuck("the agent never comes to the end");
        // All that the box had kept, all that the hub had, and all that is new: once, and unchanged.
        hub_.check(box_.promises(), findings());
        check_new_rows(hub_.read_all());
    }

    /// A hub.db that is damaged may have lost what it had acknowledged: against that stand backups and
    /// PostgreSQL. But it never gives HQ what no box has said, never one thing twice, and never passes
    /// over a row in silence: it gives all that stood in an undamaged main file, or it says no.
    void go_on_with_damaged_hub()
    {
        auto const rows = hub_.read_all();
        result_.outcome += rows ? " reads" : " cannot be read";
        if (rows && target_ == Target::Hub && at_hub_.size() != rows->size())
            findings().add_lost("the hub had " + std::to_string(at_hub_.size()) + " rows, gives "
                + std::to_string(rows->size()) + " and says nothing");
        if (rows)
            for (auto const& row : folded_rows_)
                if (std::ranges::find(*rows, row) == rows->end())
                    findings().add_lost("hub.db has lost a row that was folded back, and says nothing");
        serve(1 + draw_below(random_, 12));
        bool const drained = box_.drain();
        auto const now = hub_.read_all();
        check_new_rows(now);
        if (now && rows && drained)
            for (std::size_t customer = was_there_.size(); customer < box_.promises().customers(); ++customer)
                if (!box_.promises().was_cut_off(customer) && !has_customer(*now, customer))
                    findings().add_lost(
                        "customer " + std::to_string(customer + 1) + " was acknowledged, and is not there");
    }

    static bool has_customer(std::vector<SimulatedHub::Row> const& rows, std::size_t customer)
    {
        std::string const who = "customer " + std::to_string(customer + 1) + " tap ";
        return std::ranges::any_of(
            rows, [&](auto const& row) { return row.raw_json.find(who) != row.raw_json.npos; });
    }

    /// Whatever the damage: what HQ gets was said by a customer, and comes once.
    void check_new_rows(Result<std::vector<SimulatedHub::Row>> const& rows)
    {
        if (!rows)
            return;
        std::vector<Said> said;
        std::set<std::pair<std::string, std::int64_t>> ids;
        for (auto const& row : *rows) {
            if (row.from != "sh-001 dev_1")
                findings().add_lost("the hub has a row of " + row.from);
            if (!ids.insert({row.install, row.seq}).second)
                findings().add_twice("the hub has seq " + std::to_string(row.seq) + " twice");
            if (auto each = said_in_json(row.raw_json))
                said.push_back(std::move(*each));
            else
                findings().add_lost("the hub has a row that is no response");
        }
        if (!is_hub_damaged())
            return;
        auto promises = box_.promises();
        for (std::size_t customer = 0; customer < promises.customers(); ++customer)
            promises.may_be_lost(customer);
        promises.check(said, "hub.db", findings());
    }

    Random random_;
    Target target_;
    TempFolder folder_ {in_memory()};
    FakeClock clock_;
    SimulatedHub hub_;
    SimulatedBox box_;
    DamageResult result_;
    Responses was_there_;
    std::set<SimulatedHub::Row> folded_rows_;
    std::set<SimulatedHub::Row> at_hub_;
    DatabaseBytes before_;
    DatabaseBytes after_;
};

}

DamageResult play_damage_round(std::uint64_t seed) { return Round(seed).play(); }

}

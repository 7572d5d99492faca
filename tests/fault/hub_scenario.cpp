#include "platform/sqlite/database.h"
#include "sync/hub/partition.h"
#include "sync/hub/schema.h"
#include "sync/hub/sqlite_storage.h"
#include "sync/wire/batch_writer.h"
#include "tests/fault/scenario.h"
#include "tests/support/old_hub_formats.h"
#include "tests/support/sample_responses.h"

#include <map>
#include <set>

namespace listenpost::test {
namespace {

constexpr int boxes = 4; ///< each of a store of its own

std::string install_of(int box) { return std::string(31, 'a') + std::to_string(box); }

/// Responses (first, last] of a box, as its agent would send them.
sync::IngestRequest batch_of(int box, std::int64_t first, std::int64_t last)
{
    sync::BatchWriter writer;
    std::string const install = install_of(box);
    writer.begin(install, stamp_at(1'000'000));
    for (std::int64_t seq = first + 1; seq <= last; ++seq) {
        std::string const comment(
            static_cast<std::size_t>(seq * 53 % 200), 'x'); // the same whenever it is sent
        kiosk::StoredResponse response;
        response.seq = seq;
        response.opened_ms = 1'790'000'000'000 + seq;
        response.took_ms = 8'000;
        response.steady_ms = seq;
        response.clock_set = true;
        response.boot_id = "0123456789abcdef";
        response.survey = "qsc-restaurant";
        response.survey_version = 1;
        response.touchpoint = "exit";
        response.language = "zh-CN";
        response.outcome = "complete";
        response.closed_by = "finish";
        response.answers = R"([{"q":"quality","score":2}])";
        response.comment = comment;
        writer.add(response);
    }
    sync::BatchParser parser;
    auto batch = parser.parse(std::string(writer.finish()));
    return {"dev_" + std::to_string(box), "sh-" + std::to_string(box), 1'790'000'001'000,
        batch ? std::move(*batch) : sync::ParsedBatch {}};
}

/// Several boxes send at once, some of it again, while HQ reads.
class Rush {
public:
    /// `there`: of each box, what hub.db has already.
    Rush(Plan const& plan, std::filesystem::path const& folder, std::map<int, std::int64_t> const& there = {})
        : plan_(plan)
        , stage_(plan)
        , path_(folder / "hub.db")
        , machine_(std::in_place, folder)
        , acknowledged_(there)
        , attempted_(there)
    {
    }

    Course run()
    {
        bool running = bring_up();
        std::size_t const steps = 6 + draw_below(stage_.script, 12);
        for (std::size_t step = 0; running && step < steps; ++step) {
            do_something();
            running = bring_up();
        }
        close(); // a part of the work too: it folds the WAL back
        stage_.calm();
        if (!machine_->is_on())
            stage_.restart(*machine_);
        machine_.reset();
        stage_.close_simulator();

        auto& findings = stage_.course.findings;
        if (auto const opened = open(); !opened)
            findings.add_lost("hub.db cannot be opened: " + opened.error().detail);
        else if (auto const checked = check(); !checked)
            findings.add_lost("hub.db cannot be read: " + checked.error().detail);
        close();
        return stage_.course;
    }

private:
    void close()
    {
        reader_.reset();
        storage_.reset();
    }

    Result<> open()
    {
        auto storage = sync::open_sqlite_storage(path_);
        if (!storage)
            return fail(storage.error());
        auto reader = (*storage)->open_reader();
        if (!reader)
            return fail(reader.error());
        storage_ = std::move(*storage);
        reader_ = std::move(*reader);
        return {};
    }

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
        switch (draw_below(stage_.script, 6)) {
        case 0:
            close();
            break;
        case 1:
            insist("pulling", [this] { return pull(); });
            break;
        default:
            ingest();
        }
    }

    void ingest()
    {
        std::vector<sync::IngestRequest> group; // as the writer's queue commits them together
        std::map<int, std::int64_t> acknowledged = acknowledged_;
        std::uint64_t const batches = 1 + draw_below(stage_.script, 3);
        for (std::uint64_t i = 0; i < batches; ++i) {
            int const box = static_cast<int>(draw_below(stage_.script, boxes));
            std::int64_t const known = acknowledged[box];
            // The mark is sometimes behind: a reply was lost.
            std::int64_t const again = std::min<std::int64_t>(known,
                static_cast<std::int64_t>(draw_below(stage_.script, 2) * draw_below(stage_.script, 20)));
            std::int64_t const last = known + static_cast<std::int64_t>(1 + draw_below(stage_.script, 40));
            group.push_back(batch_of(box, known - again, last));
            acknowledged[box] = last;
            attempted_[box] = std::max(attempted_[box], last);
        }
        bool const done = insist("ingest", [&]() -> Result<> {
            auto const replies = storage_->ingest(group);
            if (!replies)
                return fail(replies.error());
            for (std::size_t i = 0; i < group.size(); ++i)
                if (!(*replies)[i].refused.empty()
                    || (*replies)[i].acknowledged
                        != static_cast<std::int64_t>(group[i].batch.responses.size()))
                    stage_.course.findings.add_lost("the hub refuses what it has never seen");
            return {};
        });
        if (done)
            acknowledged_ = acknowledged;
    }

    Result<> pull()
    {
        std::vector<std::pair<std::string, std::int64_t>> rows;
        constexpr std::size_t page = 30;
        auto const next = reader_->read_page(
            cursor_, {page}, [&](sync::LogRow const& row) { rows.emplace_back(row.install, row.seq); });
        if (!next)
            return fail(next.error());
        for (auto const& row : rows)
            if (!pulled_.insert(row).second)
                stage_.course.findings.add_twice("HQ has got seq " + std::to_string(row.second) + " twice");
        cursor_ = *next;
        return {};
    }

    bool bring_up()
    {
        constexpr int enough = 20;
        for (int round = 0; round < enough; ++round) {
            if (!machine_->is_on()) {
                close();
                stage_.restart(*machine_);
            }
            if (storage_)
                return true;
            if (insist("opening hub.db", [this] { return open(); })
                && insist("reading hub.db", [this] { return check(); }))
                return true;
            close();
        }
        stage_.course.findings.add_stuck("hub.db does not open again");
        return false;
    }

    /// What was acknowledged is there, nothing twice, nothing that was never sent, and HQ's
    /// cursor still fits. Errors: the storage's, which for a gap are Corrupt.
    Result<> check()
    {
        auto& findings = stage_.course.findings;
        std::map<std::pair<std::string, std::int64_t>, int> rows;
        sync::Cursor cursor;
        for (bool more = true; more;) {
            more = false;
            constexpr std::size_t page = 100;
            auto const next = reader_->read_page(cursor, {page}, [&](sync::LogRow const& row) {
                ++rows[{std::string(row.install), row.seq}];
                more = true;
            });
            if (!next)
                return fail(next.error());
            cursor = *next;
        }
        for (auto const& [row, times] : rows)
            if (times > 1)
                findings.add_twice("the hub has seq " + std::to_string(row.second) + " twice");
        std::size_t expected_at_most = 0;
        for (int box = 0; box < boxes; ++box) {
            for (std::int64_t seq = 1; seq <= acknowledged_[box]; ++seq)
                if (!rows.contains({install_of(box), seq}))
                    findings.add_lost(
                        "the hub has acknowledged seq " + std::to_string(seq) + " and has it not");
            expected_at_most += static_cast<std::size_t>(attempted_[box]);
        }
        if (rows.size() > expected_at_most)
            findings.add_lost("the hub has rows that nobody sent");
        for (auto const& row : pulled_)
            if (!rows.contains(row))
                findings.add_lost("HQ has pulled a row that is gone, seq " + std::to_string(row.second));
        return pull();
    }

    Plan const& plan_;
    Stage stage_;
    std::filesystem::path path_;
    std::optional<Machine> machine_;
    std::unique_ptr<sync::Storage> storage_;
    std::unique_ptr<sync::StorageReader> reader_;
    std::map<int, std::int64_t> acknowledged_; ///< of each box
    std::map<int, std::int64_t> attempted_;
    sync::Cursor cursor_;
    std::set<std::pair<std::string, std::int64_t>> pulled_;
};

/// Of an older format, with some responses of each box; how many.
Result<std::map<int, std::int64_t>> make_old_hub(std::filesystem::path const& path, int format)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(database.error());
    std::map<int, std::int64_t> there;
    std::string sql = old_hub_schema(format);
    if (format >= 2)
        sql += "INSERT INTO heartbeats VALUES ('dev_1', 7, '0.1.0', 3, '{}');";
    for (int box = 0; box < boxes; ++box) {
        there[box] = 20 + 15 * box; // over several pages
        auto const request = batch_of(box, 0, there[box]);
        std::string const part = std::to_string(sync::partition_of("sh-" + std::to_string(box)));
        std::string const install = "x'" + install_of(box) + "'";
        sql += "INSERT INTO installs (install, part, first_ms) VALUES (" + install + ", " + part + ", 5);";
        for (auto const& each : request.batch.responses) {
            std::string const seq = std::to_string(each.seq);
            sql += "INSERT INTO log (part, off, store, device, install, seq, received_ms, at_ms, raw) "
                   "SELECT part, next_off, 'sh-"
                + std::to_string(box) + "', 'dev_" + std::to_string(box) + "', " + install + ", " + seq
                + ", 5, 4, '" + std::string(each.raw_json) + "' FROM partitions WHERE part = " + part
                + "; UPDATE partitions SET next_off = next_off + 1 WHERE part = " + part
                + "; INSERT INTO dedup VALUES (" + part + ", " + install + ", " + seq + ", "
                + std::to_string(static_cast<std::int64_t>(each.digest)) + ");";
        }
    }
    if (format >= 3)
        sql += "UPDATE log SET row_check = " LISTENPOST_LOG_CHECK ";"
               "UPDATE installs SET row_check = " LISTENPOST_INSTALL_CHECK ";";
    LISTENPOST_TRY(database->execute(("BEGIN; " + sql + "COMMIT").c_str()));
    return there;
}

}

Course run_hub(Plan const& plan)
{
    TempFolder const folder;
    return Rush(plan, folder.path()).run();
}

/// Claim: wherever the power goes in the steps from 1, 2 or 3 to the newest, or behind them, the next start
/// ends what is left of them; every row of the old file is there once and can be read, so its row_check is
/// right; what is sent again of it is known; and HQ's cursor still fits.
Course run_hub_migration(Plan const& plan)
{
    TempFolder const folder;
    auto const there = make_old_hub(folder / "hub.db", 1 + static_cast<int>(plan.script % 3));
    if (!there) {
        Course course;
        course.findings.add_stuck("no old hub.db: " + there.error().detail);
        return course;
    }
    return Rush(plan, folder.path(), *there).run();
}

}

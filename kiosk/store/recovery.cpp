#include "kiosk/store/recovery.h"

#include "kiosk/model/install_id.h"
#include "kiosk/store/delivery_marks.h"
#include "kiosk/store/recovered_rows.h"
#include "kiosk/store/schema.h"
#include "platform/sqlite/database.h"
#include "platform/sqlite/raw_file.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

namespace listenpost::kiosk {
namespace {

using sqlite::PageStanding;
using sqlite::RawRow;
using sqlite::RawValue;
using Values = std::vector<RawValue>;

/// Binds from parameter `first` on. The values must stay until the statement is reset.
void bind_all(sqlite::Statement& statement, int first, Values const& values)
{
    for (auto const& value : values) {
        if (auto const* text = std::get_if<std::string>(&value))
            statement.bind(first++, std::string_view(*text));
        else
            statement.bind(first++, std::get<std::int64_t>(value));
    }
}

/// Takes the rows out of pages, the surest first, and puts them into the new file.
class Collector {
public:
    static Result<Collector> create(sqlite::Database& target)
    {
        auto insert = target.prepare(
            "INSERT OR IGNORE INTO response (seq, " LISTENPOST_RESPONSE_COLUMNS
            ", event, comment_erased, row_check) SELECT *, " LISTENPOST_ROW_CHECK
            " FROM (SELECT ?1 AS seq, ?2 AS opened_ms, ?3 AS took_ms, ?4 AS steady_ms, "
            "?5 AS clock_set, ?6 AS boot, ?7 AS survey, ?8 AS survey_version, "
            "?9 AS touchpoint, ?10 AS lang, ?11 AS outcome, ?12 AS closed_by, "
            "?13 AS answers, ?14 AS comment, ?15 AS flags, ?16 AS event, ?17 AS comment_erased)");
        auto drop = target.prepare("DELETE FROM response WHERE seq = ?");
        auto clock = target.prepare("INSERT OR IGNORE INTO boot_clock (boot, steady_ms, wall_ms) "
                                    "VALUES (?, ?, ?)");
        for (auto const* statement : {&insert, &drop, &clock})
            if (!*statement)
                return fail(statement->error());
        return Collector(target, std::move(*insert), std::move(*drop), std::move(*clock));
    }

    /// Errors: Full, Io.
    Result<> take(sqlite::RawPage const& page, sqlite::PageSource const& pages)
    {
        auto const listed = sqlite::rows_of_leaf(page.bytes, pages);
        for (auto const& row : listed.rows)
            LISTENPOST_TRY(take_row(row, page.standing));
        // What its list does not lead to may still stand in it; only a right row_check proves that.
        if (!listed.is_whole)
            for (auto const& row : sqlite::rows_anywhere(page.bytes, pages))
                if (auto const response = as_response(row); response && response->proof == RowProof::Checked)
                    LISTENPOST_TRY(take_response(*response, page.standing));
        return {};
    }

    /// The surest first.
    std::vector<Identity> const& identities() const { return identities_; }
    std::vector<SalvageReport> const& reports() const { return reports_; }
    std::optional<Values> const& draft() const { return draft_; }

private:
    Collector(
        sqlite::Database& target, sqlite::Statement insert, sqlite::Statement drop, sqlite::Statement clock)
        : target_(&target)
        , insert_(std::move(insert))
        , drop_(std::move(drop))
        , clock_(std::move(clock))
    {
    }

    Result<> take_row(RawRow const& row, PageStanding standing)
    {
        if (auto const response = as_response(row))
            return take_response(*response, standing);
        if (standing == PageStanding::Uncommitted)
            return {};
        if (auto const identity = as_identity(row)) {
            bool const is_checked = identity->proof == RowProof::Checked;
            identities_.insert(is_checked ? identities_.begin() : identities_.end(), identity->identity);
        } else if (auto const report = as_salvage_report(row)) {
            if (std::ranges::find(reports_, *report) == reports_.end())
                reports_.push_back(*report);
        } else if (auto const clock = as_boot_clock(row)) {
            return clock_.bind(1, clock->boot_id).bind(2, clock->steady_ms).bind(3, clock->wall_ms).run();
        } else if (standing == PageStanding::Proven && !draft_) {
            // An older image of the draft is that of a customer whose response is closed long since.
            draft_ = as_draft(row);
        }
        return {};
    }

    /// The first one with its seq counts. A response that was moved to another seq may still
    /// stand in an old image of its former page: of the two the later seq is the true one.
    Result<> take_response(RecoveredResponse const& response, PageStanding standing)
    {
        std::size_t const content = std::hash<std::string> {}(response.content());
        auto const twin = seq_of_.find(content);
        bool const has_twin = twin != seq_of_.end();
        if (has_twin && (twin->second >= response.seq || standing == PageStanding::Uncommitted))
            return {};
        insert_.bind(1, response.seq);
        bind_all(insert_, 2, response.values);
        LISTENPOST_TRY(insert_.run());
        if (target_->changes() == 0)
            return {}; // a surer row has that seq: the twin stands
        if (has_twin)
            LISTENPOST_TRY(drop_.bind(1, twin->second).run());
        seq_of_[content] = response.seq;
        return {};
    }

    sqlite::Database* target_;
    sqlite::Statement insert_;
    sqlite::Statement drop_;
    sqlite::Statement clock_;
    std::unordered_map<std::size_t, std::int64_t> seq_of_; ///< by content
    std::vector<Identity> identities_;
    std::vector<SalvageReport> reports_;
    std::optional<Values> draft_;
};

/// Oldest first, one each. `identities`: the surest first.
std::vector<Identity> in_order(std::vector<Identity> identities)
{
    std::vector<Identity> ordered;
    for (auto& each : identities) {
        bool const is_known = std::ranges::any_of(ordered, [&](Identity const& other) {
            return other.install.id == each.install.id || other.install.first_seq == each.install.first_seq;
        });
        if (!is_known)
            ordered.push_back(std::move(each));
    }
    std::ranges::sort(ordered, {}, [](Identity const& each) { return each.install.first_seq; });
    return ordered;
}

std::vector<Identity> known_identities(std::filesystem::path const& store,
    std::vector<Identity> const& from_pages, std::vector<DeliveryMark> const& marks)
{
    if (auto const copy = read_identity_copy(store)) {
        // The file may know one that was made after the copy.
        std::vector<Identity> known = copy->identities;
        for (auto const& each : from_pages)
            if (each.install.first_seq > copy->identities.back().install.first_seq)
                known.push_back(each);
        return in_order(std::move(known));
    }
    if (!from_pages.empty())
        return in_order(from_pages);
    // An install is delivered to its end before the next one is.
    std::vector<Identity> delivered;
    std::int64_t first = 1;
    for (auto const& each : marks) {
        delivered.push_back({{each.install, first}, delivered.empty() ? "first" : "conflict"});
        first = each.mark + 1;
    }
    return delivered;
}

/// How many of the seqs from `first` to `last` the hub has not got.
std::int64_t count_undelivered(std::int64_t first, std::int64_t last, std::vector<Identity> const& identities,
    std::vector<DeliveryMark> const& marks)
{
    std::int64_t count = 0;
    for (std::size_t index = 0; index < identities.size(); ++index) {
        auto const& install = identities[index].install;
        auto const mark = std::ranges::find(marks, install.id, &DeliveryMark::install);
        std::int64_t const delivered = mark == marks.end() ? 0 : mark->mark;
        std::int64_t const from = std::max({first, install.first_seq, delivered + 1});
        std::int64_t const to = index + 1 < identities.size()
            ? std::min(last, identities[index + 1].install.first_seq - 1)
            : last;
        count += std::max<std::int64_t>(0, to - from + 1);
    }
    return count;
}

Result<> count(sqlite::Database& target, std::int64_t last, std::vector<Identity> const& identities,
    std::optional<std::vector<DeliveryMark>> const& marks, SalvageReport& report)
{
    auto seqs = target.prepare("SELECT seq FROM response ORDER BY seq");
    if (!seqs)
        return fail(seqs.error());
    report.recovered = 0;
    report.missing = 0;
    std::int64_t undelivered = 0;
    std::optional<std::int64_t> before;
    auto const gap_until = [&](std::int64_t next) {
        std::int64_t const first = before.value_or(0) + 1;
        // The oldest may have been removed long ago, when the hub had them.
        bool const may_be_removed = !before && next <= last;
        if (!may_be_removed)
            report.missing += std::max<std::int64_t>(0, next - first);
        if (marks)
            undelivered += count_undelivered(first, next - 1, identities, *marks);
    };
    for (;;) {
        auto const row = seqs->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        std::int64_t const seq = seqs->integer(0);
        gap_until(seq);
        before = seq;
        ++report.recovered;
    }
    gap_until(last + 1);
    report.undelivered = marks ? std::optional(undelivered) : std::nullopt;
    return {};
}

Result<> add_identities(sqlite::Database& target, std::vector<Identity> const& identities)
{
    LISTENPOST_TRY(target.execute("DELETE FROM identity"));
    auto add = target.prepare("INSERT INTO identity (first_seq, install, made_for, row_check) "
                              "VALUES (?1, ?2, ?3, row_checksum(?1, ?2, ?3))");
    if (!add)
        return fail(add.error());
    for (auto const& each : identities)
        LISTENPOST_TRY(
            add->bind(1, each.install.first_seq).bind(2, each.install.id).bind(3, each.made_for).run());
    return {};
}

Result<> add_report(sqlite::Database& target, SalvageReport const& report)
{
    auto add = target.prepare("INSERT INTO salvage (at_ms, kept_as, reason, recovered, missing, undelivered) "
                              "VALUES (?, ?, ?, ?, ?, ?)");
    if (!add)
        return fail(add.error());
    add->bind(1, report.at_ms)
        .bind(2, report.kept_as)
        .bind(3, report.reason)
        .bind(4, report.recovered)
        .bind(5, report.missing);
    if (report.undelivered)
        add->bind(6, *report.undelivered);
    else
        add->bind_null(6);
    return add->run();
}

/// Unless it is that of a response which was closed: one touch screen opens one response at a time, so before
/// another was opened this one was. An old image of it is what a WAL has that lost its end.
Result<> add_draft(sqlite::Database& target, Values const& draft)
{
    auto later
        = target.prepare("SELECT 1 FROM response WHERE event = '' AND steady_ms >= ? AND boot = ? LIMIT 1");
    if (!later)
        return fail(later.error());
    Values const stamp {draft[1], draft[4]};
    bind_all(*later, 1, stamp);
    auto const is_closed = later->step();
    if (!is_closed)
        return fail(is_closed.error());
    if (*is_closed)
        return {};
    auto add = target.prepare("INSERT INTO draft (one, " + std::string(draft_columns)
        + ") VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!add)
        return fail(add.error());
    bind_all(*add, 1, draft);
    return add->run();
}

}

Result<SalvageReport> recover_store(
    std::filesystem::path const& store, std::filesystem::path const& target_path, SalvageReport report)
{
    auto damaged = sqlite::RawFile::open(store);
    if (!damaged)
        return fail(damaged.error());
    auto target = sqlite::Database::open(target_path, sqlite::OpenMode::Writer);
    if (!target)
        return fail(target.error());
    // One transaction into a file that nobody else knows: a crash leaves what the next try removes, so
    // nothing needs to be undone, and the file needs no room beside it. The commit still syncs it.
    LISTENPOST_TRY(target->execute("PRAGMA journal_mode = OFF"));
    LISTENPOST_TRY(migrate_store(*target));
    auto transaction = sqlite::Transaction::begin(*target);
    if (!transaction)
        return fail(transaction.error());

    auto collector = Collector::create(*target);
    if (!collector)
        return fail(collector.error());
    Result<> taken;
    auto const further = [&](std::uint32_t number) { return damaged->newest(number); };
    damaged->visit([&](sqlite::RawPage const& page) {
        if (taken)
            taken = collector->take(page, further);
    });
    LISTENPOST_TRY(std::move(taken));

    auto const marks = read_delivery_marks(store.parent_path() / "delivery.db");
    std::vector<DeliveryMark> const delivered = marks ? *marks : std::vector<DeliveryMark>();
    auto identities = known_identities(store, collector->identities(), delivered);
    auto last = target->query_integer("SELECT coalesce(max(seq), 0) FROM response");
    if (!last)
        return fail(last.error());
    for (auto const& each : identities)
        *last = std::max(*last, each.install.first_seq - 1);
    for (auto const& each : delivered)
        *last = std::max(*last, each.mark);
    LISTENPOST_TRY(count(*target, *last, identities, marks, report));
    std::int64_t first = identities.empty() ? 1 : *last + 1;
    for (auto const& each : identities)
        first = std::max(first, each.install.first_seq + 1); // it may not have closed one yet
    identities.push_back({{new_install_id(), first}, "salvage"});
    LISTENPOST_TRY(add_identities(*target, identities));
    if (collector->draft())
        LISTENPOST_TRY(add_draft(*target, *collector->draft()));
    for (auto const& each : collector->reports())
        LISTENPOST_TRY(add_report(*target, each));
    LISTENPOST_TRY(add_report(*target, report));
    LISTENPOST_TRY(transaction->commit());
    return report;
}

}

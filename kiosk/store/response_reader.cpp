#include "kiosk/store/response_reader.h"

#include "kiosk/store/erasure.h"
#include "kiosk/store/schema.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr char walk_sql[] = R"sql(
    SELECT seq, )sql" LISTENPOST_RESPONSE_COLUMNS R"sql(,
        row_check IS )sql" LISTENPOST_ROW_CHECK R"sql(, event, comment_erased
    FROM response WHERE seq > ?1 AND seq <= ?2 ORDER BY seq
)sql";

Result<std::int64_t> single_integer(sqlite::Statement& statement)
{
    auto const row = statement.step();
    if (!row)
        return fail(row.error());
    std::int64_t const value = *row ? statement.integer(0) : 0;
    statement.reset();
    return value;
}

/// Whoever walks a damaged file may be led in a circle: numbers that do not ascend are a sign of it.
Result<> ascend(std::int64_t& reached, std::int64_t number, char const* what)
{
    if (number <= reached)
        return fail(Errc::Corrupt,
            std::string("store.db is damaged: ") + what + " " + std::to_string(number) + " follows "
                + std::to_string(reached));
    reached = number;
    return {};
}

/// `descending`: seqs, and whether it is one to stop at. 0: none is.
Result<std::int64_t> first_with_mark(sqlite::Statement& descending)
{
    for (std::int64_t reached = std::numeric_limits<std::int64_t>::min();;) {
        auto const row = descending.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return 0;
        LISTENPOST_TRY(ascend(reached, -descending.integer(0), "response"));
        if (descending.integer(1) != 0)
            return descending.integer(0);
    }
}

}

ResponseReader::ResponseReader(
    sqlite::Database database, sqlite::Statement walk, sqlite::Statement last, sqlite::Statement installs)
    : database_(std::move(database))
    , walk_(std::move(walk))
    , last_(std::move(last))
    , installs_(std::move(installs))
{
}

Result<ResponseReader> ResponseReader::open(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(database.error());
    auto const version = database->query_integer("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    if (*version == 0)
        return fail(Errc::NotFound, "the kiosk has not finished creating store.db");
    if (*version != store_schema_version)
        return fail(Errc::Invalid,
            "store.db has format " + std::to_string(*version) + ", this program reads "
                + std::to_string(store_schema_version) + ": install the same ListenPost for kiosk and agent");
    auto walk = database->prepare(walk_sql);
    auto last = database->prepare(last_seq_sql);
    auto installs = database->prepare(installs_sql);
    for (auto const* statement : {&walk, &last, &installs})
        if (!*statement)
            return fail(statement->error());
    ResponseReader reader(std::move(*database), std::move(*walk), std::move(*last), std::move(*installs));
    LISTENPOST_TRY(reader.installs());
    return reader;
}

Result<std::vector<Install>> ResponseReader::installs() { return read_installs(installs_); }

Result<std::int64_t> ResponseReader::last_seq() { return single_integer(last_); }

Result<std::vector<BootClock>> ResponseReader::boot_clocks()
{
    auto query = database_.prepare("SELECT boot, steady_ms, wall_ms, rowid FROM boot_clock ORDER BY rowid");
    if (!query)
        return fail(query.error());
    std::vector<BootClock> clocks;
    std::int64_t reached = std::numeric_limits<std::int64_t>::min();
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return clocks;
        LISTENPOST_TRY(ascend(reached, query->integer(3), "the row of a boot's clock"));
        clocks.push_back({std::string(query->text(0)), query->integer(1), query->integer(2)});
    }
}

Result<std::vector<SalvageReport>> ResponseReader::salvage_reports()
{
    auto query = database_.prepare("SELECT at_ms, kept_as, reason, recovered, missing, undelivered, number "
                                   "FROM salvage ORDER BY number");
    if (!query)
        return fail(query.error());
    std::vector<SalvageReport> reports;
    std::int64_t reached = std::numeric_limits<std::int64_t>::min();
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return reports;
        LISTENPOST_TRY(ascend(reached, query->integer(6), "salvage"));
        reports.push_back(
            {query->integer(0), std::string(query->text(1)), std::string(query->text(2)), query->integer(3),
                query->integer(4), query->is_null(5) ? std::nullopt : std::optional(query->integer(5))});
    }
}

void ResponseReader::seek(std::int64_t after, std::int64_t up_to)
{
    walk_.reset();
    walk_.bind(1, after).bind(2, up_to);
    walked_to_ = after;
}

Result<std::optional<StoredResponse>> ResponseReader::next()
{
    auto const row = walk_.step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::optional<StoredResponse>();
    if (auto const ascends = ascend(walked_to_, walk_.integer(0), "response"); !ascends) {
        walk_.reset();
        return fail(ascends.error());
    }
    if (walk_.integer(15) == 0) {
        walk_.reset();
        return fail(Errc::Corrupt,
            "store.db is damaged: response " + std::to_string(walked_to_) + " is not what was written");
    }
    return StoredResponse {
        .seq = walk_.integer(0),
        .opened_ms = walk_.integer(1),
        .took_ms = walk_.integer(2),
        .steady_ms = walk_.integer(3),
        .clock_set = walk_.integer(4) != 0,
        .boot_id = walk_.text(5),
        .survey = walk_.text(6),
        .survey_version = walk_.integer(7),
        .touchpoint = walk_.text(8),
        .language = walk_.text(9),
        .outcome = walk_.text(10),
        .closed_by = walk_.text(11),
        .answers = walk_.text(12),
        .comment = walk_.text(13),
        .flags = walk_.text(14),
        .event = walk_.text(16),
        .comment_erased = walk_.integer(17) != 0,
    };
}

Result<std::optional<StoredResponse>> ResponseReader::find(std::int64_t seq)
{
    seek(seq - 1, seq);
    return next();
}

Result<std::int64_t> ResponseReader::count(std::int64_t after, std::int64_t up_to)
{
    std::int64_t count = 0;
    LISTENPOST_TRY(visit_seqs(after, up_to, [&count](std::int64_t) { ++count; }));
    return count;
}

Result<> ResponseReader::visit_seqs(
    std::int64_t after, std::int64_t up_to, std::function<void(std::int64_t seq)> const& visit)
{
    // One by one: of an aggregate a damaged file may keep SQLite busy for ever.
    auto query = database_.prepare("SELECT seq FROM response WHERE seq > ? AND seq <= ? ORDER BY seq");
    if (!query)
        return fail(query.error());
    query->bind(1, after).bind(2, up_to);
    for (std::int64_t reached = after;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
        LISTENPOST_TRY(ascend(reached, query->integer(0), "response"));
        visit(reached);
    }
}

Result<std::int64_t> ResponseReader::last_response(std::int64_t up_to)
{
    auto query = database_.prepare("SELECT seq, event = '' FROM response WHERE seq <= ?1 ORDER BY seq DESC");
    if (!query)
        return fail(query.error());
    query->bind(1, up_to);
    return first_with_mark(*query);
}

Result<std::int64_t> ResponseReader::last_before(std::int64_t wall_ms, std::int64_t lowest)
{
    auto query
        = database_.prepare("SELECT seq, event = '' AND clock_set <> 0 AND opened_ms < ?1 FROM response "
                            "WHERE seq > ?2 ORDER BY seq DESC");
    if (!query)
        return fail(query.error());
    query->bind(1, wall_ms).bind(2, lowest);
    auto const seq = first_with_mark(*query);
    return seq ? std::max({*seq, lowest, std::int64_t {0}}) : seq;
}

Result<std::vector<std::int64_t>> ResponseReader::events_after(std::int64_t seq)
{
    auto query = database_.prepare("SELECT seq FROM response WHERE event <> '' AND seq > ? ORDER BY seq");
    if (!query)
        return fail(query.error());
    query->bind(1, seq);
    std::vector<std::int64_t> seqs;
    for (std::int64_t reached = seq;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return seqs;
        LISTENPOST_TRY(ascend(reached, query->integer(0), "event"));
        seqs.push_back(reached);
    }
}

Result<bool> ResponseReader::is_erased(ResponseRef const& ref)
{
    return kiosk::is_erased(database_, ref.install, ref.seq);
}

Result<std::string> ResponseReader::erasures()
{
    auto query = database_.prepare("SELECT coalesce(group_concat(install || ':' || seq), '') FROM erasure");
    if (!query)
        return fail(query.error());
    auto const row = query->step();
    if (!row)
        return fail(row.error());
    return std::string(query->text(0));
}

void ResponseReader::stop() { walk_.reset(); }

}

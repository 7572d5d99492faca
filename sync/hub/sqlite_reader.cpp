#include "sync/hub/sqlite_reader.h"

#include "sync/hub/hex.h"
#include "sync/hub/master_data.h"
#include "sync/hub/schema.h"
#include "sync/hub/secrets.h"
#include "sync/hub/sqlite_registry.h"
#include "sync/hub/sqlite_rollups.h"

namespace listenpost::sync {

Result<std::unique_ptr<StorageReader>> SqliteReader::open(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(std::move(database).error());
    auto const hub = database->query_integer("SELECT id FROM hub");
    if (!hub)
        return fail(hub.error());
    auto find_sender
        = database->prepare("SELECT token_hash, device, store, revoked_ms FROM devices WHERE token_hash = ?");
    auto find_grant
        = database->prepare("SELECT " LISTENPOST_GRANT ", token_hash FROM tokens WHERE token_hash = ?");
    auto read_places_version = database->prepare("SELECT places_version FROM hub");
    auto read_places = database->prepare("SELECT store, region, city FROM stores");
    auto read_counters = database->prepare("SELECT part, next_off FROM partitions ORDER BY part");
    auto read_rows = database->prepare("SELECT store, device, install, seq, received_ms, at_ms, raw, off, "
                                       "row_check IS " LISTENPOST_LOG_CHECK
                                       " FROM log WHERE part = ? AND off >= ? AND off < ? ORDER BY off");
    for (auto* statement :
        {&find_sender, &find_grant, &read_places_version, &read_places, &read_counters, &read_rows})
        if (!*statement)
            return fail(std::move(*statement).error());
    return std::unique_ptr<StorageReader>(new SqliteReader(std::move(*database),
        {std::move(*find_sender), std::move(*find_grant), std::move(*read_places_version),
            std::move(*read_places), std::move(*read_counters), std::move(*read_rows)},
        static_cast<std::uint64_t>(*hub)));
}

Result<std::optional<Sender>> SqliteReader::find_sender(std::string_view token_hash)
{
    auto& find = statements_.find_sender;
    auto const row = find.bind_blob(1, token_hash).step();
    if (!row)
        return fail(row.error());
    std::optional<Sender> sender;
    if (*row && equal_secrets(find.text(0), token_hash))
        sender = Sender {std::string(find.text(1)), std::string(find.text(2)), !find.is_null(3)};
    find.reset();
    return sender;
}

Result<std::optional<Grant>> SqliteReader::find_grant(std::string_view token_hash)
{
    auto& find = statements_.find_grant;
    auto const row = find.bind_blob(1, token_hash).step();
    if (!row)
        return fail(row.error());
    Result<std::optional<Grant>> grant;
    if (*row && equal_secrets(find.text(grant_columns), token_hash))
        grant = grant_of(find);
    find.reset();
    return grant;
}

Result<std::shared_ptr<StorePlaces const>> SqliteReader::places()
{
    auto& read_version = statements_.read_places_version;
    auto const known = read_version.step();
    if (!known)
        return fail(known.error());
    std::int64_t const version = *known ? read_version.integer(0) : 0;
    read_version.reset();
    if (places_ && version == places_version_)
        return places_;

    auto& read = statements_.read_places;
    auto places = std::make_shared<StorePlaces>();
    for (;;) {
        auto const row = read.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        places->emplace(read.text(0), StorePlace {std::string(read.text(1)), std::string(read.text(2))});
    }
    places_ = std::move(places);
    places_version_ = version;
    return places_;
}

Result<Cursor> SqliteReader::read_page(
    Cursor const& from, PageLimits limits, std::function<void(LogRow const&)> const& row)
{
    // Counters and rows from one moment: what the counters promise is there.
    LISTENPOST_TRY(database_.leave_transaction()); // of a page whose end failed
    LISTENPOST_TRY(database_.execute("BEGIN"));
    auto cursor = read_snapshot(from, limits, row);
    statements_.read_counters.reset();
    statements_.read_rows.reset();
    if (auto ended = database_.execute("COMMIT"); !ended && cursor)
        return fail(std::move(ended).error());
    return cursor;
}

Result<Cursor> SqliteReader::read_snapshot(
    Cursor const& from, PageLimits limits, std::function<void(LogRow const&)> const& row)
{
    Cursor log_end;
    log_end.hub = hub_;
    auto& end = log_end.next;
    auto& counters = statements_.read_counters;
    for (std::size_t part = 0; part < end.size(); ++part) {
        auto const counter = counters.step();
        if (!counter)
            return fail(counter.error());
        if (!*counter || counters.integer(0) != static_cast<std::int64_t>(part))
            return fail(Errc::Corrupt, "partition " + std::to_string(part) + " has no counter");
        end[part] = counters.integer(1);
    }
    LISTENPOST_TRY(check_cursor(from, log_end));

    Cursor cursor = from;
    cursor.hub = hub_;
    std::size_t rows = 0;
    std::size_t bytes = 0;
    auto& read = statements_.read_rows;
    for (int turn = 0; turn < partition_count; ++turn) {
        int const part = (from.first_partition + turn) % partition_count;
        auto& next = cursor.next[static_cast<std::size_t>(part)];
        std::int64_t const stop = end[static_cast<std::size_t>(part)];
        if (next == stop)
            continue;
        read.bind(1, part).bind(2, next).bind(3, stop);
        while (rows < limits.max_rows && bytes < limits.max_bytes) {
            auto const found = read.step();
            if (!found)
                return fail(found.error());
            // Each row at its place: a damaged file may leave some out, or lead in a circle.
            if (*found && read.integer(7) != next)
                return fail(Errc::Corrupt,
                    "partition " + std::to_string(part) + " has " + std::to_string(read.integer(7))
                        + " where offset " + std::to_string(next) + " belongs");
            if (!*found)
                break;
            if (read.integer(8) == 0)
                return fail(Errc::Corrupt,
                    "offset " + std::to_string(next) + " of partition " + std::to_string(part)
                        + " is not what was written");
            std::string const install = to_hex(read.text(2));
            row({read.text(0), read.text(1), install, read.integer(3), read.integer(4), read.integer(5),
                read.text(6)});
            ++next;
            ++rows;
            bytes += read.text(6).size();
        }
        read.reset();
        if (rows == limits.max_rows || bytes >= limits.max_bytes) {
            cursor.first_partition = (part + 1) % partition_count;
            break;
        }
        if (next != stop)
            return fail(Errc::Corrupt, "partition " + std::to_string(part) + " has a gap in its offsets");
    }
    return cursor;
}

Result<> SqliteReader::read_rollups(
    std::span<RollupRange const> ranges, std::vector<std::string> const* stores, TakeRollup const& take)
{
    LISTENPOST_TRY(database_.leave_transaction());
    LISTENPOST_TRY(database_.execute("BEGIN")); // all ranges from one moment
    auto read = sync::read_rollups(database_, ranges, stores, take);
    if (auto ended = database_.execute("COMMIT"); !ended && read)
        return ended;
    return read;
}

Result<std::vector<Store>> SqliteReader::stores() { return read_stores(database_); }
Result<std::vector<RegisteredSurvey>> SqliteReader::surveys() { return read_surveys(database_); }

}

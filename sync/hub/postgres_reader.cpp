#include "sync/hub/postgres_reader.h"

#include "sync/hub/hex.h"
#include "sync/hub/master_data.h"
#include "sync/hub/postgres_registry.h"
#include "sync/hub/postgres_rollups.h"
#include "sync/hub/secrets.h"

#include <algorithm>

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr Statement select_sender {
    "select_sender", "SELECT token_hash, device, store, revoked_ms FROM devices WHERE token_hash = $1"};
constexpr Statement select_grant {
    "select_grant", "SELECT " LISTENPOST_GRANT ", token_hash FROM tokens WHERE token_hash = $1"};
constexpr Statement select_places_version {
    "select_places_version", "SELECT places_version FROM hub WHERE only_row = 1"};
constexpr Statement select_places {"select_places", "SELECT store, region, city FROM stores"};
constexpr Statement select_counters {"select_counters",
    "SELECT p.part, p.next_off, h.id FROM partitions AS p CROSS JOIN hub AS h WHERE h.only_row = 1"};
constexpr Statement select_rows {"select_rows",
    "SELECT store, device, install, seq, received_ms, at_ms, raw FROM log "
    "WHERE part = $1 AND off >= $2 AND off < $3 ORDER BY off"};

/// libpq holds a whole answer in memory.
constexpr std::int64_t rows_at_once = 1'000;

}

Result<std::optional<Sender>> PostgresReader::find_sender(std::string_view token_hash)
{
    auto const rows = session_.query(select_sender, Parameters().add_bytes(token_hash));
    if (!rows)
        return fail(rows.error());
    if (rows->empty() || !equal_secrets(rows->text(0, 0), token_hash))
        return std::nullopt;
    return Sender {std::string(rows->text(0, 1)), std::string(rows->text(0, 2)), !rows->is_null(0, 3)};
}

Result<std::optional<Grant>> PostgresReader::find_grant(std::string_view token_hash)
{
    auto const rows = session_.query(select_grant, Parameters().add_bytes(token_hash));
    if (!rows)
        return fail(rows.error());
    if (rows->empty() || !equal_secrets(rows->text(0, grant_columns), token_hash))
        return std::nullopt;
    return grant_of(*rows, 0);
}

Result<std::shared_ptr<StorePlaces const>> PostgresReader::places()
{
    auto const known = session_.query(select_places_version);
    if (!known)
        return fail(known.error());
    std::int64_t const version = known->empty() ? 0 : known->integer(0, 0);
    if (places_ && version == places_version_)
        return places_;

    auto const rows = session_.query(select_places);
    if (!rows)
        return fail(rows.error());
    auto places = std::make_shared<StorePlaces>();
    for (std::size_t row = 0; row < rows->size(); ++row)
        places->emplace(rows->text(row, 0),
            StorePlace {std::string(rows->text(row, 1)), std::string(rows->text(row, 2))});
    places_ = std::move(places);
    places_version_ = version;
    return places_;
}

Result<Cursor> PostgresReader::read_end()
{
    auto const rows = session_.query(select_counters);
    if (!rows)
        return fail(rows.error());
    if (rows->size() != partition_count)
        return fail(Errc::Corrupt, "the database has not the counters of 64 partitions");
    Cursor end;
    for (std::size_t row = 0; row < rows->size(); ++row) {
        end.hub = static_cast<std::uint64_t>(rows->integer(row, 2));
        end.next.at(static_cast<std::size_t>(rows->integer(row, 0))) = rows->integer(row, 1);
    }
    return end;
}

// No snapshot: a counter is moved in the transaction that writes the rows below it, so that
// whoever sees the one sees the others ever after.
Result<Cursor> PostgresReader::read_page(
    Cursor const& from, PageLimits limits, std::function<void(LogRow const&)> const& row)
{
    auto end = read_end();
    if (!end)
        return end;
    LISTENPOST_TRY(check_cursor(from, *end));

    Cursor cursor = from;
    cursor.hub = end->hub;
    std::size_t rows = 0;
    std::size_t bytes = 0;
    for (int turn = 0; turn < partition_count; ++turn) {
        int const part = (from.first_partition + turn) % partition_count;
        auto& next = cursor.next[static_cast<std::size_t>(part)];
        std::int64_t const stop = end->next[static_cast<std::size_t>(part)];
        while (next < stop && rows < limits.max_rows && bytes < limits.max_bytes) {
            auto const room = std::min(static_cast<std::int64_t>(limits.max_rows - rows), rows_at_once);
            std::int64_t const chunk_end = std::min(stop, next + room);
            auto const found
                = session_.query(select_rows, Parameters().add(std::int32_t {part}).add(next).add(chunk_end));
            if (!found)
                return fail(found.error());
            if (found->size() != static_cast<std::size_t>(chunk_end - next))
                return fail(Errc::Corrupt, "partition " + std::to_string(part) + " has a gap in its offsets");
            for (std::size_t i = 0; i < found->size() && bytes < limits.max_bytes; ++i) {
                std::string const install = to_hex(found->text(i, 2));
                row({found->text(i, 0), found->text(i, 1), install, found->integer(i, 3),
                    found->integer(i, 4), found->integer(i, 5), found->text(i, 6)});
                ++next;
                ++rows;
                bytes += found->text(i, 6).size();
            }
        }
        if (rows == limits.max_rows || bytes >= limits.max_bytes) {
            cursor.first_partition = (part + 1) % partition_count;
            break;
        }
    }
    return cursor;
}

// Several statements, each of its own moment: every response is in one block of the ranges, and so counts
// once.
Result<> PostgresReader::read_rollups(
    std::span<RollupRange const> ranges, std::vector<std::string> const* stores, TakeRollup const& take)
{
    auto const run = [this](Statement const& statement, Parameters const& parameters) {
        return session_.query(statement, parameters);
    };
    return sync::read_rollups(run, ranges, stores, take);
}

Result<std::vector<Store>> PostgresReader::stores() { return read_stores(session_); }
Result<std::vector<RegisteredSurvey>> PostgresReader::surveys() { return read_surveys(session_); }

}

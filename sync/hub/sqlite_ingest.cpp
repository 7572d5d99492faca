#include "sync/hub/sqlite_ingest.h"

#include "sync/hub/hex.h"
#include "sync/hub/place_in_time.h"
#include "sync/hub/schema.h"

#include <bit>

namespace listenpost::sync {

Result<SqliteIngest> SqliteIngest::create(sqlite::Database& database)
{
    auto find_install = database.prepare(
        "SELECT part, row_check IS " LISTENPOST_INSTALL_CHECK " FROM installs WHERE install = ?");
    auto add_install = database.prepare("INSERT INTO installs (install, part, first_ms, row_check) "
                                        "VALUES (?1, ?2, ?3, row_checksum(hex(?1), ?2, ?3))");
    auto read_counter = database.prepare("SELECT next_off FROM partitions WHERE part = ?");
    auto write_counter = database.prepare("UPDATE partitions SET next_off = ? WHERE part = ?");
    auto add_digest = database.prepare("INSERT INTO dedup (part, install, seq, digest) VALUES (?, ?, ?, ?) "
                                       "ON CONFLICT DO NOTHING");
    auto find_digest
        = database.prepare("SELECT digest FROM dedup WHERE part = ? AND install = ? AND seq = ?");
    auto find_erasure
        = database.prepare("SELECT digest FROM erasures WHERE part = ? AND install = ? AND seq = ?");
    auto add_row = database.prepare(
        "INSERT INTO log (part, off, store, device, install, seq, received_ms, at_ms, raw, row_check) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, row_checksum(?1, ?2, ?3, ?4, hex(?5), ?6, ?7, ?8, ?9))");
    for (auto* statement : {&find_install, &add_install, &read_counter, &write_counter, &add_digest,
             &find_digest, &find_erasure, &add_row})
        if (!*statement)
            return fail(std::move(*statement).error());
    auto rollups = SqliteRollupWriter::create(database);
    if (!rollups)
        return fail(std::move(rollups).error());
    return SqliteIngest(std::move(*find_install), std::move(*add_install), std::move(*read_counter),
        std::move(*write_counter), std::move(*add_digest), std::move(*find_digest), std::move(*find_erasure),
        std::move(*add_row), std::move(*rollups));
}

SqliteIngest::SqliteIngest(sqlite::Statement find_install, sqlite::Statement add_install,
    sqlite::Statement read_counter, sqlite::Statement write_counter, sqlite::Statement add_digest,
    sqlite::Statement find_digest, sqlite::Statement find_erasure, sqlite::Statement add_row,
    SqliteRollupWriter rollups)
    : find_install_(std::move(find_install))
    , add_install_(std::move(add_install))
    , read_counter_(std::move(read_counter))
    , write_counter_(std::move(write_counter))
    , add_digest_(std::move(add_digest))
    , find_digest_(std::move(find_digest))
    , find_erasure_(std::move(find_erasure))
    , add_row_(std::move(add_row))
    , rollups_(std::move(rollups))
{
}

Result<std::vector<IngestReply>> SqliteIngest::ingest(
    sqlite::Database& database, std::span<IngestRequest const> batches)
{
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction)
        return fail(std::move(transaction).error());
    NextOffsets next;
    next.fill(-1);
    counted_.clear();
    std::vector<IngestReply> replies;
    replies.reserve(batches.size());
    for (auto const& request : batches) {
        auto reply = take(database, request, next);
        if (!reply)
            return fail(std::move(reply).error());
        replies.push_back(std::move(*reply));
    }
    for (int part = 0; part < partition_count; ++part)
        if (std::int64_t const offset = next[static_cast<std::size_t>(part)]; offset >= 0)
            LISTENPOST_TRY(write_counter_.bind(1, offset).bind(2, part).run());
    LISTENPOST_TRY(rollups_.add(counted_));
    LISTENPOST_TRY(transaction->commit());
    return replies;
}

Result<IngestReply> SqliteIngest::take(
    sqlite::Database& database, IngestRequest const& request, NextOffsets& next)
{
    IngestReply reply;
    if (request.batch.responses.empty())
        return reply;
    std::string const install = from_hex(request.batch.install);
    auto const part = partition_of_install(install, request);
    if (!part)
        return fail(part.error());
    LISTENPOST_TRY(load_counter(*part, next));
    std::int64_t& offset = next[static_cast<std::size_t>(*part)];

    add_digest_.bind(1, *part).bind_blob(2, install);
    add_row_.bind(1, *part).bind(3, request.store).bind(4, request.device).bind_blob(5, install);
    add_row_.bind(7, request.received_ms);
    Sending const sending {
        request.batch.sent, request.sent_age_ms, request.batch.clocks, request.received_ms};
    for (auto const& response : request.batch.responses) {
        auto const digest = std::bit_cast<std::int64_t>(response.digest);
        if (response.refusal) {
            auto const erased
                = response.is_emptied ? is_erased(*part, install, response.seq, digest) : Result<bool>(false);
            if (!erased)
                return fail(erased.error());
            if (*erased) {
                ++reply.acknowledged;
                ++reply.duplicates;
            } else {
                reply.refused.push_back({response.seq, *response.refusal});
            }
            continue;
        }
        LISTENPOST_TRY(add_digest_.bind(3, response.seq).bind(4, digest).run());
        if (database.changes() == 1) {
            std::int64_t const at_ms = place_in_time(response, sending);
            LISTENPOST_TRY(add_row_.bind(2, offset)
                               .bind(6, response.seq)
                               .bind(8, at_ms)
                               .bind(9, response.raw_json)
                               .run());
            LISTENPOST_TRY(counted_.add(request.store, at_ms, response.raw_json));
            ++offset;
            ++reply.acknowledged;
            continue;
        }
        auto const same = is_same(*part, install, response.seq, digest);
        if (!same)
            return fail(same.error());
        if (*same) {
            ++reply.acknowledged;
            ++reply.duplicates;
        } else {
            reply.refused.push_back({response.seq, conflict()});
        }
    }
    return reply;
}

Result<bool> SqliteIngest::is_same(int part, std::string_view install, std::int64_t seq, std::int64_t digest)
{
    auto const known = find_digest_.bind(1, part).bind_blob(2, install).bind(3, seq).step();
    if (!known)
        return fail(known.error());
    bool const same = *known && find_digest_.integer(0) == digest;
    find_digest_.reset();
    return same ? true : is_erased(part, install, seq, digest);
}

/// Without its text, as the box may have it by now.
Result<bool> SqliteIngest::is_erased(
    int part, std::string_view install, std::int64_t seq, std::int64_t digest)
{
    auto const erased = find_erasure_.bind(1, part).bind_blob(2, install).bind(3, seq).step();
    if (!erased)
        return fail(erased.error());
    bool const same_but_text = *erased && find_erasure_.integer(0) == digest;
    find_erasure_.reset();
    return same_but_text;
}

Result<int> SqliteIngest::partition_of_install(std::string_view install, IngestRequest const& request)
{
    auto const known = find_install_.bind_blob(1, install).step();
    if (!known)
        return fail(known.error());
    if (*known) {
        std::int64_t const part = find_install_.integer(0);
        bool const is_whole = find_install_.integer(1) == 1 && part >= 0 && part < partition_count;
        find_install_.reset();
        // Under another partition all that the install ever sent would count once more.
        if (!is_whole)
            return fail(Errc::Corrupt, "install " + request.batch.install + " is not what was written");
        return static_cast<int>(part);
    }
    int const part = partition_of(request.store);
    LISTENPOST_TRY(add_install_.bind_blob(1, install).bind(2, part).bind(3, request.received_ms).run());
    return part;
}

Result<> SqliteIngest::load_counter(int part, NextOffsets& next)
{
    std::int64_t& offset = next[static_cast<std::size_t>(part)];
    if (offset >= 0)
        return {};
    auto const row = read_counter_.bind(1, part).step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(Errc::Corrupt, "partition " + std::to_string(part) + " has no counter");
    offset = read_counter_.integer(0);
    read_counter_.reset();
    return {};
}

}

#include "sync/hub/postgres_ingest.h"

#include "sync/hub/hex.h"
#include "sync/hub/place_in_time.h"
#include "sync/hub/postgres_rollups.h"
#include "sync/hub/postgres_session.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <set>

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr Statement find_installs {
    "find_installs", "SELECT install, part FROM installs WHERE install = ANY ($1::bytea[])"};
// Of the same install, brought at the same time by another hub, one stays.
constexpr Statement add_installs {"add_installs",
    "INSERT INTO installs (install, part, first_ms) "
    "SELECT * FROM unnest($1::bytea[], $2::integer[], $3::bigint[]) ON CONFLICT DO NOTHING"};
constexpr Statement lock_counters {"lock_counters",
    "SELECT part, next_off FROM partitions WHERE part = ANY ($1::integer[]) ORDER BY part FOR UPDATE"};
constexpr Statement move_counters {"move_counters",
    "UPDATE partitions AS p SET next_off = n.next_off "
    "FROM unnest($1::integer[], $2::bigint[]) AS n (part, next_off) WHERE p.part = n.part"};
constexpr Statement add_digests {"add_digests",
    "INSERT INTO dedup (part, install, seq, digest) "
    "SELECT * FROM unnest($1::integer[], $2::bytea[], $3::bigint[], $4::bigint[]) "
    "ON CONFLICT DO NOTHING RETURNING install, seq"};
constexpr Statement find_digests {"find_digests",
    "SELECT install, seq, digest FROM unnest($1::integer[], $2::bytea[], $3::bigint[]) AS k (part, install, "
    "seq) "
    "JOIN dedup USING (part, install, seq)"};
constexpr Statement find_erasures {"find_erasures",
    "SELECT install, seq, digest FROM unnest($1::integer[], $2::bytea[], $3::bigint[]) AS k (part, install, "
    "seq) "
    "JOIN erasures USING (part, install, seq)"};
constexpr Statement add_rows {"add_rows",
    "INSERT INTO log (part, off, store, device, install, seq, received_ms, at_ms, raw) "
    "SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::bytea[], $6::bigint[], "
    "$7::bigint[], $8::bigint[], $9::text[])"};

/// Rows of one statement, about: more make it no cheaper, only larger.
constexpr std::size_t merged_rows = 1'000;

/// A batch, and what became of it.
struct Batch {
    IngestRequest const* request;
    std::string install; ///< 16 bytes
    int part = 0;
    /// What is known of each of its responses.
    enum class State : char {
        Refused,
        Emptied, ///< refused, unless it is what was erased
        New,
        Same,
        Other
    };
    std::vector<State> states;

    auto const& responses() const { return request->batch.responses; }
    /// Whose number that is, among the responses.
    std::size_t index_of(std::int64_t seq) const
    {
        auto const found = std::ranges::lower_bound(responses(), seq, {}, &ParsedResponse::seq);
        return static_cast<std::size_t>(found - responses().begin());
    }
};

/// Batches of different installs, which go to the server together: no key of theirs repeats.
struct Group {
    std::vector<Batch*> batches; ///< as they came
    std::map<std::string_view, Batch*> by_install;
    std::size_t rows = 0;

    bool has_room_for(Batch const& batch) const
    {
        return rows + batch.responses().size() <= merged_rows && !by_install.contains(batch.install);
    }
    void add(Batch& batch)
    {
        batches.push_back(&batch);
        by_install.emplace(batch.install, &batch);
        rows += batch.responses().size();
    }
    Batch& of(std::string_view install) const { return *by_install.at(install); }
};

/// One transaction.
class Ingest {
public:
    explicit Ingest(PostgresSession& session)
        : session_(session)
    {
    }

    Result<> find_partitions(std::vector<Batch>& batches);
    Result<> lock_partitions(std::vector<Batch> const& batches);
    Result<> take(Group const& group);
    Result<> count();
    Result<> move_counters_on();

private:
    Result<> read_installs(std::vector<std::string_view> const& installs, std::vector<Batch>& batches);
    Result<> mark_new_ones(Group const& group);
    /// `find`: gives digests under which they are the same.
    Result<> compare_known_ones(Group const& group, Statement const& find);
    Result<> log_new_ones(Group const& group);

    PostgresSession& session_;
    std::map<std::string_view, int> parts_; ///< of installs
    std::map<int, std::int64_t> next_; ///< offsets, of the partitions that are locked
    RollupBatch counted_;
};

Result<> Ingest::find_partitions(std::vector<Batch>& batches)
{
    std::set<std::string_view> unknown; // sorted: two that add the same ones meet in the same order
    for (auto const& batch : batches)
        unknown.insert(batch.install);
    for (bool added = false;; added = true) {
        std::vector<std::string_view> const installs(unknown.begin(), unknown.end());
        auto const rows = session_.run(find_installs, Parameters().add_bytes(installs));
        if (!rows)
            return fail(rows.error());
        for (std::size_t row = 0; row < rows->size(); ++row) {
            auto const found = unknown.find(rows->text(row, 0));
            parts_.emplace(*found, static_cast<int>(rows->integer(row, 1)));
            unknown.erase(found);
        }
        if (unknown.empty())
            break;
        if (added)
            return fail(Errc::Corrupt, "an install that was added is not there");
        std::vector<std::string_view> const fresh(unknown.begin(), unknown.end());
        std::vector<std::int32_t> parts;
        std::vector<std::int64_t> moments;
        for (auto const install : fresh) {
            auto const first = std::ranges::find(batches, install, &Batch::install);
            parts.push_back(partition_of(first->request->store));
            moments.push_back(first->request->received_ms);
        }
        auto const done = session_.run(add_installs, Parameters().add_bytes(fresh).add(parts).add(moments));
        if (!done)
            return fail(done.error());
    }
    for (auto& batch : batches)
        batch.part = parts_.at(batch.install);
    return {};
}

Result<> Ingest::lock_partitions(std::vector<Batch> const& batches)
{
    std::set<std::int32_t> parts;
    for (auto const& batch : batches) {
        parts.insert(batch.part);
        // Where its store's rollups are: another one once a box has moved.
        parts.insert(partition_of(batch.request->store));
    }
    std::vector<std::int32_t> const wanted(parts.begin(), parts.end());
    auto const rows = session_.run(lock_counters, Parameters().add(wanted));
    if (!rows)
        return fail(rows.error());
    for (std::size_t row = 0; row < rows->size(); ++row)
        next_.emplace(static_cast<int>(rows->integer(row, 0)), rows->integer(row, 1));
    if (next_.size() != parts.size())
        return fail(Errc::Corrupt, "a partition has no counter");
    return {};
}

Result<> Ingest::take(Group const& group)
{
    LISTENPOST_TRY(mark_new_ones(group));
    LISTENPOST_TRY(compare_known_ones(group, find_digests));
    LISTENPOST_TRY(compare_known_ones(group, find_erasures)); // without the text, as a box may have it by now
    return log_new_ones(group);
}

Result<> Ingest::mark_new_ones(Group const& group)
{
    std::vector<std::int32_t> parts;
    std::vector<std::string_view> installs;
    std::vector<std::int64_t> seqs;
    std::vector<std::int64_t> digests;
    for (auto* const batch : group.batches) {
        batch->states.assign(batch->responses().size(), Batch::State::Refused);
        for (auto const& response : batch->responses()) {
            auto& state = batch->states[batch->index_of(response.seq)];
            if (response.refusal) {
                state = response.is_emptied ? Batch::State::Emptied : Batch::State::Refused;
                continue;
            }
            state = Batch::State::Other;
            parts.push_back(batch->part);
            installs.push_back(batch->install);
            seqs.push_back(response.seq);
            digests.push_back(std::bit_cast<std::int64_t>(response.digest));
        }
    }
    if (seqs.empty())
        return {};
    auto const added
        = session_.run(add_digests, Parameters().add(parts).add_bytes(installs).add(seqs).add(digests));
    if (!added)
        return fail(added.error());
    for (std::size_t row = 0; row < added->size(); ++row) {
        auto& batch = group.of(added->text(row, 0));
        batch.states[batch.index_of(added->integer(row, 1))] = Batch::State::New;
    }
    return {};
}

bool may_be_known(Batch::State state)
{
    return state == Batch::State::Other || state == Batch::State::Emptied;
}

std::optional<Parameters> keys_to_compare(Group const& group)
{
    std::vector<std::int32_t> parts;
    std::vector<std::string_view> installs;
    std::vector<std::int64_t> seqs;
    for (auto const* const batch : group.batches)
        for (std::size_t i = 0; i < batch->states.size(); ++i)
            if (may_be_known(batch->states[i])) {
                parts.push_back(batch->part);
                installs.push_back(batch->install);
                seqs.push_back(batch->responses()[i].seq);
            }
    if (seqs.empty())
        return {};
    return std::move(Parameters().add(parts).add_bytes(installs).add(seqs));
}

Result<> Ingest::compare_known_ones(Group const& group, Statement const& find)
{
    auto const keys = keys_to_compare(group);
    if (!keys)
        return {};
    auto const known = session_.run(find, *keys);
    if (!known)
        return fail(known.error());
    for (std::size_t row = 0; row < known->size(); ++row) {
        auto& batch = group.of(known->text(row, 0));
        auto const index = batch.index_of(known->integer(row, 1));
        if (known->integer(row, 2) == std::bit_cast<std::int64_t>(batch.responses()[index].digest))
            batch.states[index] = Batch::State::Same;
    }
    return {};
}

Result<> Ingest::log_new_ones(Group const& group)
{
    std::vector<std::int32_t> parts;
    std::vector<std::int64_t> offsets, seqs, received, at;
    std::vector<std::string_view> stores, devices, installs, raws;
    for (auto const* const batch : group.batches) {
        auto const& request = *batch->request;
        Sending const sending {
            request.batch.sent, request.sent_age_ms, request.batch.clocks, request.received_ms};
        for (std::size_t i = 0; i < batch->states.size(); ++i) {
            if (batch->states[i] != Batch::State::New)
                continue;
            auto const& response = batch->responses()[i];
            parts.push_back(batch->part);
            offsets.push_back(next_.at(batch->part)++);
            stores.push_back(request.store);
            devices.push_back(request.device);
            installs.push_back(batch->install);
            seqs.push_back(response.seq);
            received.push_back(request.received_ms);
            at.push_back(place_in_time(response, sending));
            raws.push_back(response.raw_json);
            LISTENPOST_TRY(counted_.add(request.store, at.back(), response.raw_json));
        }
    }
    if (parts.empty())
        return {};
    auto const done = session_.run(add_rows,
        Parameters()
            .add(parts)
            .add(offsets)
            .add(stores)
            .add(devices)
            .add_bytes(installs)
            .add(seqs)
            .add(received)
            .add(at)
            .add(raws));
    if (!done)
        return fail(done.error());
    return {};
}

Result<> Ingest::count()
{
    auto const run = [this](Statement const& statement, Parameters const& parameters) {
        return session_.run(statement, parameters);
    };
    return add_rollups(run, counted_);
}

Result<> Ingest::move_counters_on()
{
    std::vector<std::int32_t> parts;
    std::vector<std::int64_t> offsets;
    for (auto const& [part, next] : next_) {
        parts.push_back(part);
        offsets.push_back(next);
    }
    auto const done = session_.run(move_counters, Parameters().add(parts).add(offsets));
    if (!done)
        return fail(done.error());
    return {};
}

IngestReply reply_of(Batch const& batch)
{
    IngestReply reply;
    for (std::size_t i = 0; i < batch.states.size(); ++i) {
        auto const& response = batch.responses()[i];
        switch (batch.states[i]) {
        case Batch::State::Refused:
        case Batch::State::Emptied:
            reply.refused.push_back({response.seq, *response.refusal});
            break;
        case Batch::State::Other:
            reply.refused.push_back({response.seq, conflict()});
            break;
        case Batch::State::Same:
            ++reply.duplicates;
            [[fallthrough]];
        case Batch::State::New:
            ++reply.acknowledged;
        }
    }
    return reply;
}

}

Result<std::vector<IngestReply>> ingest(PostgresSession& session, std::span<IngestRequest const> requests)
{
    std::vector<Batch> batches;
    batches.reserve(requests.size()); // whose installs are pointed at
    for (auto const& request : requests)
        batches.push_back({&request, from_hex(request.batch.install), 0, {}});
    if (batches.empty())
        return std::vector<IngestReply>();

    auto transaction = session.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    Ingest work(session);
    LISTENPOST_TRY(work.find_partitions(batches));
    LISTENPOST_TRY(work.lock_partitions(batches));
    Group group;
    for (auto& batch : batches) {
        if (!group.has_room_for(batch)) {
            LISTENPOST_TRY(work.take(group));
            group = {};
        }
        group.add(batch);
    }
    LISTENPOST_TRY(work.take(group));
    LISTENPOST_TRY(work.count());
    LISTENPOST_TRY(work.move_counters_on());
    LISTENPOST_TRY(transaction->commit());

    std::vector<IngestReply> replies;
    replies.reserve(batches.size());
    for (auto const& batch : batches)
        replies.push_back(reply_of(batch));
    return replies;
}

}

#pragma once

#include "kiosk/model/erase_request.h"
#include "platform/base/result.h"
#include "sync/hub/cursor.h"
#include "sync/hub/partition.h"
#include "sync/hub/registry.h"
#include "sync/hub/rollup_rows.h"
#include "sync/wire/batch_parser.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// Says what the questions of its responses mean; see question_meaning.h.
struct RegisteredSurvey {
    std::string id;
    std::int64_t version = 0;
    std::string json; ///< kiosk::parse_survey() can read it
};

/// A batch on its way into the log, with what the hub knows about its sender.
struct IngestRequest {
    std::string device;
    std::string store;
    std::int64_t received_ms = 0; ///< when it began to come in
    ParsedBatch batch;
    /// See Sending::sent_age_ms.
    std::optional<std::int64_t> sent_age_ms {};
};

struct HeartbeatRequest {
    std::string device;
    std::int64_t received_ms = 0;
    Heartbeat heartbeat;
};

/// What the hub asks of the box that said it.
struct HeartbeatReply {
    /// What HQ has erased and this box has not confirmed, the first asked for first; at most
    /// kiosk::EraseRequest::max_responses, the others later.
    kiosk::EraseRequest erase;
    /// The hash of the manager's PIN of the box's store; empty: none, or the box has it.
    std::string pin_hash {};
};

/// A response whose text HQ has erased, and whether that has reached the boxes.
struct BoxErasure {
    std::string install;
    std::int64_t seq = 0;
    std::string device; ///< that brought it
    std::int64_t asked_ms = 0;
    struct Done {
        std::string device;
        std::int64_t done_ms = 0;
        friend bool operator==(Done const&, Done const&) = default;
    };
    /// Who has said that nothing of it is left there, the first first. More than one where a box's disk was
    /// copied, or the box was enrolled again.
    std::vector<Done> done;
    friend bool operator==(BoxErasure const&, BoxErasure const&) = default;
};

/// What the box is told. acknowledged counts the duplicates too;
/// acknowledged + refused.size() = the responses of the batch.
struct IngestReply {
    struct Refused {
        std::int64_t seq;
        RefusalReason refusal;
    };
    std::int64_t acknowledged = 0;
    std::int64_t duplicates = 0;
    std::vector<Refused> refused;
};

/// Why a response is refused whose install and seq are taken by another content.
RefusalReason conflict();

/// A device that may send, or may no longer.
struct Sender {
    std::string device;
    std::string store;
    bool revoked = false;
};

/// One line of the log. The views live until the callback that got them returns.
struct LogRow {
    std::string_view store;
    std::string_view device;
    std::string_view install; ///< 32 hex digits
    std::int64_t seq = 0;
    std::int64_t received_ms = 0;
    std::int64_t at_ms = 0;
    std::string_view raw_json; ///< an object with at least one field, on one line
};

struct PageLimits {
    std::size_t max_rows;
    /// The page ends after the row that reaches it.
    std::size_t max_bytes = 8UL * 1024 * 1024;
};

/// What answers requests without writing. Sees every commit that was made before the call.
/// Threads: one at a time; a hub has several readers beside its writers.
class StorageReader {
public:
    virtual ~StorageReader() = default;

    /// Whether its functions ask over a network, and may wait for an answer for seconds.
    virtual bool is_remote() const { return false; }

    /// By the hash of its token; nothing if it is nobody's. Errors: Busy, Corrupt, Io.
    virtual Result<std::optional<Sender>> find_sender(std::string_view token_hash) = 0;
    /// Also of one that has expired or was revoked: the caller has the clock, and says why.
    virtual Result<std::optional<Grant>> find_grant(std::string_view token_hash) = 0;

    /// Where every store is. The same object as before until a store was added or changed.
    virtual Result<std::shared_ptr<StorePlaces const>> places() = 0;

    /// The rows after `from`, in the order of their partition; returns the cursor after the
    /// last of them, which is `from` when there was none. All pages together hold every row
    /// exactly once, however many ingests run meanwhile.
    /// Errors: Invalid (a cursor of another database, or one that is ahead of this one: the
    /// database was restored from a backup); Busy, Corrupt, Io.
    virtual Result<Cursor> read_page(
        Cursor const& from, PageLimits limits, std::function<void(LogRow const&)> const& row)
        = 0;

    /// What was counted in these blocks of days, in no order: every response of the log once in each span.
    /// `stores`: of these alone; null: of all. Errors: as read_page(), and what `take` returns.
    virtual Result<> read_rollups(
        std::span<RollupRange const> ranges, std::vector<std::string> const* stores, TakeRollup const& take)
        = 0;
    /// By their id.
    virtual Result<std::vector<Store>> stores() = 0;
    virtual Result<std::vector<RegisteredSurvey>> surveys() = 0;
};

/// Everything the hub keeps: a log of responses in 64 partitions with gap-free offsets, what
/// it needs to count each response once, and who may talk to it.
///
/// Every change is durable when its call returns. Secrets come in as hashes only.
/// Implementations: SQLite (one process has the file) and PostgreSQL (several hubs may share one
/// database). tests/sync/hub/storage_contract.h says in code what both must do.
/// Threads: one at a time (the hub's first writer thread), except for ingest().
class Storage {
public:
    virtual ~Storage() = default;

    /// How many calls of ingest() may run at once, beside one call of anything else; never changes.
    /// Those whose batches are of one lane queue on one another, others do not: lane_of().
    virtual std::size_t lanes() const { return 1; }
    /// Of the batches of this store's boxes.
    std::size_t lane_of(std::string_view store) const
    {
        return static_cast<std::size_t>(partition_of(store)) % lanes();
    }

    /// Takes all batches in one transaction, in order: one reply each.
    /// A response is new (logged), a duplicate (same install, seq and digest, or the one that was
    /// erased here, without its text: acknowledged, not logged) or a conflict (same install and seq, another
    /// digest: refused). Errors: Full, Busy, Corrupt, Io: nothing of any batch was kept; Unreachable (the
    /// database's server): nothing was kept, or everything, if it was lost in the very commit. Sending again
    /// is safe after all of them.
    virtual Result<std::vector<IngestReply>> ingest(std::span<IngestRequest const> batches) = 0;

    /// Replaces what each of these devices said before; of several of one device the last
    /// stays. Notes what they say to have erased. One reply each; those that cannot take one (no `installs`)
    /// are asked for nothing. A box is asked for what it brought itself, and for what any of its installs
    /// did. It gets the PIN of its store where it says that it has another or none, each time: what it says
    /// is what its files hold then, so nothing that comes late or twice can mislead for longer than until the
    /// next. Errors: Full, Busy, Corrupt, Io: asking again is safe.
    virtual Result<std::vector<HeartbeatReply>> keep_heartbeats(std::span<HeartbeatRequest const> heartbeats)
        = 0;

    /// Takes what a person has written out of a response or staff event (see without_text()), for good: its
    /// scores and its place in the log stay. A row after all others of its partition tells those who have the
    /// text (text_erased_json()), and its box is asked to erase it too (keep_heartbeats()). The box is told
    /// "duplicate" whether it brings it with the text or without: see digest_without_text(). Erasing again
    /// changes nothing, but see Busy. `install`: 32 hex digits. Looks through the response's partition, and
    /// on SQLite writes the whole file anew: seconds to minutes where it is large. Errors: NotFound (nothing
    /// of that name here, or not yet); Busy, Full, Io: if the detail says so, it is done for every reader,
    /// but old bytes may still be in the file: erase again.
    virtual Result<> erase_text(std::string_view install, std::int64_t seq, Act const& act) = 0;

    /// All whose text was erased, in the order in which that was asked for. Errors: Busy, Corrupt, Io,
    /// Unreachable.
    virtual Result<std::vector<BoxErasure>> box_erasures() = 0;

    /// Stores, boxes and tokens: used as everything here but ingest(). Lives as long as the Storage.
    virtual Registry& registry() = 0;

    /// Instead of an older or newer version of it, with its line in the audit log. Errors: as everywhere.
    virtual Result<> put_survey(RegisteredSurvey const& survey, Act const& act) = 0;

    /// A reader on a connection of its own, for one other thread. May outlive calls, not the Storage.
    virtual Result<std::unique_ptr<StorageReader>> open_reader() = 0;
};

}

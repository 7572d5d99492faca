#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/sqlite/database.h"
#include "sync/agent/upload_reply.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// Where this box delivers to, and as whom.
struct Enrolment {
    std::string hub; ///< see hub_url()
    std::string device;
    std::string token; ///< secret: for the Authorization header and nothing else
    std::string ca_file; ///< empty: the machine's certificates
    std::string store_id;
    std::string store_name;
    std::string store_timezone; ///< IANA
    WallTime enrolled {};
    std::string pin = {}; ///< of the hub's key, see HttpRequest; empty: none

    friend bool operator==(Enrolment const&, Enrolment const&) = default;
};

/// Tells the response that was sent from another one that store.db may hold under the same
/// number one day; see row_digest(). Digest 0: not known.
struct RowDigest {
    std::int64_t seq = 0;
    std::int64_t digest = 0;

    friend bool operator==(RowDigest const&, RowDigest const&) = default;
};

/// How far one install has got.
struct Delivered {
    std::int64_t mark = 0; ///< everything up to this seq is acknowledged or quarantined
    std::int64_t acknowledged = 0; ///< how many of them the hub has
    RowDigest proof; ///< the newest acknowledged one; seq 0: none, or of an older format
};

/// What became of a batch: all that `refused` does not name is acknowledged.
struct Settlement {
    std::string install;
    std::vector<std::int64_t> seqs; ///< ascending, at least one
    std::int64_t mark = 0; ///< of the install when the batch was built
    std::vector<Refusal> refused;
    /// Of the newest acknowledged one and of the refused ones, as far as they are known.
    std::vector<RowDigest> digests;
    WallTime at {}; ///< when the hub said so
};

struct Quarantined {
    std::string install;
    Refusal refusal;
    WallTime at {};
    std::int64_t digest = 0;
    bool retry = false; ///< it will be sent again, as was asked for
};

/// Which quarantined responses to send again.
struct RetryRequest {
    bool all = false;
    std::vector<std::int64_t> seqs; ///< unless all

    friend bool operator==(RetryRequest const&, RetryRequest const&) = default;
};

/// A response that the kiosk has given to another install, since the hub knows its old
/// number as another's.
struct Moved {
    std::string install; ///< the old one
    RowDigest row;
};

/// How it goes between this box and the hub; for people.
struct Contact {
    std::optional<WallTime> last_contact; ///< the hub itself answered
    std::string error_code; ///< empty: the last attempt went well
    std::string error_detail;
    std::optional<WallTime> error_at;
    std::optional<WallTime> next_attempt;
    std::optional<WallTime> last_heartbeat; ///< the hub took it
    std::string heartbeat_code; ///< why the last one was not taken; empty: it was, or none was sent
};

/// delivery.db: what the hub has of this box. Only the agent writes it; `status` and
/// the manager's screen may read it (DeliveryStore::open_reader). Format:
/// sync/agent/FORMAT.md. Readable by its owner alone: it holds the token.
///
/// Life of a response here: waiting (seq > mark) -> acknowledged (seq <= mark), or
/// quarantined (seq <= mark, and a row with the hub's reason). Only settle() moves
/// one, in one transaction a batch. From quarantine it may be sent again (request_retry():
/// quarantined still, until settle_retried() says otherwise), or be seen to live on under
/// another install (record_moved()). rewind() and forget_quarantined() make it wait again.
///
/// Durability: a call that returned without an error survives power loss.
/// Errors of all calls: Io, Full, Corrupt, Busy; the old state stands then.
/// Threads: one at a time.
class DeliveryStore {
public:
    /// Creates the file, or migrates an older one, and looks whether all is as it was written: Corrupt
    /// otherwise, and the file is as it was. Errors: Invalid too (a newer version wrote it).
    static Result<DeliveryStore> open(std::filesystem::path const& path);
    /// Never writes, and works while the agent runs. Errors: NotFound, Invalid too.
    static Result<DeliveryStore> open_reader(std::filesystem::path const& path);

    /// Looks once more whether all is as it was written. Errors: Corrupt (it is not) too.
    Result<> check();

    Result<std::optional<Enrolment>> enrolment();
    /// Replaces the enrolment and forgets the last error, which was another's. Marks stay:
    /// what one hub has acknowledged is not sent to the next.
    Result<> set_enrolment(Enrolment const& enrolment);

    /// All zero for an install not seen yet.
    Result<Delivered> delivered(std::string const& install);
    Result<std::int64_t> mark(std::string const& install);

    /// All of the install up to the batch's last is settled. Unless the mark went back since
    /// the batch was built: then that stands, and what waits below goes first, and the batch's own
    /// once more.
    Result<> settle(Settlement const& batch);

    /// Everything of `install` waits again: its store.db went back in time (a restored
    /// backup). The hub counts once whatever it has already.
    Result<> rewind(std::string const& install);

    // ---- quarantine ----

    /// Newest first, at most `limit`.
    Result<std::vector<Quarantined>> quarantined(std::size_t limit);
    /// All of one install, oldest first.
    Result<std::vector<Quarantined>> quarantined_of(std::string const& install);
    /// Those whose number the hub knows as another response's, by install and seq.
    Result<std::vector<Quarantined>> conflicts();
    Result<std::int64_t> quarantined_count();
    Result<std::int64_t> quarantined_count(std::string const& install);

    /// Marks them to be sent again; conflicts never, for those get another number by
    /// themselves. How many there are.
    Result<std::int64_t> request_retry(RetryRequest const& request);
    /// The first of those to send again, of one install, ascending, at most `limit`.
    /// Empty seqs: none.
    struct Retries {
        std::string install;
        std::vector<std::int64_t> seqs;
    };
    Result<Retries> to_retry(std::size_t limit);
    /// As settle(), of a batch out of to_retry(): the acknowledged leave the quarantine, the
    /// refused stay there with the new reason. The mark stays where it is.
    Result<> settle_retried(Settlement const& batch);
    /// It cannot be sent again: store.db has it no longer. It stays in quarantine.
    Result<> drop_retry(std::string const& install, std::int64_t seq);

    /// What store.db has under that number now, if anything, is not what was refused: it
    /// leaves the quarantine, and whatever came after the newest acknowledged one waits again.
    Result<> forget_quarantined(std::string const& install, std::int64_t seq);

    /// As forget_quarantined(), and the response lives on under a later install, at a seq that
    /// is at most `up_to`. Kept for good: should a backup bring the old number back, the same
    /// response is not to be counted under a third one.
    Result<> record_moved(std::string const& install, std::int64_t seq, std::int64_t up_to, WallTime at);
    /// Those moved ones of which it is not known yet that the hub has them under the new number.
    Result<std::vector<Moved>> moved_and_waiting();
    /// All responses up to this seq of this box are settled.
    Result<> confirm_moved(std::int64_t up_to);
    /// A restored store.db has it under its old number again, and the new one is gone: back to
    /// quarantine.
    Result<> take_back_moved(Moved const& moved);

    // ---- contact ----

    Result<Contact> contact();
    Result<> record_failure(std::string const& code, std::string const& detail, WallTime at,
        std::optional<WallTime> next_attempt, std::optional<WallTime> hub_answered);
    /// Empty code: the hub took it.
    Result<> record_heartbeat(std::string const& code, WallTime at);

private:
    explicit DeliveryStore(sqlite::Database database)
        : database_(std::move(database))
    {
    }
    Result<> move_mark(Settlement const& batch);
    /// After every change of the install's row.
    Result<> seal_delivered(std::string const& install);
    Result<> clear_quarantine(Settlement const& batch);
    Result<> set_aside(Settlement const& batch, Refusal const& refusal);
    Result<> note_answer(WallTime at);
    Result<> leave_quarantine(std::string const& install, std::int64_t seq);
    Result<std::vector<Quarantined>> read_quarantined(sqlite::Statement& query);

    sqlite::Database database_;
};

}

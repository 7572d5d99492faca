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

    friend bool operator==(Enrolment const&, Enrolment const&) = default;
};

struct Quarantined {
    std::string install;
    Refusal refusal;
    WallTime at {};
};

/// How it goes between this box and the hub; for people.
struct Contact {
    std::optional<WallTime> last_contact; ///< the hub itself answered
    std::string error_code; ///< empty: the last attempt went well
    std::string error_detail;
    std::optional<WallTime> error_at;
    std::optional<WallTime> next_attempt;
};

/// delivery.db: what the hub has of this box. Only the agent writes it; `status` and
/// the manager's screen may read it (DeliveryStore::open_reader). Format:
/// sync/agent/FORMAT.md. Readable by its owner alone: it holds the token.
///
/// Life of a response here: waiting (seq > mark) -> acknowledged (seq <= mark), or
/// quarantined (seq <= mark, and a row with the hub's reason). Only settle() moves
/// one, in one transaction a batch; nothing moves one back but rewind().
///
/// Durability: a call that returned without an error survives power loss.
/// Errors of all calls: Io, Full, Corrupt, Busy; the old state stands then.
/// Threads: one at a time.
class DeliveryStore {
public:
    /// Creates the file, or migrates an older one. Errors: Invalid too (a newer version wrote it).
    static Result<DeliveryStore> open(std::filesystem::path const& path);
    /// Never writes, and works while the agent runs. Errors: NotFound, Invalid too.
    static Result<DeliveryStore> open_reader(std::filesystem::path const& path);

    Result<std::optional<Enrolment>> enrolment();
    /// Replaces the enrolment and forgets the last error, which was another's. Marks stay:
    /// what one hub has acknowledged is not sent to the next.
    Result<> set_enrolment(Enrolment const& enrolment);

    /// Everything up to this seq is acknowledged or quarantined; 0 for an install not seen yet.
    Result<std::int64_t> mark(std::string const& install);

    /// All of `install` up to `last` is settled: acknowledged, or `refused` with a reason.
    /// The hub answered at `at`.
    Result<> settle(
        std::string const& install, std::int64_t last, std::vector<Refusal> const& refused, WallTime at);

    /// Everything of `install` waits again: its store.db went back in time (a restored
    /// backup). The hub counts once whatever it has already.
    Result<> rewind(std::string const& install);

    Result<Contact> contact();
    Result<> record_failure(std::string const& code, std::string const& detail, WallTime at,
        std::optional<WallTime> next_attempt, std::optional<WallTime> hub_answered);

    /// Newest first, at most `limit`.
    Result<std::vector<Quarantined>> quarantined(std::size_t limit);
    Result<std::int64_t> quarantined_count();
    Result<std::int64_t> quarantined_count(std::string const& install);

private:
    explicit DeliveryStore(sqlite::Database database)
        : database_(std::move(database))
    {
    }
    sqlite::Database database_;
};

}

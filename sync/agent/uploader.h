#pragma once

#include "kiosk/store/response_store.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/os/files.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/retry_policy.h"
#include "sync/agent/transport.h"
#include "sync/wire/batch_writer.h"
#include "sync/wire/compression.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// Where the work stands after a step.
enum class UploadState {
    Delivering, ///< more waits: step again at once
    Idle, ///< nothing waits, or the kiosk has not run yet
    NotEnrolled, ///< nobody to deliver to
    BackingOff, ///< the hub could not be reached, or asked for a pause
    NotWelcome, ///< the hub does not know this box, or no longer
    Stuck, ///< a file of this box cannot be read or written; see the detail
};

struct UploadStep {
    UploadState state = UploadState::Idle;
    /// When to step again without any other reason. Nothing: only when files change.
    std::optional<SteadyTime> next;
    std::string detail; ///< for the operator; empty when all is well
};

/// Brings what the kiosk has closed to the hub, oldest first, a batch at a time:
/// builds it from store.db, sends it, and moves the mark in delivery.db once the hub
/// has committed it. Holds at most one batch, and sends those same bytes until the
/// hub has said what became of them; without a set clock the same responses with the
/// time of each attempt.
/// Owns no thread, never sleeps: run step(), wait until the moment it returns.
/// A crash at any point loses nothing: what is not marked is built and sent again, and
/// the hub counts once.
/// Threads: one at a time.
class Uploader {
public:
    /// All but `store_path` must outlive it. `random` yields numbers in [0, 1).
    Uploader(std::filesystem::path store_path, DeliveryStore& delivery, Transport& transport,
        Clock const& clock, std::function<double()> random);

    /// At most one request. Before its time it does nothing but say when that is.
    UploadStep step();

    /// The network changed, or the box was enrolled anew: old troubles mean nothing any
    /// more, nor does an old connection. The next attempt is due within two seconds, or, as some networks
    /// never rest, half a minute after the last such call.
    void forget_troubles();

private:
    /// The batch that is on its way: all of (mark, last] of one install.
    struct Batch {
        std::string install;
        std::vector<std::int64_t> seqs;
        bool clock_was_set = false;
        SteadyTime read; ///< when its `sent` was
    };

    /// Follows store.db to the file that has its name now. Errors: NotFound, and the reader's.
    Result<> open_store();
    /// False: nothing waits.
    Result<bool> prepare_batch();
    Result<> fill_batch(std::int64_t after, std::int64_t up_to, std::size_t max_responses);
    std::size_t max_responses() const;

    UploadStep send_batch(Enrolment const& enrolment);
    UploadStep act_on(Verdict const& verdict);
    UploadStep settle(std::vector<Refusal> const& refused);
    UploadStep halve(Verdict const& verdict);
    UploadStep set_aside(Verdict const& verdict);
    UploadStep wait(UploadState state, Verdict const& verdict);
    UploadStep stuck(Error const& error);
    UploadStep again() const { return {UploadState::Delivering, clock_.steady_now(), ""}; }

    std::filesystem::path store_path_;
    DeliveryStore& delivery_;
    Transport& transport_;
    Clock const& clock_;
    std::function<double()> random_;

    struct OpenStore {
        kiosk::ResponseReader reader;
        FileIdentity file;
        kiosk::Install install {}; ///< the current one, as last read
        std::int64_t last = 0; ///< seq, read before `install`: none up to it is a later install's
    };
    std::optional<OpenStore> store_;
    BatchWriter writer_;
    Compressor compressor_;
    std::optional<Batch> batch_;
    std::string packed_; ///< the batch's bytes; its room is used again

    unsigned failures_ = 0; ///< in a row, without an answer that settles anything
    std::optional<UploadStep> pause_; ///< what step() says until its time has come
    std::optional<SteadyTime> fresh_start_;

    /// The search for a poisoned response: it is among so many, from the mark on. 0: no search.
    std::size_t suspects_ = 0;
    std::size_t size_limit_ = limits::max_responses; ///< of a batch, as 413 has taught
    unsigned batches_since_split_ = 0;
};

}

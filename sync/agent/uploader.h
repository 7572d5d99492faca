#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "sync/agent/batch_builder.h"
#include "sync/agent/batch_size.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/retry_policy.h"
#include "sync/agent/store_review.h"
#include "sync/agent/store_view.h"
#include "sync/agent/transport.h"
#include "sync/agent/upload_pauses.h"
#include "sync/agent/upload_step.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// Brings what the kiosk has closed to the hub, oldest first, install by install, a batch at a
/// time: builds it from store.db (BatchBuilder), sends it, and settles it in delivery.db once the
/// hub has committed it. Quarantined responses that somebody wants sent again go first. Holds at
/// most one batch, and sends those same bytes until the hub has said what became of them; without
/// a set clock the same responses with the time of each attempt.
/// Before each batch delivery.db is brought in line with what store.db holds (StoreReview).
/// Owns no thread, never sleeps: run step(), wait until the moment it returns.
/// A crash at any point loses nothing: what is not marked is built and sent again, and
/// the hub counts once. While delivery.db cannot be written (a full disk) nothing is sent: what the
/// hub said last is kept, and recorded once there is room.
/// Threads: one at a time.
class Uploader {
public:
    /// All but `store_path` must outlive it; its folder is the box's, see DataFolder.
    /// `random` yields numbers in [0, 1).
    Uploader(std::filesystem::path const& store_path, DeliveryStore& delivery, Transport& transport,
        Clock const& clock, std::function<double()> random);

    /// At most one request. Before its time it does nothing but say when that is.
    UploadStep step();

    /// Before the first step, after a boot: if something waits already at the first step, it goes out
    /// at a random moment within `window`, see start_window(). What customers say later goes behind it.
    void spread_start(std::chrono::milliseconds window) { pauses_.spread_start(window); }

    /// The network changed, or the box was enrolled anew: old troubles mean nothing any
    /// more, nor does an old connection. The next attempt is due within two seconds, or, as some networks
    /// never rest, half a minute after the last such call. A network that comes up within the window of
    /// spread_start() leaves the pauses as they are, and any leaves that of a box that is not welcome.
    void forget_troubles(Change change);

private:
    /// False: nothing waits.
    Result<bool> prepare_batch();
    Result<bool> prepare_retry();
    Result<bool> prepare_backlog();
    /// The store.db that the batch was built from has its name no longer: what it holds may be
    /// the last copy.
    bool is_last_copy() const;
    Result<std::vector<RowDigest>> digests(std::vector<Refusal> const& refused);

    UploadStep start_later(std::chrono::milliseconds delay);
    UploadStep send_batch(Enrolment const& enrolment);
    UploadStep act_on(Verdict const& verdict);
    UploadStep settle(std::vector<Refusal> refused);
    Result<> record(std::vector<Refusal> const& refused);
    UploadStep halve(Verdict const& verdict);
    UploadStep set_aside(Verdict const& verdict);
    UploadStep wait(UploadState state, Verdict const& verdict);
    /// `what`: in plain words what could not be done; may be empty.
    UploadStep stuck(Error const& error, std::string const& what = "");
    /// For status: why nothing goes out for so long, and whether it was the hub that said so.
    void note_pause(
        std::string const& code, std::string const& detail, std::chrono::milliseconds delay, Speaker speaker);
    UploadStep again() const { return {UploadState::Delivering, clock_.steady_now(), ""}; }

    DeliveryStore& delivery_;
    Transport& transport_;
    Clock const& clock_;

    StoreView store_;
    StoreReview review_;
    BatchBuilder builder_;
    BatchSize size_;
    std::optional<Batch> batch_;
    /// The hub has committed batch_, all but these, and delivery.db does not know it yet.
    std::optional<std::vector<Refusal>> unrecorded_;
    Batch::Kind queue_ = Batch::Kind::Backlog; ///< what size_ has learnt from
    UploadPauses pauses_;
};

}

#pragma once

#include "kiosk/store/conflict_request.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/request_file.h"
#include "sync/agent/store_view.h"

#include <filesystem>

namespace listenpost::sync {

/// Brings delivery.db in line with what store.db really holds, before anything is sent.
///
/// Went back: what the proof stands for is gone from store.db, or another (a backup was
/// restored, an image copied over it): everything of that install waits again.
///
/// Conflicts: responses that the hub refused because their number is another's (the box is a
/// copy, or went back and grew anew). The kiosk alone may give them other numbers. So this
/// writes `conflict.json` into its inbox for those that store.db still holds; sees from
/// store.db alone that they have moved; and then takes them out of the quarantine and the file
/// away. All is derived from the two databases each time: a crash anywhere is made up for by
/// the next run().
///
/// Threads: one at a time.
class StoreReview {
public:
    /// All must outlive it. `conflict_request`: the file for the kiosk.
    StoreReview(
        StoreView& store, DeliveryStore& delivery, Clock const& clock, std::filesystem::path conflict_request)
        : store_(store)
        , delivery_(delivery)
        , clock_(clock)
        , conflict_request_(std::move(conflict_request), kiosk::ConflictRequest::max_bytes)
    {
    }

    /// After each refresh() of the view. Errors: as of the two databases. That the file for the
    /// kiosk cannot be written is no error, but logged: deliveries go on, and the next run tries again.
    Result<> run();

    /// Nothing waits of all that the view knows.
    Result<> all_is_settled();

private:
    Result<> check_proof(InstallRange const& range);
    Result<> check_quarantine(InstallRange const& range);
    Result<> take_back_moved();
    Result<> follow_conflicts();
    Result<> let_go(Quarantined const& item);

    StoreView& store_;
    DeliveryStore& delivery_;
    Clock const& clock_;
    RequestFile conflict_request_;
    unsigned reviewed_ = 0; ///< StoreView::generation()
};

}

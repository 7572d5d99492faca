#pragma once

#include "platform/base/result.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/delivery_store.h"

namespace listenpost::sync {

/// Opens delivery.db in whatever state it is. A damaged one is moved to delivery.db.damaged (the last
/// one is kept) and a new one begins: everything that store.db has is sent again, and the hub counts
/// once. The enrolment is not to be had again without head office: so a copy of it stands beside, and is
/// what a delivery.db without one begins with.
/// The caller holds the folder's lock. Errors: Invalid (a newer version wrote it), Full, Busy, Io.
Result<DeliveryStore> open_delivery(DataFolder const& folder);

/// Once it stands in delivery.db. Errors: Io, Full; the old copy stands then.
Result<> keep_enrolment_copy(DataFolder const& folder, Enrolment const& enrolment);

}

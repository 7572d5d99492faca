#pragma once

#include "sync/hub/registry.h"
#include "sync/hub/rollup_rows.h"

#include <string>

namespace listenpost::sync {

/// The `detail` of an audit line. No secret and no hash is in one.
std::string audit_detail(Store const& added);
std::string audit_detail(StoreChange const& change);
std::string audit_detail(Grant const& added);

/// Of whoever runs this process, now.
Act act_of_this_user();

/// Of acts that run on the database alone; `object` is empty.
AuditLine rebuild_line(RollupScan const& scan, Act const& act);
AuditLine restore_line(Act const& act);

/// INSTALL:SEQ, as admins name a response.
std::string response_name(std::string_view install, std::int64_t seq);

}

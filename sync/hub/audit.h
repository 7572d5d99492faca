#pragma once

#include "sync/hub/registry.h"

#include <string>

namespace listenpost::sync {

/// The `detail` of an audit line. No secret and no hash is in one.
std::string audit_detail(Store const& added);
std::string audit_detail(StoreChange const& change);
std::string audit_detail(Grant const& added);

/// INSTALL:SEQ, as admins name a response.
std::string response_name(std::string_view install, std::int64_t seq);

}

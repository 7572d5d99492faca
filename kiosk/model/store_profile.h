#pragma once

#include "platform/base/result.h"

#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// Which shop the box stands in, as head office said at enrolment.
struct StoreProfile {
    std::string id;
    std::string name;
    std::string timezone; ///< IANA name

    friend bool operator==(StoreProfile const&, StoreProfile const&) = default;
};

/// Reads what the agent put into inbox/store.json. Errors: Invalid.
Result<StoreProfile> parse_store_profile(std::string_view json);

}

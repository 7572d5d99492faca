#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace listenpost::kiosk {

/// Which response is meant. `install` and `seq` are what it was called when it was named; a box whose number
/// is another's gives its responses new ones later (ResponseStore::adopt), and what was written before is not
/// changed. `boot` and `steady_ms` are the response's own first tap, which
/// stays: one screen opens one response at a time, so they tell it from every other, whatever it is called.
struct ResponseRef {
    std::string install; ///< see is_install_id()
    std::int64_t seq = 0; ///< 1 and more
    std::string boot;
    std::int64_t steady_ms = 0;

    friend bool operator==(ResponseRef const&, ResponseRef const&) = default;
};

/// Errors: Invalid (says which member is not as written above).
Result<> check(ResponseRef const& ref);

/// Appends {"install":"…","seq":17,"boot":"…","steady_ms":5000}.
void append_json(std::string& out, ResponseRef const& ref);
/// Whatever the value; members with other names are passed over. Errors: Invalid.
Result<ResponseRef> ref_from_json(nlohmann::json const& value);

}

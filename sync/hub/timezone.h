#pragma once

#include <string_view>

namespace listenpost::sync {

/// Whether the machine's time zone database knows it: "Asia/Shanghai".
bool is_known_timezone(std::string_view name);

}

#pragma once

#include <string>
#include <string_view>

namespace listenpost::sync {

/// Two lower-case digits a byte.
std::string to_hex(std::string_view bytes);
/// `digits` must be hexadecimal and even in number.
std::string from_hex(std::string_view digits);

}

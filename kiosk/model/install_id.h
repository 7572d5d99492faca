#pragma once

#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// An install's name all over the world: 128 random bits as 32 lower-case hexadecimal digits.
std::string new_install_id();
bool is_install_id(std::string_view text);

}

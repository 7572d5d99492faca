#pragma once

#include "platform/base/pixels.h"

#include <optional>
#include <string>
#include <string_view>

namespace listenpost::kiosk::test {

/// Tells two pictures apart by their exact pixels.
std::string fingerprint(Picture const& picture);

/// A PNG for the repository, about a fifth of what write_png() makes: at most 64
/// colours, enough to look at. What it lacks in exactness it carries as the exact
/// picture's fingerprint.
std::string encode_small_png(Picture const& picture);

/// The fingerprint that encode_small_png() put into the file.
std::optional<std::string> fingerprint_in(std::string_view png);

/// Colours of the small picture may be this far from the exact ones, in each channel.
inline constexpr int small_png_error = 40;

}

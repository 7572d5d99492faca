#pragma once

#include "platform/base/pixels.h"
#include "platform/base/result.h"

#include <filesystem>

namespace listenpost::kiosk {

/// Replaces the file by rename. Errors: as write_file_atomically.
Result<> write_png(std::filesystem::path const& file, PixelSpan picture);

/// Without transparency. Errors: NotFound, Io, Full (over 32 MiB), Invalid (not a PNG).
Result<Picture> read_png(std::filesystem::path const& file);

}

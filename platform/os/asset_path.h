#pragma once

#include <filesystem>

namespace listenpost {

/// The folder of what a program shows but does not contain (surveys, strings, fonts):
/// `../share/listenpost` beside the folder of the running executable. It may be
/// missing; whoever opens a file there says so.
std::filesystem::path asset_folder();

}

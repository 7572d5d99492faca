#include "platform/os/asset_path.h"

namespace listenpost {

std::filesystem::path asset_folder()
{
    std::error_code error;
    auto const executable = std::filesystem::read_symlink("/proc/self/exe", error);
    auto const folder = error ? std::filesystem::path("bin") : executable.parent_path();
    return folder.parent_path() / "share" / "listenpost";
}

}

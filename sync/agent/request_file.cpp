#include "sync/agent/request_file.h"

#include "platform/os/files.h"

namespace listenpost::sync {

Result<> RequestFile::write(std::string const& content)
{
    // The file itself is looked at: whoever removes or changes it must not keep the kiosk from being asked.
    auto const there = read_file(path_, max_bytes_);
    bool const says_so = there ? content == *there && !content.empty()
                               : content.empty() && there.error().code == Errc::NotFound;
    if (says_so)
        return {};
    if (content.empty()) {
        LISTENPOST_TRY(remove_file(path_));
    } else {
        LISTENPOST_TRY(make_private_folder(path_.parent_path()));
        LISTENPOST_TRY(write_file_atomically(path_, content, FileAccess::Everyone));
    }
    return {};
}

}

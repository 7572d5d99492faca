#include "sync/agent/request_file.h"

#include "platform/os/files.h"

namespace listenpost::sync {

Result<> RequestFile::write(std::string const& content)
{
    if (!content_) {
        auto const there = read_file(path_, max_bytes_);
        content_ = there ? *there : there.error().code == Errc::NotFound ? "" : "?";
    }
    if (content == *content_)
        return {};
    if (content.empty()) {
        LISTENPOST_TRY(remove_file(path_));
    } else {
        LISTENPOST_TRY(make_private_folder(path_.parent_path()));
        LISTENPOST_TRY(write_file_atomically(path_, content, FileAccess::Everyone));
    }
    content_ = content;
    return {};
}

}

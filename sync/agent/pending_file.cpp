#include "sync/agent/pending_file.h"

#include "platform/os/files.h"

namespace listenpost::sync {
namespace {

std::filesystem::path adopting(std::filesystem::path const& path) { return path.string() + ".adopting"; }

}

Result<std::optional<std::string>> take_pending(std::filesystem::path const& path, std::size_t max_bytes)
{
    auto text = read_file(adopting(path), max_bytes);
    if (!text) {
        auto const taken = rename_durably(path, adopting(path));
        if (taken)
            text = read_file(adopting(path), max_bytes);
        else if (taken.error().code != Errc::NotFound)
            return fail(taken.error());
    }
    if (!text && text.error().code == Errc::NotFound)
        return std::optional<std::string>();
    if (!text)
        return fail(text.error());
    return std::optional(std::move(*text));
}

Result<> finish_pending(std::filesystem::path const& path) { return remove_file(adopting(path)); }

bool is_pending(std::filesystem::path const& path)
{
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) || std::filesystem::exists(adopting(path), ignored);
}

}

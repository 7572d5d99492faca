#pragma once

#include "kiosk/store/response_reader.h"
#include "platform/base/result.h"
#include "platform/os/files.h"
#include "sync/agent/delivery_store.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// The responses of one install: those with first <= seq <= last that store.db has.
struct InstallRange {
    std::string install;
    std::int64_t first = 1;
    std::int64_t last = 0; ///< below first: none
};

/// Digest of what the hub counts by, as store.db holds it; never 0.
std::int64_t row_digest(kiosk::StoredResponse const& response);

/// What store.db has under a number, beside what was there when its digest was taken.
enum class RowMatch {
    Gone,
    Same, ///< or its words were erased since: only what the hub has is erased, and by its own first tap
    Another,
};

/// store.db as the agent sees it: the file that has its name now, and whose responses are
/// which install's. Threads: one at a time.
class StoreView {
public:
    explicit StoreView(std::filesystem::path path)
        : path_(std::move(path))
    {
    }

    /// Follows the name to its file, and looks how far it goes. Errors: NotFound (the kiosk has
    /// not run yet, or its file is gone), and the reader's; nothing is open then.
    Result<> refresh();

    bool is_open() const { return open_.has_value(); }
    /// Differs from before when another file was opened. 0: none ever was.
    unsigned generation() const { return generation_; }
    /// As of the last refresh(), oldest first; empty when nothing is open.
    std::vector<InstallRange> const& installs() const { return installs_; }
    InstallRange const* find_install(std::string_view install) const;
    bool holds(std::string_view install) const { return find_install(install) != nullptr; }
    /// Of the last install.
    bool is_current(InstallRange const& range) const { return &range == &installs_.back(); }

    /// Only while is_open().
    kiosk::ResponseReader& reader() { return open_->reader; }
    /// The response of that install and seq; nothing: it is not there, or another install's. As
    /// with the reader it is a walk: its views live until the next call, and reader().stop() ends it.
    Result<std::optional<kiosk::StoredResponse>> find(std::string_view install, std::int64_t seq);
    /// 0: it is not there.
    Result<std::int64_t> digest(std::string_view install, std::int64_t seq);
    /// `digest`: as digest() said once; 0, which is not known, is the Same as any.
    Result<RowMatch> compare(std::string_view install, std::int64_t seq, std::int64_t digest);
    /// Now, rather than at the last refresh().
    Result<std::int64_t> last_seq() { return open_->reader.last_seq(); }

private:
    struct Open {
        kiosk::ResponseReader reader;
        FileIdentity file;
    };
    Result<> look();

    std::filesystem::path path_;
    std::optional<Open> open_;
    unsigned generation_ = 0;
    std::vector<InstallRange> installs_;
};

}

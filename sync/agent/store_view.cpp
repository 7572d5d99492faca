#include "sync/agent/store_view.h"

#include "sync/wire/digest.h"

#include <algorithm>

namespace listenpost::sync {

std::int64_t row_digest(kiosk::StoredResponse const& response)
{
    static thread_local DigestBuilder builder;
    builder.add(response.opened_ms);
    builder.add(response.took_ms);
    builder.add(response.steady_ms);
    builder.add(response.boot_id);
    builder.add(response.answers);
    builder.add(response.comment);
    if (response.is_event())
        builder.add(response.event);
    auto const digest = static_cast<std::int64_t>(builder.finish());
    return digest != 0 ? digest : 1;
}

Result<> StoreView::refresh()
{
    auto const file = file_identity(path_);
    if (!open_ || !file || *file != open_->file) {
        open_.reset();
        installs_.clear();
        if (!file)
            return fail(file.error());
        auto reader = kiosk::ResponseReader::open(path_);
        if (!reader)
            return fail(reader.error());
        open_.emplace(Open {std::move(*reader), *file});
        ++generation_;
    }
    auto looked = look();
    if (!looked) {
        open_.reset();
        installs_.clear();
    }
    return looked;
}

Result<> StoreView::look()
{
    // In this order: an install made in between begins beyond `last`.
    auto const last = open_->reader.last_seq();
    if (!last)
        return fail(last.error());
    auto installs = open_->reader.installs();
    if (!installs)
        return fail(installs.error());
    installs_.clear();
    for (auto& install : *installs) {
        if (!installs_.empty())
            installs_.back().last = std::min(*last, install.first_seq - 1);
        installs_.push_back({std::move(install.id), install.first_seq, *last});
    }
    return {};
}

InstallRange const* StoreView::find_install(std::string_view install) const
{
    auto const found = std::ranges::find(installs_, install, &InstallRange::install);
    return found == installs_.end() ? nullptr : &*found;
}

Result<std::optional<kiosk::StoredResponse>> StoreView::find(std::string_view install, std::int64_t seq)
{
    auto const* const range = find_install(install);
    if (!open_ || !range || seq < range->first || seq > range->last)
        return std::optional<kiosk::StoredResponse>();
    return open_->reader.find(seq);
}

Result<std::int64_t> StoreView::digest(std::string_view install, std::int64_t seq)
{
    auto const response = find(install, seq);
    if (!response)
        return fail(response.error());
    std::int64_t const digest = *response ? row_digest(**response) : 0;
    if (open_)
        open_->reader.stop();
    return digest;
}

Result<RowMatch> StoreView::compare(std::string_view install, std::int64_t seq, std::int64_t digest)
{
    auto const response = find(install, seq);
    if (!response)
        return fail(response.error());
    RowMatch match = RowMatch::Gone;
    if (*response)
        match = digest == 0 || (*response)->comment_erased || row_digest(**response) == digest
            ? RowMatch::Same
            : RowMatch::Another;
    if (open_)
        open_->reader.stop();
    return match;
}

}

#include "sync/agent/batch_builder.h"

#include "platform/base/log.h"

#include <algorithm>

namespace listenpost::sync {

Result<std::optional<Batch>> BatchBuilder::backlog(
    StoreView& store, InstallRange const& range, std::int64_t after, std::size_t max_responses)
{
    for (;;) {
        auto const sent = begin(store, range.install, max_responses);
        auto& reader = store.reader();
        reader.seek(std::max(after, range.first - 1), range.last);
        for (;;) {
            auto response = reader.next();
            if (!response) {
                reader.stop();
                return fail(response.error());
            }
            if (!*response || !writer_.add(**response))
                break;
        }
        reader.stop();
        auto batch = pack(store, range.install, sent);
        if (!batch || !*batch || (*batch)->packed.size() <= limits::max_packed_bytes
            || (*batch)->seqs.size() == 1)
            return batch;
        max_responses = (*batch)->seqs.size() / 2;
        recycle(std::move(**batch));
    }
}

Result<std::optional<Batch>> BatchBuilder::selection(
    StoreView& store, std::string const& install, std::vector<std::int64_t> const& seqs)
{
    auto count = seqs.size();
    for (;;) {
        auto const sent = begin(store, install, count);
        for (std::size_t i = 0; i < count; ++i) {
            auto response = store.find(install, seqs[i]);
            if (!response)
                return fail(response.error());
            if (*response && !writer_.add(**response))
                break;
        }
        store.reader().stop();
        auto batch = pack(store, install, sent);
        if (!batch || !*batch)
            return batch;
        (*batch)->kind = Batch::Kind::Retry;
        if ((*batch)->packed.size() <= limits::max_packed_bytes || (*batch)->seqs.size() == 1)
            return batch;
        count = (*batch)->seqs.size() / 2;
        recycle(std::move(**batch));
    }
}

Stamp BatchBuilder::begin(StoreView& store, std::string const& install, std::size_t max_responses)
{
    auto const sent = Stamp::now(clock_);
    auto clocks = store.reader().boot_clocks();
    if (!clocks) // they are help, no customer's word: what can be read goes out
        log(LogLevel::Warn, "boot_clocks_unread", {{"detail", clocks.error().detail}});
    boot_clocks_ = clocks ? std::move(*clocks) : std::vector<kiosk::BootClock>();
    writer_.set_max_responses(max_responses);
    writer_.begin(install, sent, boot_clocks_);
    return sent;
}

Result<std::optional<Batch>> BatchBuilder::pack(
    StoreView& store, std::string const& install, Stamp const& sent)
{
    if (writer_.seqs().empty())
        return std::optional<Batch>();
    auto const digest = store.digest(install, writer_.seqs().back());
    if (!digest)
        return fail(digest.error());
    LISTENPOST_TRY(compressor_.compress(Encoding::Zstd, writer_.finish(), packed_));
    Batch batch;
    batch.install = install;
    batch.seqs = writer_.seqs();
    batch.last = {batch.seqs.back(), *digest};
    batch.store = store.generation();
    batch.clock_was_set = sent.wall_is_set;
    batch.sent = sent.steady;
    batch.packed = std::move(packed_);
    packed_.clear();
    return batch;
}

}

#include "kiosk/store/delivery_counts.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

Result<> add_install(
    ResponseReader& store, SeqRange range, InstallDelivery const& delivery, DeliveryCounts& counts)
{
    std::int64_t const after = std::max(delivery.mark, range.first - 1);
    auto const waiting = store.count(after, range.last);
    if (!waiting)
        return fail(waiting.error());
    if (*waiting > 0 && !counts.oldest_waiting) {
        auto const oldest = first_opened(store, after, range.last);
        if (!oldest)
            return fail(oldest.error());
        counts.oldest_waiting = *oldest;
    }
    counts.delivered += delivery.acknowledged;
    counts.waiting += *waiting;
    counts.quarantined += delivery.quarantined;
    return {};
}

}

Result<DeliveryCounts> count_deliveries(ResponseReader& store,
    std::function<Result<InstallDelivery>(std::string const& install)> const& delivery_of)
{
    // In this order: an install made in between begins beyond `last`.
    auto const last = store.last_seq();
    auto const installs = last ? store.installs() : fail(last.error());
    if (!installs)
        return fail(installs.error());
    DeliveryCounts counts;
    for (auto const& install : *installs) {
        auto const delivery = delivery_of(install.id);
        if (!delivery)
            return fail(delivery.error());
        SeqRange range = seqs_of(install.id, *installs);
        range.last = std::min(range.last, *last);
        LISTENPOST_TRY(add_install(store, range, *delivery, counts));
    }
    counts.captured = counts.delivered + counts.waiting + counts.quarantined;
    return counts;
}

Result<std::optional<WallTime>> first_opened(ResponseReader& store, std::int64_t after, std::int64_t up_to)
{
    store.seek(after, up_to);
    auto const row = store.next();
    if (!row && row.error().code == Errc::Corrupt)
        return std::optional<WallTime>(); // the figures still count, and say that something waits
    if (!row)
        return fail(row.error());
    std::optional<WallTime> opened;
    if (*row)
        opened = WallTime(std::chrono::milliseconds((*row)->opened_ms));
    store.stop();
    return opened;
}

Result<std::optional<WallTime>> last_tap(ResponseReader& store, std::int64_t up_to)
{
    auto const seq = store.last_response(up_to);
    if (!seq)
        return fail(seq.error());
    return *seq == 0 ? std::optional<WallTime>() : first_opened(store, *seq - 1, *seq);
}

}

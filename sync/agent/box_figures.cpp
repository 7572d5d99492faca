#include "sync/agent/box_figures.h"

#include "sync/agent/store_view.h"

namespace listenpost::sync {
namespace {

std::int64_t bytes_of_store(std::filesystem::path const& store)
{
    std::int64_t bytes = 0;
    for (auto const* side : {"", "-wal", "-shm"}) {
        std::error_code missing;
        auto const size = std::filesystem::file_size(store.string() + side, missing);
        if (!missing)
            bytes += static_cast<std::int64_t>(size);
    }
    return bytes;
}

/// The first tap of the first response after `after`.
Result<std::optional<WallTime>> first_tap(StoreView& store, std::int64_t after, std::int64_t up_to)
{
    store.reader().seek(after, up_to);
    auto const response = store.reader().next();
    if (!response && response.error().code == Errc::Corrupt)
        return std::optional<WallTime>(); // the figures still count, and say that something waits
    if (!response)
        return fail(response.error());
    std::optional<WallTime> tap;
    if (*response)
        tap = WallTime(std::chrono::milliseconds((*response)->opened_ms));
    store.reader().stop();
    return tap;
}

/// Of the newest response: staff events come behind it.
Result<std::optional<WallTime>> last_tap(StoreView& store, std::int64_t up_to)
{
    auto const seq = store.reader().last_response(up_to);
    if (!seq)
        return fail(seq.error());
    return *seq == 0 ? std::optional<WallTime>() : first_tap(store, *seq - 1, *seq);
}

Result<> add_install(
    StoreView& store, InstallRange const& range, DeliveryStore* delivery, BoxFigures& figures)
{
    Delivered state;
    std::int64_t refused = 0;
    if (delivery) {
        auto const known = delivery->delivered(range.install);
        auto const aside = delivery->quarantined_count(range.install);
        if (!known || !aside)
            return fail(known ? aside.error() : known.error());
        state = *known;
        refused = *aside;
    }
    std::int64_t const after = std::max(state.mark, range.first - 1);
    auto const waiting = store.reader().count(after, range.last);
    if (!waiting)
        return fail(waiting.error());
    if (*waiting > 0 && !figures.oldest_waiting) {
        auto const oldest = first_tap(store, after, range.last);
        if (!oldest)
            return fail(oldest.error());
        figures.oldest_waiting = *oldest;
    }
    figures.delivered += state.acknowledged;
    figures.waiting += *waiting;
    figures.quarantined += refused;
    return {};
}

}

Result<BoxFigures> read_box_figures(DataFolder const& folder, DeliveryStore* delivery)
{
    BoxFigures figures;
    std::error_code unknown;
    if (auto const space = std::filesystem::space(folder.path, unknown); !unknown) {
        figures.disk_free_bytes = static_cast<std::int64_t>(space.available);
        figures.disk_total_bytes = static_cast<std::int64_t>(space.capacity);
    }
    StoreView store(folder.store());
    auto const opened = store.refresh();
    if (!opened && opened.error().code == Errc::NotFound)
        return figures;
    if (!opened)
        return fail(opened.error());
    for (auto const& range : store.installs())
        LISTENPOST_TRY(add_install(store, range, delivery, figures));
    figures.captured = figures.delivered + figures.waiting + figures.quarantined;
    figures.install = store.installs().back().install;
    std::int64_t const last = store.installs().back().last;
    auto const oldest = first_tap(store, 0, last);
    auto const newest = last_tap(store, last);
    if (!oldest || !newest)
        return fail(oldest ? newest.error() : oldest.error());
    figures.oldest = *oldest;
    figures.last_tap = *newest;
    figures.store_bytes = bytes_of_store(folder.store());
    auto salvages = store.reader().salvage_reports();
    if (!salvages)
        return fail(salvages.error());
    figures.salvages = std::move(*salvages);
    return figures;
}

}

#include "sync/agent/box_figures.h"

#include "kiosk/store/delivery_counts.h"
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

Result<kiosk::InstallDelivery> delivery_of(DeliveryStore* delivery, std::string const& install)
{
    if (!delivery)
        return kiosk::InstallDelivery();
    auto const known = delivery->delivered(install);
    auto const aside = delivery->quarantined_count(install);
    if (!known || !aside)
        return fail(known ? aside.error() : known.error());
    return kiosk::InstallDelivery {known->mark, known->acknowledged, *aside};
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
    auto const counts = kiosk::count_deliveries(
        store.reader(), [delivery](std::string const& install) { return delivery_of(delivery, install); });
    if (!counts)
        return fail(counts.error());
    figures.captured = counts->captured;
    figures.delivered = counts->delivered;
    figures.waiting = counts->waiting;
    figures.quarantined = counts->quarantined;
    figures.oldest_waiting = counts->oldest_waiting;
    figures.install = store.installs().back().install;
    std::int64_t const last = store.installs().back().last;
    auto const oldest = kiosk::first_opened(store.reader(), 0, last);
    auto const newest = kiosk::last_tap(store.reader(), last);
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

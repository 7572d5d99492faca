#include "kiosk/summary/list_deliveries.h"

#include "kiosk/model/place_in_time.h"
#include "kiosk/store/delivery_record.h"
#include "kiosk/summary/day_table.h"
#include "kiosk/summary/listed_rows.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

/// One install's rows, and what of them is asked for.
struct InstallRows {
    Install install;
    SeqRange range;
    InstallRecord record;

    Refusal const* refusal_of(std::int64_t seq) const
    {
        auto const found = std::ranges::lower_bound(record.refusals, seq, {}, &Refusal::seq);
        return found != record.refusals.end() && found->seq == seq ? &*found : nullptr;
    }
    bool waits(std::int64_t seq) const { return seq > record.delivery.mark; }
    ListedDelivery state_of(std::int64_t seq) const
    {
        if (auto const* const refusal = refusal_of(seq))
            return {DeliveryState::Refused, refusal->code, refusal->detail};
        return {.state = waits(seq) ? DeliveryState::Waiting : DeliveryState::Delivered};
    }
    /// A row that was refused once and is being sent again waits, too.
    bool fits(std::int64_t seq, DeliveryList const& asked) const
    {
        switch (asked.state) {
        case DeliveryState::Captured:
            return true;
        case DeliveryState::Delivered:
            return !waits(seq) && !refusal_of(seq);
        case DeliveryState::Waiting:
            return waits(seq);
        case DeliveryState::Refused:
            break;
        }
        auto const* const refusal = refusal_of(seq);
        return refusal && (asked.code.empty() || refusal->code == asked.code);
    }
    /// As count_deliveries() does: what waits is in store.db, for the rest delivery.db is believed.
    std::int64_t counted(DeliveryList const& asked, std::int64_t waiting) const
    {
        switch (asked.state) {
        case DeliveryState::Captured:
            return record.delivery.acknowledged + waiting + record.delivery.quarantined;
        case DeliveryState::Delivered:
            return record.delivery.acknowledged;
        case DeliveryState::Waiting:
            return waiting;
        case DeliveryState::Refused:
            break;
        }
        return std::ranges::count_if(record.refusals,
            [&](Refusal const& each) { return asked.code.empty() || each.code == asked.code; });
    }
};

/// delivery.db's damage is not summary.db's either.
tl::unexpected<Error> cannot_read_delivery(Error const& error)
{
    bool const is_busy = error.code == Errc::Busy || error.code == Errc::Io;
    return fail(is_busy ? error.code : Errc::Invalid, "cannot list: " + error.detail);
}

Result<std::vector<InstallRows>> read_rows(std::filesystem::path const& path, ResponseReader& store)
{
    auto delivery = open_delivery(path);
    if (!delivery && delivery.error().code != Errc::NotFound)
        return cannot_read_delivery(delivery.error());
    // In this order, and each mark before its rows: as count_deliveries().
    auto const last = store.last_seq();
    auto const installs = last ? store.installs() : fail(last.error());
    if (!installs)
        return cannot_read(installs.error());
    std::vector<InstallRows> all;
    for (auto const& install : *installs) {
        SeqRange range = seqs_of(install.id, *installs);
        range.last = std::min(range.last, *last);
        auto record = delivery ? read_install_record(*delivery, install.id) : InstallRecord();
        if (!record)
            return cannot_read_delivery(record.error());
        all.push_back({install, range, std::move(*record)});
    }
    return all;
}

InstallRows const& rows_of(std::int64_t seq, std::vector<InstallRows> const& installs)
{
    auto const next = std::ranges::upper_bound(
        installs, seq, {}, [](InstallRows const& each) { return each.install.first_seq; });
    return next == installs.begin() ? *next : *std::prev(next);
}

/// All that fit, ascending; `gone`: how many are counted besides.
Result<std::vector<std::int64_t>> find_seqs(ResponseReader& store, std::vector<InstallRows> const& installs,
    DeliveryList const& asked, std::int64_t& gone)
{
    std::vector<std::int64_t> seqs;
    for (auto const& rows : installs) {
        std::size_t const before = seqs.size();
        std::int64_t waiting = 0;
        auto const visited = store.visit_seqs(rows.range.first - 1, rows.range.last, [&](std::int64_t seq) {
            waiting += rows.waits(seq) ? 1 : 0;
            if (rows.fits(seq, asked))
                seqs.push_back(seq);
        });
        if (!visited)
            return cannot_read(visited.error());
        auto const found = static_cast<std::int64_t>(seqs.size() - before);
        gone += std::max(std::int64_t {0}, rows.counted(asked, waiting) - found);
    }
    return seqs;
}

/// Makes rows of a page.
class Lister {
public:
    Lister(ResponseQuery const& query, TimeZone& zone, std::vector<BootClock> const& clocks,
        StaffMarks const* marks)
        : day_change_hour_(query.of.day_change_hour)
        , zone_(zone)
        , clocks_(clocks)
        , marks_(marks)
    {
    }

    ListedResponse row(StoredResponse const& stored, InstallRows const& rows)
    {
        auto const clock = std::ranges::find(clocks_, stored.boot_id, &BootClock::boot_id);
        auto const placed = place_on_box({stored.opened_ms, stored.clock_set, stored.steady_ms},
            clock == clocks_.end() ? nullptr : &*clock);
        auto const local = zone_.to_local(WallTime(std::chrono::milliseconds(placed ? placed->at_ms : 0)));
        ListedResponse row
            = listed(stored, rows.install.id, local, place_on_clocks(local, day_change_hour_).day);
        row.has_time = placed.has_value();
        row.delivery = rows.state_of(stored.seq);
        row.is_event = stored.is_event();
        row.mark
            = row.is_event ? done_by_staff(stored) : listed_mark(marks_, stored, zone_, day_change_hour_);
        return row;
    }

private:
    static std::optional<ListedMark> done_by_staff(StoredResponse const& stored)
    {
        auto event = event_from_json(stored.event);
        if (!event)
            return std::nullopt;
        return ListedMark {event->state, std::move(event->by), std::move(event->note), std::nullopt, {}};
    }

    int day_change_hour_;
    TimeZone& zone_;
    std::vector<BootClock> const& clocks_;
    StaffMarks const* marks_;
};

}

Result<ResponsePage> list_deliveries(std::filesystem::path const& delivery, ResponseReader& store,
    ResponseQuery const& query, StaffMarks const* marks)
{
    auto zone = TimeZone::find(query.of.zone);
    if (!zone || !query.delivery)
        return fail(Errc::Invalid, "no time zone " + query.of.zone + ", or no figure of Delivery");
    auto const installs = read_rows(delivery, store);
    if (!installs)
        return fail(installs.error());
    ResponsePage page {.query = query, .total = 0, .responses = {}};
    auto const seqs = find_seqs(store, *installs, *query.delivery, page.gone);
    if (!seqs)
        return fail(seqs.error());
    auto const clocks = store.boot_clocks();
    if (!clocks)
        return cannot_read(clocks.error());
    page.total = seqs->size();
    page.offset = offset_within(page.total, query);
    if (marks)
        page.initials = marks->recent_initials(initials_offered);
    std::size_t const end = std::min(page.total, page.offset + std::min(query.limit, most_on_a_page));
    Lister lister(query, *zone, *clocks, marks);
    for (std::size_t place = page.offset; place < end; ++place) {
        std::int64_t const seq = (*seqs)[page.total - 1 - place];
        auto const stored = store.find(seq);
        if (!stored)
            return cannot_read(stored.error());
        if (*stored) // else it was removed, or moved, a moment ago
            page.responses.push_back(lister.row(**stored, rows_of(seq, *installs)));
    }
    store.stop();
    return page;
}

}

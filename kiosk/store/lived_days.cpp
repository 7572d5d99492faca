#include "kiosk/store/lived_days.h"

namespace listenpost::kiosk {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds least_between_days = 12h;

std::int64_t milliseconds(auto time) { return time.time_since_epoch().count(); }

auto date_of(WallTime time) { return std::chrono::floor<std::chrono::days>(time); }

Result<bool> is_another_day(sqlite::Database& store, Stamp const& now)
{
    auto query = store.prepare("SELECT wall_ms, boot, steady_ms FROM lived_day ORDER BY number DESC LIMIT 1");
    if (!query)
        return fail(query.error());
    auto const row = query->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return true;
    WallTime const wall {std::chrono::milliseconds(query->integer(0))};
    if (date_of(wall) == date_of(now.wall))
        return false;
    // In another boot the steady clock says nothing; but no box is started a hundred times with
    // a clock that a time service has set, each time to another date.
    return query->text(1) != now.boot_id
        || milliseconds(now.steady) - query->integer(2) >= least_between_days.count();
}

}

Result<> note_day(sqlite::Database& store, Stamp const& now)
{
    if (!now.wall_is_set)
        return {};
    auto const is_due = is_another_day(store, now);
    if (!is_due)
        return fail(is_due.error());
    if (!*is_due)
        return {};
    auto transaction = sqlite::Transaction::begin(store);
    if (!transaction)
        return fail(transaction.error());
    auto add = store.prepare("INSERT INTO lived_day (number, wall_ms, boot, steady_ms, last_seq) "
                             "SELECT coalesce((SELECT max(number) FROM lived_day), 0) + 1, ?, ?, ?, seq "
                             "FROM last_given");
    auto forget
        = store.prepare("DELETE FROM lived_day WHERE number < (SELECT max(number) FROM lived_day) - ?");
    if (!add || !forget)
        return fail(add ? forget.error() : add.error());
    LISTENPOST_TRY(
        add->bind(1, milliseconds(now.wall)).bind(2, now.boot_id).bind(3, milliseconds(now.steady)).run());
    LISTENPOST_TRY(forget->bind(1, std::int64_t {max_keep_days.count()}).run());
    return transaction->commit();
}

Result<std::int64_t> closed_before(sqlite::Database& store, Stamp const& now, std::chrono::days keep)
{
    if (!now.wall_is_set)
        return 0;
    auto query = store.prepare("SELECT coalesce(max(last_seq), 0) FROM lived_day "
                               "WHERE number <= (SELECT max(number) FROM lived_day) - ? AND wall_ms <= ?");
    if (!query)
        return fail(query.error());
    auto const row
        = query->bind(1, std::int64_t {keep.count()}).bind(2, milliseconds(now.wall - keep)).step();
    if (!row)
        return fail(row.error());
    return query->integer(0);
}

}

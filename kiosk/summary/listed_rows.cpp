#include "kiosk/summary/listed_rows.h"

#include "kiosk/summary/day_table.h"

#include <algorithm>

namespace listenpost::kiosk {

std::size_t offset_within(std::size_t count, ResponseQuery const& query)
{
    if (query.limit == 0 || query.offset < count)
        return std::min(query.offset, count);
    return count == 0 ? 0 : (count - 1) / query.limit * query.limit;
}

std::string const& install_of(std::int64_t seq, std::vector<Install> const& installs)
{
    auto const next = std::ranges::upper_bound(installs, seq, {}, &Install::first_seq);
    return next == installs.begin() ? next->id : std::prev(next)->id;
}

std::optional<ListedMark> listed_mark(
    StaffMarks const* marks, StoredResponse const& stored, TimeZone& zone, int day_change_hour)
{
    StaffMark const* const mark = marks ? marks->find(stored) : nullptr;
    if (!mark)
        return std::nullopt;
    ListedMark listed {mark->state, mark->by, mark->note, std::nullopt, {}};
    if (mark->at_ms) {
        listed.local_time = zone.to_local(WallTime(std::chrono::milliseconds(*mark->at_ms)));
        listed.day = place_on_clocks(*listed.local_time, day_change_hour).day;
    }
    return listed;
}

ListedResponse listed(StoredResponse const& stored, std::string const& install, LocalTime local, StoreDay day)
{
    return {.ref = {install, stored.seq, std::string(stored.boot_id), stored.steady_ms},
        .local_time = local,
        .day = day,
        .touchpoint = std::string(stored.touchpoint),
        .language = std::string(stored.language),
        .outcome = stored.outcome == name(Outcome::Complete) ? Outcome::Complete : Outcome::Partial,
        .answers = answers_from_json(stored.answers).value_or(std::vector<Answer>()),
        .comment = std::string(stored.comment),
        .flags = flags_from_json(stored.flags).value_or(std::vector<std::string>()),
        .comment_erased = stored.comment_erased};
}

tl::unexpected<Error> cannot_read(Error const& error)
{
    return fail(error.code == Errc::Corrupt ? Errc::Invalid : error.code, "cannot list: " + error.detail);
}

}

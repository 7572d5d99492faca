#pragma once

#include "kiosk/store/response_store.h"
#include "kiosk/store/staff_marks.h"
#include "kiosk/summary/response_list.h"
#include "platform/os/time_zone.h"

/// What the lists of responses have in common.
namespace listenpost::kiosk {

inline constexpr std::size_t most_on_a_page = 1'000;

/// A list gets shorter under who reads its end, who marks the only response there as dealt with: then its
/// last page is shown, and never an empty one behind it.
std::size_t offset_within(std::size_t count, ResponseQuery const& query);

/// Of a row of store.db; `installs` as ResponseReader's, and lives as long as what is returned.
std::string const& install_of(std::int64_t seq, std::vector<Install> const& installs);

/// `marks` may be null.
std::optional<ListedMark> listed_mark(
    StaffMarks const* marks, StoredResponse const& stored, TimeZone& zone, int day_change_hour);

/// `local`, `day`: when it was, on the store's clocks.
ListedResponse listed(
    StoredResponse const& stored, std::string const& install, LocalTime local, StoreDay day);

/// store.db's damage is not summary.db's.
tl::unexpected<Error> cannot_read(Error const& error);

}

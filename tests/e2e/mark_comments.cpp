// Marks comments as staff does, without the manager's screen: the store's own thread writes the events.
//
//   mark_comments DIR NOTE     one event about each response that nobody has marked yet; prints how many

#include "kiosk/store/staff_marks.h"
#include "kiosk/store/store_opener.h"
#include "kiosk/store/store_thread.h"
#include "platform/os/system_clock.h"

#include <cstdio>
#include <filesystem>
#include <limits>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

Result<std::vector<StaffEvent>> events_about_unmarked(
    std::filesystem::path const& store, Stamp const& now, std::string const& note)
{
    StaffMarks marks(store, {});
    LISTENPOST_TRY(marks.refresh(now));
    auto reader = ResponseReader::open(store);
    if (!reader)
        return fail(reader.error());
    std::vector<StaffEvent> events;
    reader->seek(0, std::numeric_limits<std::int64_t>::max());
    for (;;) {
        auto const row = reader->next();
        if (!row)
            return fail(row.error());
        if (!*row)
            return events;
        if (!(*row)->is_event() && !marks.find(**row))
            events.push_back({*marks.ref_of(**row), CommentState::DealtWith, "李", note});
    }
}

}

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    SystemClock const clock;
    auto store = StoreOpener(argv[1], std::nullopt, clock).open();
    auto const events = store
        ? events_about_unmarked(std::filesystem::path(argv[1]) / "store.db", Stamp::now(clock), argv[2])
        : fail(store.error());
    if (!events) {
        std::fprintf(stderr, "mark_comments: %s\n", events.error().detail.c_str());
        return 1;
    }
    StoreThread thread(std::move(*store), [] {});
    for (auto const& event : *events)
        if (!thread.submit(event, Stamp::now(clock)))
            return 1;
    std::printf("%zu\n", events->size());
}

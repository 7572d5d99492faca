// Closes responses as the kiosk does, without its screen: for what would take a finger hours.
//
//   fill_store DIR COUNT     up to COUNT responses with 140 characters of comment, each tapped and
//                            closed durably; prints how many were stored. Exit code 0 also when the disk
//                            was full before the last one.

#include "kiosk/store/store_opener.h"
#include "platform/os/system_clock.h"

#include <cstdio>
#include <cstdlib>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

Draft long_draft(Stamp const& now)
{
    Draft draft;
    draft.survey = "qsc-restaurant";
    draft.survey_version = 1;
    draft.touchpoint = "exit";
    draft.language = "zh-CN";
    draft.opened = now;
    draft.touched = now.steady;
    draft.answers
        = {{"quality", 2, {"salty", "cold"}}, {"service", 1, {"slow"}}, {"cleanliness", 2, {"table"}}};
    for (std::size_t count = 0; count < Draft::max_comment_characters; ++count)
        draft.comment += "慢";
    return draft;
}

/// As StoreThread does it.
template <typename Write>
bool write_with_room(ResponseStore& store, Write write)
{
    auto done = write();
    if (!done && done.error().code == Errc::Full && store.fold_back_wal())
        done = write();
    if (!done && done.error().code != Errc::Full) {
        std::fprintf(stderr, "fill_store: %s\n", done.error().detail.c_str());
        std::exit(1);
    }
    return done.has_value();
}

}

int main(int argc, char** argv)
{
    if (argc != 3)
        return 2;
    SystemClock const clock;
    auto store = StoreOpener(argv[1], std::nullopt, clock).open();
    if (!store) {
        std::fprintf(stderr, "fill_store: %s\n", store.error().detail.c_str());
        return 1;
    }
    long const wanted = std::strtol(argv[2], nullptr, 10);
    long stored = 0;
    for (; stored < wanted; ++stored) {
        Draft const draft = long_draft(Stamp::now(clock));
        if (!write_with_room(*store, [&] { return store->save_draft(draft, Outcome::Complete); }))
            break;
        if (!write_with_room(*store, [&] { return store->close_draft(ClosedBy::Finish, draft.touched); }))
            break;
    }
    std::printf("%ld\n", stored);
    return 0;
}

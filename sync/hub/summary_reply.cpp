#include "sync/hub/summary_reply.h"

#include "sync/hub/storage_trouble.h"
#include "sync/hub/summary_json.h"

namespace listenpost::sync {
namespace {

ApiReply trouble(Error const& error)
{
    if (error.code == Errc::Invalid)
        return error_reply(400, "bad_request", error.detail);
    if (error.code == Errc::Cancelled)
        return later_reply("stopping", "this hub is about to stop");
    return storage_trouble(error,
        "what was counted is damaged, the hub's log says where: `listenpost-hub rollup rebuild` counts the "
        "responses anew; if it cannot, put back a backup");
}

/// What both have in common. `write(counts, meanings, names)` makes the body.
template <typename Write>
Result<std::string> answer(StorageReader& reader, SummaryQuery const& query, MaySee const& may_see,
    std::int64_t now_ms, std::stop_token const& stop, Write const& write)
{
    if (stop.stop_requested()) // while it was waiting for its turn
        return fail(Errc::Cancelled, "the hub stops");
    auto all = reader.stores();
    if (!all)
        return fail(std::move(all).error());
    auto const all_stores = all->size();
    auto const stores = stores_of(query, std::move(*all), may_see);
    if (!stores)
        return fail(stores.error());
    auto const surveys = reader.surveys();
    if (!surveys)
        return fail(surveys.error());
    auto const counts = count_summary(reader, query, *stores, all_stores, now_ms, stop);
    if (!counts)
        return fail(counts.error());
    StoreNames names;
    for (auto const& store : *stores)
        names.emplace(store.id, store.name);
    return write(*counts, QuestionMeanings(*surveys), names);
}

ApiReply reply_of(Result<std::string> body)
{
    if (!body)
        return trouble(body.error());
    ApiReply reply;
    reply.body = std::move(*body);
    return reply;
}

}

ApiReply summary_reply(StorageReader& reader, std::string_view target, MaySee const& may_see,
    std::int64_t now_ms, std::stop_token const& stop)
{
    auto const query = parse_summary_query(target);
    if (!query)
        return trouble(query.error());
    return reply_of(answer(reader, *query, may_see, now_ms, stop,
        [&](auto const&... parts) { return summary_json(*query, parts...); }));
}

ApiReply ranking_reply(StorageReader& reader, std::string_view target, MaySee const& may_see,
    std::int64_t now_ms, std::stop_token const& stop)
{
    auto const query = parse_ranking_query(target);
    if (!query)
        return trouble(query.error());
    return reply_of(answer(reader, query->summary, may_see, now_ms, stop,
        [&](auto const&... parts) { return ranking_json(*query, parts...); }));
}

}

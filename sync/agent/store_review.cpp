#include "sync/agent/store_review.h"

#include "platform/base/log.h"

namespace listenpost::sync {

Result<> StoreReview::run()
{
    bool const another_file = store_.generation() != reviewed_;
    for (auto const& range : store_.installs()) {
        if (another_file || store_.is_current(range))
            LISTENPOST_TRY(check_proof(range));
        if (another_file)
            LISTENPOST_TRY(check_quarantine(range));
    }
    if (another_file)
        LISTENPOST_TRY(take_back_moved());
    reviewed_ = store_.generation();
    return follow_conflicts();
}

Result<> StoreReview::all_is_settled()
{
    return store_.installs().empty() ? Result<>() : delivery_.confirm_moved(store_.installs().back().last);
}

Result<> StoreReview::check_proof(InstallRange const& range)
{
    auto const delivered = delivery_.delivered(range.install);
    if (!delivered)
        return fail(delivered.error());
    bool went_back = false;
    if (delivered->proof.seq != 0) {
        auto const match = store_.compare(range.install, delivered->proof.seq, delivered->proof.digest);
        if (!match)
            return fail(match.error());
        went_back = *match != RowMatch::Same || delivered->proof.digest == 0;
    } else {
        // Nothing is acknowledged, or a file of format 1: then the end is all there is to go by.
        went_back = store_.is_current(range) && range.last < delivered->mark;
    }
    if (!went_back)
        return {};
    log(LogLevel::Warn, "store_went_back",
        {{"install", range.install}, {"mark", delivered->mark}, {"proof", delivered->proof.seq},
            {"last", range.last}});
    return delivery_.rewind(range.install);
}

/// Conflicts are looked at by each run(); this is for the others, which nothing but a restored file
/// takes away.
Result<> StoreReview::check_quarantine(InstallRange const& range)
{
    auto const list = delivery_.quarantined_of(range.install);
    if (!list)
        return fail(list.error());
    for (auto const& item : *list) {
        auto const match = store_.compare(range.install, item.refusal.seq, item.digest);
        if (!match)
            return fail(match.error());
        bool const gone = *match == RowMatch::Gone && item.refusal.code != conflict_code;
        if (*match == RowMatch::Another || gone) {
            log(LogLevel::Warn, "quarantined_response_gone",
                {{"install", item.install}, {"seq", item.refusal.seq}, {"code", item.refusal.code}});
            LISTENPOST_TRY(delivery_.forget_quarantined(item.install, item.refusal.seq));
        }
    }
    return {};
}

Result<> StoreReview::take_back_moved()
{
    auto const list = delivery_.moved_and_waiting();
    if (!list)
        return fail(list.error());
    for (auto const& moved : *list) {
        auto const match = store_.compare(moved.install, moved.row.seq, moved.row.digest);
        if (!match)
            return fail(match.error());
        if (*match == RowMatch::Same)
            LISTENPOST_TRY(delivery_.take_back_moved(moved));
    }
    return {};
}

Result<> StoreReview::follow_conflicts()
{
    auto const conflicts = delivery_.conflicts();
    if (!conflicts)
        return fail(conflicts.error());
    kiosk::ConflictRequest request;
    for (auto const& item : *conflicts) {
        if (!store_.holds(item.install))
            continue; // another store.db's; shown, and kept should that one come back
        auto const match = store_.compare(item.install, item.refusal.seq, item.digest);
        if (!match)
            return fail(match.error());
        if (*match != RowMatch::Same) {
            LISTENPOST_TRY(let_go(item));
            continue;
        }
        if (request.install.empty())
            request.install = item.install;
        // The rest follows when these have moved.
        if (item.install == request.install && request.seqs.size() < kiosk::ConflictRequest::max_seqs)
            request.seqs.push_back(item.refusal.seq);
    }
    if (auto const written = conflict_request_.write(request.seqs.empty() ? "" : to_json(request)); !written)
        log(LogLevel::Error, "conflict_not_handed_over", {{"detail", written.error().detail}});
    return {};
}

Result<> StoreReview::let_go(Quarantined const& item)
{
    auto const* const range = store_.find_install(item.install);
    if (store_.is_current(*range)) {
        // Nobody moved it: a restored store.db ends before it, or has another in its place.
        log(LogLevel::Warn, "quarantined_response_gone",
            {{"install", item.install}, {"seq", item.refusal.seq}, {"code", item.refusal.code}});
        return delivery_.forget_quarantined(item.install, item.refusal.seq);
    }
    auto const last = store_.last_seq(); // later than the move
    if (!last)
        return fail(last.error());
    log(LogLevel::Info, "conflict_moved", {{"install", item.install}, {"seq", item.refusal.seq}});
    return delivery_.record_moved(item.install, item.refusal.seq, *last, clock_.wall_now());
}

}

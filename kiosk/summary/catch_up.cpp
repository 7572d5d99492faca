#include "kiosk/summary/catch_up.h"

#include "kiosk/model/place_in_time.h"
#include "platform/sqlite/row_checksum.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace listenpost::kiosk {
namespace {

/// Entries of which it is looked at each time whether store.db still has them, and how often at most.
constexpr std::int64_t looked_at_once = 64;
constexpr int parts_looked_at = 8;
/// Counts outlive their responses for as long as any figure looks back.
constexpr std::int64_t kept_quarters = std::int64_t {100} * 24 * 4;

/// A response of store.db, copied: the reader's own lives until its next call.
struct Row {
    std::int64_t seq = 0;
    std::string boot;
    TapTime tap;
    ResponseFacts facts;
    std::int64_t digest = 0;
};

std::int64_t digest_of(StoredResponse const& response)
{
    return sqlite::RowChecksum()
        .add(response.opened_ms)
        .add(response.steady_ms)
        .add(response.boot_id)
        .add(response.answers)
        .add(response.comment)
        .value();
}

/// store.db's damage must not be taken for summary.db's, which would be made anew for it.
Error of_store(Error const& error)
{
    return {error.code == Errc::Corrupt ? Errc::Invalid : error.code, "cannot count: " + error.detail};
}

class CatchUp {
public:
    CatchUp(SummaryFile& file, ResponseReader& store)
        : file_(file)
        , store_(store)
    {
    }

    Result<CatchUpProgress> step(std::int64_t limit)
    {
        auto const last = store_.last_seq();
        if (!last)
            return fail(of_store(last.error()));
        LISTENPOST_TRY(check_store(*last));
        LISTENPOST_TRY(read_notes());
        auto transaction = file_.begin();
        if (!transaction)
            return fail(transaction.error());
        auto const counted = count_new(limit, *last);
        store_.stop();
        LISTENPOST_TRY(counted);
        if (file_.state.counted_up_to >= *last)
            LISTENPOST_TRY(place_anew(*last));
        if (file_.state.counted_up_to >= *last)
            LISTENPOST_TRY(forget_removed(*last));
        if (*counted > 0 || is_news_) {
            LISTENPOST_TRY(file_.flush());
            LISTENPOST_TRY(transaction->commit());
        }
        return CatchUpProgress {file_.state.counted_up_to, *last};
    }

private:
    /// That it is still the file whose responses are counted.
    Result<> check_store(std::int64_t last_seq)
    {
        auto const installs = store_.installs();
        auto const salvages = store_.salvage_reports();
        if (!installs || !salvages)
            return fail(of_store(installs ? salvages.error() : installs.error()));
        std::string const store = installs->front().id + '/' + std::to_string(salvages->size());
        auto& state = file_.state;
        is_news_ = state.store.empty();
        if (is_news_)
            state.store = store;
        if (state.store != store || last_seq < state.counted_up_to)
            return fail(Errc::Corrupt, "summary.db counts the responses of another store.db");
        if (state.newest_seq == 0)
            return {};
        auto const newest = store_.find(state.newest_seq);
        if (!newest)
            return fail(of_store(newest.error()));
        bool const is_same = !*newest || digest_of(**newest) == state.newest_digest;
        store_.stop();
        if (!is_same)
            return fail(Errc::Corrupt, "summary.db has counted what store.db no longer says");
        return {};
    }

    Result<> read_notes()
    {
        auto notes = store_.boot_clocks();
        if (!notes)
            return fail(of_store(notes.error()));
        notes_ = std::move(*notes);
        for (auto const& note : notes_)
            note_of_.emplace(note.boot_id, &note);
        return {};
    }

    /// How many.
    Result<std::int64_t> count_new(std::int64_t limit, std::int64_t last_seq)
    {
        auto& state = file_.state;
        store_.seek(state.counted_up_to, last_seq);
        std::int64_t counted = 0;
        for (; counted < limit; ++counted) {
            auto const response = store_.next();
            if (!response)
                return fail(of_store(response.error()));
            if (!*response) {
                is_news_ |= state.counted_up_to != last_seq;
                state.counted_up_to = last_seq;
                break;
            }
            state.counted_up_to = (*response)->seq;
            if ((*response)->is_event()) // nobody's answer
                continue;
            Row const row = row_of(**response);
            LISTENPOST_TRY(count(row, last_seq));
            state.newest_seq = row.seq;
            state.newest_digest = row.digest;
        }
        return counted;
    }

    Row row_of(StoredResponse const& response)
    {
        SummaryPart const part {std::string(response.survey), std::string(response.touchpoint)};
        return {response.seq, std::string(response.boot_id),
            {response.opened_ms, response.clock_set, response.steady_ms},
            facts_of(response, file_.part_of(part), file_), digest_of(response)};
    }

    Result<> count(Row const& row, std::int64_t last_seq)
    {
        auto found = file_.boots.find(row.boot);
        bool const is_late
            = found != file_.boots.end() && row.tap.steady_ms <= found->second.newest_steady_ms;
        if (found == file_.boots.end()) {
            SummaryFile::Boot boot {.first_seq = row.seq, .newest_steady_ms = row.tap.steady_ms, .note = {}};
            if (auto const note = note_of_.find(row.boot); note != note_of_.end())
                boot.note = *note->second;
            found = file_.boots.emplace(row.boot, std::move(boot)).first;
        }
        auto& boot = found->second;
        boot.last_seq = row.seq;
        boot.newest_steady_ms = std::max(boot.newest_steady_ms, row.tap.steady_ms);
        boot.is_changed = true;
        auto const place = this->place(row.tap, boot.note);
        if (!is_late)
            return enter(row, place);
        // One screen opens one response after the other: a boot's later ones come later, unless they were
        // moved.
        auto const moved = move_entry(row, place);
        if (!moved)
            return fail(moved.error());
        store_.seek(row.seq, last_seq); // it was looked up in store.db whether the entry's is there
        return *moved ? Result<>() : enter(row, place);
    }

    /// What cannot be placed stands apart from all times, and is found again like the rest.
    static PlacedTap place(TapTime const& tap, std::optional<BootClock> const& note)
    {
        auto const placed = place_on_box(tap, note ? &*note : nullptr);
        return placed ? *placed : PlacedTap {-1 - std::max<std::int64_t>(0, tap.steady_ms), false};
    }

    Result<> enter(Row const& row, PlacedTap const& place)
    {
        LISTENPOST_TRY(insert_entry(row, place));
        return add_to_bucket(row, place, 1);
    }

    Result<> insert_entry(Row const& row, PlacedTap const& place)
    {
        std::string const said = encode(row.facts.said);
        return file_.insert_entry({place.at_ms, row.seq, row.facts.part, row.facts.flagged,
            row.facts.with_comment, !row.facts.complete, place.is_provisional, said});
    }

    Result<> add_to_bucket(Row const& row, PlacedTap const& place, std::int64_t times)
    {
        auto const bucket = file_.bucket(quarter_of(place.at_ms), row.facts.part);
        if (!bucket)
            return fail(bucket.error());
        (*bucket)->add(row.facts, times);
        (*bucket)->provisional += place.is_provisional ? times : 0;
        return {};
    }

    /// True: it is counted under another seq, which is gone from store.db, and has now this one.
    Result<bool> move_entry(Row const& row, PlacedTap const& place)
    {
        std::int64_t const at_ms = place.at_ms;
        std::string const said = encode(row.facts.said);
        std::vector<std::int64_t> alike;
        LISTENPOST_TRY(file_.visit_entries(
            at_ms, at_ms + 1, SummaryFile::Which::All, [&](SummaryFile::Entry const& entry) {
                if (entry.said == said && entry.part == row.facts.part
                    && entry.with_comment == row.facts.with_comment)
                    alike.push_back(entry.seq);
                return true;
            }));
        for (std::int64_t const seq : alike) {
            auto const still_there = store_.find(seq);
            if (!still_there)
                return fail(of_store(still_there.error()));
            if (*still_there)
                continue;
            auto const removed = file_.remove_entry(at_ms, seq);
            if (!removed)
                return fail(removed.error());
            LISTENPOST_TRY(insert_entry(row, place));
            return true;
        }
        return false;
    }

    Result<> place_anew(std::int64_t last_seq)
    {
        bool is_any = false;
        for (auto& [id, boot] : file_.boots) {
            auto const note = note_of_.find(id);
            if (note == note_of_.end() || boot.note == *note->second)
                continue;
            LISTENPOST_TRY(place_anew(id, boot, *note->second));
            boot.note = *note->second;
            boot.is_changed = true;
            is_any = true;
        }
        is_news_ |= is_any;
        if (!is_any)
            return {};
        // What was moved in the meantime would be looked for where its old clock had placed it.
        auto const last = store_.last_seq();
        if (!last)
            return fail(of_store(last.error()));
        return *last == last_seq ? Result<>()
                                 : fail(Errc::Busy, "store.db changed while a clock was put right");
    }

    Result<> place_anew(std::string const& id, SummaryFile::Boot const& boot, BootClock const& note)
    {
        for (store_.seek(boot.first_seq - 1, boot.last_seq);;) {
            auto const response = store_.next();
            if (!response)
                return fail(of_store(response.error()));
            if (!*response)
                return {};
            if ((*response)->boot_id != id || (*response)->is_event())
                continue;
            Row const row = row_of(**response);
            auto const before = place(row.tap, boot.note);
            auto const now = place(row.tap, note);
            if (before == now)
                continue;
            auto const removed = file_.remove_entry(before.at_ms, row.seq);
            if (!removed)
                return fail(removed.error());
            if (!*removed)
                return fail(Errc::Corrupt, "summary.db lacks a response that it has counted");
            LISTENPOST_TRY(add_to_bucket(row, before, -1));
            LISTENPOST_TRY(enter(row, now));
        }
    }

    /// Retention removes the oldest first, and leaves some of them in between (what is refused or not
    /// delivered yet): so it is looked at the oldest, and besides, a part each time, at all in turn.
    Result<> forget_removed(std::int64_t last_seq)
    {
        auto swept = file_.state.swept_to;
        SummaryFile::Place oldest {0, 0}; // of those with a time
        std::vector<SummaryFile::Place> gone;
        LISTENPOST_TRY(look_for_removed(oldest, gone));
        LISTENPOST_TRY(look_for_removed(swept, gone));
        store_.stop();
        auto const last = store_.last_seq();
        if (!last)
            return fail(of_store(last.error()));
        if (*last != last_seq)
            return {}; // what was moved in the meantime must be found, to be known
        file_.state.swept_to = swept;
        if (gone.empty())
            return {};
        for (auto const& [at_ms, seq] : gone) {
            auto const removed = file_.remove_entry(at_ms, seq);
            if (!removed)
                return fail(removed.error());
        }
        is_news_ = true;
        auto const left = file_.places_after({0, 0}, 1);
        if (!left)
            return fail(left.error());
        return left->empty() ? Result<>()
                             : file_.remove_buckets_before(quarter_of(left->front().first) - kept_quarters);
    }

    /// Those behind `place` that store.db no longer has, a few, and more while there are such. `place` is
    /// where it ended; after the last entry the beginning.
    Result<> look_for_removed(SummaryFile::Place& place, std::vector<SummaryFile::Place>& gone)
    {
        for (int part = 0; part < parts_looked_at; ++part) {
            auto const places = file_.places_after(place, looked_at_once);
            if (!places)
                return fail(places.error());
            auto const gone_before = gone.size();
            for (auto const& each : *places) {
                auto const there = store_.find(each.second);
                if (!there && there.error().code != Errc::Corrupt) // a damaged one is there
                    return fail(of_store(there.error()));
                if (there && !*there)
                    gone.push_back(each);
            }
            bool const is_end = std::ssize(*places) < looked_at_once;
            place = is_end ? SummaryFile::before_all : places->back();
            if (is_end || gone.size() == gone_before)
                return {};
        }
        return {};
    }

    SummaryFile& file_;
    ResponseReader& store_;
    std::vector<BootClock> notes_;
    std::map<std::string_view, BootClock const*> note_of_;
    bool is_news_ = false; ///< besides responses
};

}

Result<CatchUpProgress> catch_up(SummaryFile& file, ResponseReader& store, std::int64_t limit)
{
    return CatchUp(file, store).step(limit);
}

}

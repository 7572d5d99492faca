#include "kiosk/store/erasure.h"

#include "kiosk/model/response.h"
#include "kiosk/model/staff_event.h"
#include "kiosk/store/reserve.h"
#include "kiosk/store/salvage.h"
#include "kiosk/store/schema.h"
#include "platform/base/log.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {
namespace {

/// A row out of which words are to be taken.
struct Row {
    std::int64_t seq = 0;
    std::string answers, comment, event;
};

/// What is looked for in the file's bytes afterwards.
using Words = std::vector<std::string>;

class Erasure {
public:
    Erasure(sqlite::Database& store, std::filesystem::path const& path, EraseTerms const& terms)
        : store_(store)
        , path_(path)
        , terms_(terms)
    {
    }

    Result<Erased> carry_out(EraseRequest const& request);

private:
    Result<bool> is_known(ResponseRef const& ref);
    Result<> forget_others(EraseRequest const& request);
    Result<> take_words(EraseRequest const& request);
    Result<> take_words(ResponseRef const& ref);
    Result<std::vector<Row>> rows_of(ResponseRef const& ref);
    Result<std::vector<Row>> read_rows(sqlite::Statement& query);
    Result<bool> was_removed(ResponseRef const& ref);
    Result<> rewrite(Row const& row);
    std::string event_without_note(std::string const& event);
    void look_for(std::string_view text);
    Result<Erased> wipe();
    Result<Erased> wipe_bytes();
    Result<Erased> write_anew();
    Result<> check_room();
    Result<Erased> empty_wal();

    sqlite::Database& store_;
    std::filesystem::path const& path_;
    EraseTerms const& terms_;
    Words words_;
    bool words_are_known_ = true;
};

Result<bool> Erasure::is_known(ResponseRef const& ref)
{
    auto query = store_.prepare("SELECT 1 FROM erasure WHERE install = ? AND seq = ?");
    if (!query)
        return fail(query.error());
    return query->bind(1, ref.install).bind(2, ref.seq).step();
}

Result<Erased> Erasure::carry_out(EraseRequest const& request)
{
    auto const drafts = store_.query_integer("SELECT count(*) FROM draft");
    if (!drafts)
        return fail(drafts.error());
    if (*drafts > 0)
        return Erased::NotYet; // taps must not wait
    auto const begun = store_.query_integer("SELECT count(*) FROM erasure WHERE is_wiped = 0");
    if (!begun)
        return fail(begun.error());
    words_are_known_ = *begun == 0;
    LISTENPOST_TRY(take_words(request));
    auto const to_wipe = store_.query_integer("SELECT count(*) FROM erasure WHERE is_wiped <> 1");
    if (!to_wipe)
        return fail(to_wipe.error());
    if (*to_wipe == 0)
        return Erased::Done;
    auto const wiped = wipe();
    if (!wiped || *wiped != Erased::Done)
        return wiped;
    LISTENPOST_TRY(store_.execute("UPDATE erasure SET is_wiped = 1"));
    log(LogLevel::Info, "text_erased", {{"responses", *to_wipe}});
    return Erased::Done;
}

Result<> Erasure::take_words(EraseRequest const& request)
{
    auto transaction = sqlite::Transaction::begin(store_);
    if (!transaction)
        return fail(transaction.error());
    LISTENPOST_TRY(forget_others(request));
    for (auto const& ref : request.responses) {
        auto const known = is_known(ref);
        if (!known)
            return fail(known.error());
        if (!*known)
            LISTENPOST_TRY(take_words(ref));
    }
    return transaction->commit();
}

/// Of what is not wiped yet nothing is forgotten: its words may be nowhere but in the bytes.
Result<> Erasure::forget_others(EraseRequest const& request)
{
    auto query = store_.prepare("SELECT install, seq FROM erasure WHERE is_wiped = 1");
    auto forget = store_.prepare("DELETE FROM erasure WHERE install = ? AND seq = ?");
    if (!query || !forget)
        return fail(query ? forget.error() : query.error());
    std::vector<std::pair<std::string, std::int64_t>> others;
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        std::string install(query->text(0));
        std::int64_t const seq = query->integer(1);
        if (std::ranges::none_of(request.responses,
                [&](ResponseRef const& ref) { return ref.install == install && ref.seq == seq; }))
            others.emplace_back(std::move(install), seq);
    }
    for (auto const& [install, seq] : others)
        LISTENPOST_TRY(forget->bind(1, install).bind(2, seq).run());
    return {};
}

Result<> Erasure::take_words(ResponseRef const& ref)
{
    auto const rows = rows_of(ref);
    if (!rows)
        return fail(rows.error());
    for (auto const& row : *rows)
        LISTENPOST_TRY(rewrite(row));
    if (rows->empty()) {
        auto const removed = was_removed(ref);
        if (!removed)
            return fail(removed.error());
        words_are_known_ = words_are_known_ && !*removed;
    }
    auto note = store_.prepare("INSERT INTO erasure (install, seq, is_wiped) VALUES (?, ?, 0)");
    if (!note)
        return fail(note.error());
    return note->bind(1, ref.install).bind(2, ref.seq).run();
}

/// None: it was removed long since, or is another box's.
Result<std::vector<Row>> Erasure::rows_of(ResponseRef const& ref)
{
    static constexpr char columns[]
        = "SELECT seq, answers, comment, event, row_check IS " LISTENPOST_ROW_CHECK " FROM response ";
    auto named = store_.prepare(std::string(columns) + "WHERE seq = ? AND boot = ? AND steady_ms = ?");
    auto moved = store_.prepare(std::string(columns) + "WHERE boot = ? AND steady_ms = ?");
    if (!named || !moved)
        return fail(named ? moved.error() : named.error());
    named->bind(1, ref.seq).bind(2, ref.boot).bind(3, ref.steady_ms);
    auto rows = read_rows(*named);
    if (!rows || !rows->empty())
        return rows;
    // It may have been given another number: what it is known by stays.
    moved->bind(1, ref.boot).bind(2, ref.steady_ms);
    return read_rows(*moved);
}

Result<std::vector<Row>> Erasure::read_rows(sqlite::Statement& query)
{
    std::vector<Row> rows;
    for (;;) {
        auto const row = query.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return rows;
        // Written anew it would pass for whole.
        if (query.integer(4) == 0) {
            std::int64_t const seq = query.integer(0);
            query.reset();
            return fail(Errc::Corrupt,
                "store.db is damaged: response " + std::to_string(seq) + " is not what was written");
        }
        rows.push_back({query.integer(0), std::string(query.text(1)), std::string(query.text(2)),
            std::string(query.text(3))});
    }
}

/// Retention took the row, and its bytes may still stand between the cells of a page; nobody knows the words.
Result<bool> Erasure::was_removed(ResponseRef const& ref)
{
    auto query = store_.prepare("SELECT 1 FROM identity JOIN removed WHERE install = ? AND up_to >= ?");
    if (!query)
        return fail(query.error());
    return query->bind(1, ref.install).bind(2, ref.seq).step();
}

/// As it stands within JSON.
void Erasure::look_for(std::string_view text)
{
    std::string json;
    append_json_string(json, text);
    words_.push_back(json.substr(1, json.size() - 2));
}

std::string Erasure::event_without_note(std::string const& event)
{
    if (event.empty())
        return {};
    if (auto staff = event_from_json(event)) {
        if (staff->note.empty())
            return event;
        look_for(staff->note);
        staff->note.clear();
        return event_to_json(*staff);
    }
    // Not as this version writes it: it may hold words, and nobody knows how they are written there.
    words_are_known_ = false;
    auto json = nlohmann::ordered_json::parse(event, nullptr, false);
    if (!json.is_object())
        return "{}";
    json.erase("note");
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<> Erasure::rewrite(Row const& row)
{
    std::string const event = event_without_note(row.event);
    if (!row.comment.empty())
        words_.push_back(row.comment);
    for (auto const& answer : answers_from_json(row.answers).value_or(std::vector<Answer>()))
        if (!answer.text.empty())
            look_for(answer.text);
    // What cannot be read was not written by a kiosk, but it may hold words.
    std::string const answers = answers_without_text(row.answers).value_or(row.event.empty() ? "[]" : "");
    auto change = store_.prepare("UPDATE response SET answers = ?2, comment = '', event = ?3, "
                                 "comment_erased = comment_erased OR comment <> '' WHERE seq = ?1");
    auto seal = store_.prepare("UPDATE response SET row_check = " LISTENPOST_ROW_CHECK " WHERE seq = ?1");
    if (!change || !seal)
        return fail(change ? seal.error() : change.error());
    LISTENPOST_TRY(change->bind(1, row.seq).bind(2, answers).bind(3, event).run());
    return seal->bind(1, row.seq).run();
}

Result<Erased> Erasure::wipe()
{
    // Nobody can take one response out of a file that is damaged; what could be read of it is in this one.
    LISTENPOST_TRY(remove_damaged_stores(path_));
    LISTENPOST_TRY(check_room());
    bool const wal_was_short = wal_is_short(path_);
    auto const wiped = wipe_bytes();
    // On a full disk nothing can be written without it.
    bool const is_awaited = wiped && *wiped == Erased::Interrupted;
    if (!is_awaited && !wal_was_short && wal_is_short(path_))
        if (auto const renewed = renew_wal_file(store_); !renewed)
            log(LogLevel::Warn, "reserve_not_whole", {{"detail", renewed.error().detail}});
    return wiped;
}

Result<> Erasure::check_room()
{
    std::error_code no_size, no_space;
    auto const file = std::filesystem::file_size(path_, no_size);
    auto const free = terms_.free_bytes ? terms_.free_bytes()
                                        : std::filesystem::space(path_.parent_path(), no_space).available;
    if (no_size || no_space)
        return fail(Errc::Io, "room for erasing: " + (no_size ? no_size : no_space).message());
    // The third is for who writes meanwhile.
    if (free < 3 * file + static_cast<std::uintmax_t>(reserve_pages * reserve_page_bytes))
        return fail(Errc::Full, "no room on the disk to write store.db anew without the words");
    return {};
}

Result<Erased> Erasure::wipe_bytes()
{
    auto emptied = empty_wal();
    if (!emptied || *emptied == Erased::NotYet)
        return emptied;
    auto const is_left = words_are_known_ ? store_.file_holds_any(words_) : Result<bool>(true);
    if (!is_left)
        return fail(is_left.error());
    return *is_left ? write_anew() : Erased::Done;
}

Result<Erased> Erasure::write_anew()
{
    {
        sqlite::Interruptible const interruptible(store_, terms_.is_wanted);
        auto const written = store_.execute("VACUUM");
        if (!written && written.error().code == Errc::Busy)
            return Erased::Interrupted;
        LISTENPOST_TRY(written);
    }
    auto const emptied = empty_wal();
    // The words are in the WAL alone: what takes so long is not done again for it.
    if (emptied && *emptied == Erased::NotYet)
        LISTENPOST_TRY(store_.execute("UPDATE erasure SET is_wiped = 2 WHERE is_wiped = 0"));
    return emptied;
}

Result<Erased> Erasure::empty_wal()
{
    auto const is_empty = store_.empty_wal();
    if (!is_empty)
        return fail(is_empty.error());
    // A reader is the agent, or who counts for the manager's view, in the middle of a walk.
    return *is_empty ? Erased::Done : Erased::NotYet;
}

}

Result<Erased> erase_words(sqlite::Database& store, std::filesystem::path const& path,
    EraseRequest const& request, EraseTerms const& terms)
{
    return Erasure(store, path, terms).carry_out(request);
}

Result<bool> is_erased(sqlite::Database& store, std::string_view install, std::int64_t seq)
{
    auto query = store.prepare("SELECT 1 FROM erasure WHERE install = ? AND seq = ? AND is_wiped = 1");
    if (!query)
        return fail(query.error());
    auto const row = query->bind(1, install).bind(2, seq).step();
    if (!row)
        return fail(row.error());
    return *row;
}

}

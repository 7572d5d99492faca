#include "tests/kiosk/summary/shop_box.h"

#include "kiosk/model/place_in_time.h"
#include "kiosk/store/install_list.h"
#include "kiosk/store/response_reader.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>

namespace listenpost::test {

using namespace kiosk;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

using Clocks = std::map<std::string, BootClock>;

Clocks clocks_of(std::filesystem::path const& store)
{
    Clocks clocks;
    auto reader = ResponseReader::open(store);
    REQUIRE(reader);
    auto const notes = reader->boot_clocks();
    REQUIRE(notes);
    for (auto const& note : *notes)
        clocks.emplace(note.boot_id, note);
    return clocks;
}

std::int64_t milliseconds(auto time) { return time.time_since_epoch().count(); }

std::optional<PlacedTap> placed(Stamp const& opened, Clocks const& clocks)
{
    auto const note = clocks.find(opened.boot_id);
    return place_on_box({milliseconds(opened.wall), opened.wall_is_set, milliseconds(opened.steady)},
        note == clocks.end() ? nullptr : &note->second);
}

}

ShopBox::ShopBox(unsigned seed, std::int64_t begin_ms)
    : folder_(in_memory())
    , random_(seed)
    , now_ms_(begin_ms)
{
    restart();
    boot();
}

void ShopBox::restart()
{
    store_.reset();
    auto opened = ResponseStore::open(store_file());
    REQUIRE(opened);
    store_.emplace(std::move(*opened));
}

void ShopBox::boot()
{
    booted_ms_ = now_ms_ - 20'000 - below(600'000);
    boot_id_ = "boot-" + std::to_string(booted_ms_);
    constexpr std::array kinds {BootsClock::Set, BootsClock::Set, BootsClock::Set, BootsClock::SetLate,
        BootsClock::Wrong, BootsClock::Never, BootsClock::Unconfirmed};
    clock_ = kinds[static_cast<std::size_t>(below(kinds.size()))];
    put_right_ms_ = now_ms_ + below(3 * day_ms);
    // 1970, a battery's clock that is nearly right, or one that is days off, in the future as well.
    std::int64_t const days_off = (below(2) == 0 ? 1 : -1) * below(20 * day_ms);
    unset_off_ms_ = chance(40) ? -booted_ms_ : chance(50) ? below(60'000) : days_off;
    wrong_by_ms_ = (below(2) == 0 ? 1 : -1) * (hour_ms + below(400 * hour_ms));
}

Stamp ShopBox::stamp() const
{
    bool const is_right
        = clock_ == BootsClock::Set || (clock_ == BootsClock::SetLate && now_ms_ >= put_right_ms_);
    bool const is_set = is_right || clock_ == BootsClock::Wrong;
    std::int64_t const off = is_right       ? 0
        : clock_ == BootsClock::Wrong       ? wrong_by_ms_
        : clock_ == BootsClock::Unconfirmed ? 0
                                            : unset_off_ms_;
    return {WallTime(std::chrono::milliseconds(now_ms_ + off)), is_set,
        SteadyTime(std::chrono::milliseconds(now_ms_ - booted_ms_)), boot_id_};
}

void ShopBox::live(int days)
{
    std::int64_t const until = now_ms_ + days * day_ms;
    while (now_ms_ < until) {
        now_ms_ += 1 + below(8 * hour_ms);
        if (chance(8))
            boot();
        if (chance(30))
            REQUIRE(store_->note_clock(stamp()));
        customer();
        if (chance(15))
            staff();
    }
}

/// Whatever it is about: it is no response.
void ShopBox::staff()
{
    now_ms_ += 1 + below(hour_ms);
    auto const now = stamp();
    REQUIRE(store_->add_event(
        {{store_->install_id(), 1, now.boot_id, milliseconds(now.steady)}, CommentState::Seen, "LW"}, now));
}

Draft ShopBox::draft()
{
    Draft draft;
    draft.survey = chance(85) ? "all-kinds" : "another";
    draft.survey_version = 1 + static_cast<int>(below(2));
    draft.touchpoint = chance(70) ? "exit" : "pickup";
    draft.language = "zh-CN";
    draft.opened = stamp();
    draft.touched = draft.opened.steady;
    auto const score = [&](char const* question, int lowest, int highest) {
        if (chance(85))
            draft.answers.push_back(
                {.question = question, .score = lowest + static_cast<int>(below(highest - lowest + 1))});
    };
    score("quality", 1, 5);
    score("service", 1, 3);
    if (auto* service = draft.find("service"); service && *service->score == 1) {
        service->reasons.emplace_back(chance(60) ? "slow" : "cold");
        if (chance(30))
            service->reasons.emplace_back("other");
    }
    score("mood", 1, 5);
    score("recommend", 0, 10);
    if (chance(20))
        draft.answers.push_back({.question = "dish", .choices = {chance(50) ? "soup" : "rice"}});
    if (chance(25))
        draft.answers.push_back({.question = "wait", .minutes = static_cast<int>(5 * below(6))});
    if (chance(40))
        draft.comment = "comment " + std::to_string(told_.size());
    if (chance(10))
        draft.flags = chance(50) ? std::vector<std::string> {"repress"}
                                 : std::vector<std::string> {"burst", "repress"};
    return draft;
}

void ShopBox::customer()
{
    auto const said = draft();
    bool const complete = chance(80);
    REQUIRE(store_->save_draft(said, complete ? Outcome::Complete : Outcome::Partial));
    REQUIRE(store_->close_draft(ClosedBy::Finish, said.touched));
    told_.push_back({said, complete});
}

void ShopBox::adopt()
{
    auto reader = ResponseReader::open(store_file());
    REQUIRE(reader);
    auto const installs = reader->installs();
    auto const last = reader->last_seq();
    REQUIRE((installs && last));
    auto const& install
        = (*installs)[static_cast<std::size_t>(below(static_cast<std::int64_t>(installs->size())))];
    auto const range = seqs_of(install.id, *installs);
    ConflictRequest request {install.id, {}};
    for (std::int64_t seq = range.first; seq <= std::min(range.last, *last); ++seq)
        if (chance(4))
            request.seqs.push_back(seq);
    if (!request.seqs.empty())
        REQUIRE(store_->adopt(request));
}

void ShopBox::remove_before(std::int64_t at_ms)
{
    auto const clocks = clocks_of(store_file());
    auto database = sqlite::Database::open(store_file(), sqlite::OpenMode::Writer);
    REQUIRE(database);
    auto rows = database->prepare(
        "SELECT seq, opened_ms, clock_set, steady_ms, boot FROM response WHERE event = ''");
    REQUIRE(rows);
    std::vector<std::int64_t> old;
    while (rows->step().value()) {
        Stamp const opened {WallTime(std::chrono::milliseconds(rows->integer(1))), rows->integer(2) != 0,
            SteadyTime(std::chrono::milliseconds(rows->integer(3))), std::string(rows->text(4))};
        if (auto const at = placed(opened, clocks); at && at->at_ms < at_ms)
            old.push_back(rows->integer(0));
    }
    for (std::int64_t const seq : old) {
        REQUIRE(database->execute(("DELETE FROM response WHERE seq = " + std::to_string(seq)).c_str()));
        REQUIRE(note_removed(*database, seq));
    }
}

std::vector<Told> ShopBox::told() const
{
    auto const clocks = clocks_of(store_file());
    auto told = told_;
    for (auto& each : told) {
        auto const place = placed(each.draft.opened, clocks);
        each.at_ms = place ? std::optional(place->at_ms) : std::nullopt;
        each.provisional = place && place->is_provisional;
    }
    return told;
}

}

#include "kiosk/store/staff_marks.h"

#include "kiosk/model/place_in_time.h"
#include "kiosk/model/survey.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace listenpost::kiosk {
namespace {

/// The last days may be many where no clock was ever set: so many responses are looked at, and no more.
constexpr std::int64_t most_looked_at = 20'000;
constexpr int lowest_face = 1;
/// As to_json() writes it. What has it not is no low rating, and need not be read as JSON; 10 has it too.
constexpr std::string_view lowest_score_json = "\"score\":1";

std::int64_t milliseconds(auto time) { return time.time_since_epoch().count(); }

bool is_later(StaffMark const& one, StaffMark const& other)
{
    if (one.at.boot_id == other.at.boot_id && one.at.steady != other.at.steady)
        return one.at.steady > other.at.steady;
    // An older one may have got a greater seq since (adopt()).
    if (one.at.boot_id != other.at.boot_id && one.at_ms && other.at_ms && *one.at_ms != *other.at_ms)
        return *one.at_ms > *other.at_ms;
    return one.seq > other.seq;
}

}

std::vector<std::string> five_face_questions(Survey const& survey)
{
    std::vector<std::string> ids;
    for (auto const& question : survey.questions)
        if (question.kind == QuestionKind::Rating && question.scale == Scale::FiveFaces)
            ids.push_back(question.id);
    return ids;
}

Result<> StaffMarks::refresh(Stamp const& now)
{
    LISTENPOST_TRY(open());
    auto done = read_events();
    if (done)
        done = read_low_ratings(now);
    reader_.reset();
    LISTENPOST_TRY(done);
    look_for_unmarked(now);
    return {};
}

Result<> StaffMarks::open()
{
    auto const file = file_identity(store_);
    if (!file)
        return fail(file.error());
    auto reader = ResponseReader::open(store_);
    if (!reader)
        return fail(reader.error());
    reader_ = std::move(*reader);
    if (std::exchange(file_, *file) == *file)
        return {};
    forget_events();
    low_taps_.clear();
    responses_read_to_ = 0;
    newest_set_ms_ = 0;
    return {};
}

/// All are read again.
void StaffMarks::forget_events()
{
    marks_.clear();
    events_read_to_ = 0;
}

/// A clock that becomes known may change which of two marks is the later.
Result<> StaffMarks::read_clocks()
{
    auto clocks = reader_->boot_clocks();
    if (!clocks)
        return fail(clocks.error());
    if (*clocks == clocks_)
        return {};
    clocks_ = std::move(*clocks);
    forget_events();
    return {};
}

/// A note that has been erased is not kept here either.
Result<> StaffMarks::look_for_erasures()
{
    auto erasures = reader_->erasures();
    if (!erasures)
        return fail(erasures.error());
    if (std::exchange(erasures_, *erasures) == *erasures)
        return {};
    forget_events();
    return {};
}

Result<> StaffMarks::read_events()
{
    LISTENPOST_TRY(read_clocks());
    LISTENPOST_TRY(look_for_erasures());
    auto const seqs = reader_->events_after(events_read_to_);
    if (!seqs)
        return fail(seqs.error());
    for (auto const seq : *seqs) {
        auto const row = reader_->find(seq);
        if (!row)
            return fail(row.error());
        if (*row) // else it has been moved meanwhile, and is read where it is now
            take_event(**row);
        events_read_to_ = seq;
    }
    auto installs = reader_->installs();
    if (!installs)
        return fail(installs.error());
    installs_ = std::move(*installs);
    return {};
}

void StaffMarks::take_event(StoredResponse const& row)
{
    auto event = event_from_json(row.event);
    if (!event)
        return; // of a later kind: no mark
    StaffMark mark {.state = event->state,
        .by = std::move(event->by),
        .note = std::move(event->note),
        .seq = row.seq,
        .of_seq = event->of.seq,
        .at = {WallTime(std::chrono::milliseconds(row.opened_ms)), row.clock_set,
            SteadyTime(std::chrono::milliseconds(row.steady_ms)), std::string(row.boot_id)},
        .at_ms = {}};
    auto const note = std::ranges::find(clocks_, row.boot_id, &BootClock::boot_id);
    mark.at_ms = place_by_box(
        {row.opened_ms, row.clock_set, row.steady_ms}, note == clocks_.end() ? nullptr : &*note);
    auto const [known, is_first] = marks_.try_emplace({std::move(event->of.boot), event->of.steady_ms}, mark);
    if (!is_first && is_later(mark, known->second))
        known->second = std::move(mark);
}

Result<> StaffMarks::read_low_ratings(Stamp const& now)
{
    auto const last = reader_->last_seq();
    if (!last)
        return fail(last.error());
    if (responses_read_to_ == 0) {
        auto const before
            = reader_->last_before(now.wall_is_set ? earliest_ms(now) : 0, *last - most_looked_at);
        if (!before)
            return fail(before.error());
        responses_read_to_ = *before;
    }
    reader_->seek(responses_read_to_, *last);
    for (;;) {
        auto const row = reader_->next();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        auto const& response = **row;
        responses_read_to_ = response.seq;
        if (response.is_event())
            continue;
        if (response.clock_set)
            take_time(response);
        if (is_low(response))
            low_taps_.push_back({{std::string(response.boot_id), response.steady_ms},
                response.clock_set ? std::optional(response.opened_ms) : std::nullopt});
    }
    responses_read_to_ = std::max(responses_read_to_, *last);
    return {};
}

/// Of a set clock: what was said before it under an unset one, the last of the taps, is not newer.
void StaffMarks::take_time(StoredResponse const& response)
{
    newest_set_ms_ = std::max(newest_set_ms_, response.opened_ms);
    for (auto tap = low_taps_.rbegin(); tap != low_taps_.rend() && !tap->opened_ms; ++tap)
        tap->opened_ms = response.opened_ms;
}

bool StaffMarks::is_low(StoredResponse const& response) const
{
    if (!response.flags.empty() || (!low_.survey.empty() && response.survey != low_.survey))
        return false; // nor does the manager see it among the figures
    if (response.answers.find(lowest_score_json) == std::string_view::npos)
        return false;
    auto const answers = answers_from_json(response.answers);
    return answers && std::ranges::any_of(*answers, [this](Answer const& answer) {
        return answer.score == lowest_face
            && std::ranges::find(low_.questions, answer.question) != low_.questions.end();
    });
}

std::int64_t StaffMarks::earliest_ms(Stamp const& now) const
{
    std::int64_t const end = now.wall_is_set ? milliseconds(now.wall) : newest_set_ms_;
    return end - std::chrono::duration_cast<std::chrono::milliseconds>(low_.within).count();
}

void StaffMarks::look_for_unmarked(Stamp const& now)
{
    auto const earliest = earliest_ms(now);
    std::erase_if(low_taps_, [&](LowTap const& each) {
        return (each.opened_ms && *each.opened_ms < earliest) || marks_.contains(each.tap);
    });
    has_unmarked_low_ = !low_taps_.empty();
}

StaffMark const* StaffMarks::find(StoredResponse const& response) const
{
    auto const found = marks_.find({std::string(response.boot_id), response.steady_ms});
    return found == marks_.end() ? nullptr : &found->second;
}

std::vector<std::int64_t> StaffMarks::dealt_with() const
{
    std::vector<std::int64_t> seqs;
    for (auto const& [tap, mark] : marks_)
        if (mark.state == CommentState::DealtWith)
            seqs.push_back(mark.of_seq);
    return seqs;
}

std::vector<std::string> StaffMarks::recent_initials(std::size_t most) const
{
    std::map<std::string_view, std::int64_t> last; // seq of each one's last event
    for (auto const& [tap, mark] : marks_) {
        auto& seq = last[mark.by];
        seq = std::max(seq, mark.seq);
    }
    std::vector<std::pair<std::int64_t, std::string_view>> latest_first;
    latest_first.reserve(last.size());
    for (auto const& [by, seq] : last)
        latest_first.emplace_back(-seq, by);
    std::ranges::sort(latest_first);
    std::vector<std::string> initials;
    for (auto const& [seq, by] : latest_first)
        if (initials.size() < most)
            initials.emplace_back(by);
    return initials;
}

std::optional<ResponseRef> StaffMarks::ref_of(StoredResponse const& response) const
{
    for (auto install = installs_.rbegin(); install != installs_.rend(); ++install)
        if (install->first_seq <= response.seq)
            return ResponseRef {install->id, response.seq, std::string(response.boot_id), response.steady_ms};
    return std::nullopt;
}

}

#include "kiosk/summary/list_responses.h"

#include "kiosk/summary/day_table.h"
#include "kiosk/summary/listed_rows.h"

#include <algorithm>
#include <compare>
#include <map>

namespace listenpost::kiosk {
namespace {

constexpr int worst_faces = 2;

/// Which entries fit, by what summary.db knows of them.
class Filter {
public:
    Filter(SummaryFile const& file, ResponseQuery const& query, Timeline const& timeline, TimeZone& zone)
        : query_(query)
        , timeline_(timeline)
        , zone_(zone)
        , question_(number_of(file, query.question))
        , reason_(number_of(file, query.reason))
        , choice_(number_of(file, query.choice))
    {
        for (auto const& [number, part] : file.parts())
            if (part.survey == query.of.survey->id
                && (query.of.touchpoint.empty() || part.touchpoint == query.of.touchpoint))
                parts_.push_back(number);
        for (auto const& question : query.of.survey->questions)
            if (auto const name = file.find_number(question.id);
                name && question.kind == QuestionKind::Rating)
                ratings_.emplace(*name, &question);
    }

    /// `said_`, which lowest() looks at, is that entry's then.
    bool fits(SummaryFile::Entry const& entry)
    {
        if (std::ranges::find(parts_, entry.part) == parts_.end() || !is_of_kind(entry))
            return false;
        auto const place = place_on_clocks(
            zone_.to_local(WallTime(std::chrono::milliseconds(entry.at_ms))), query_.of.day_change_hour);
        return is_in_time(place) && decode(entry.said, said_) && says_what_is_asked();
    }

    /// The lowest rating of the entry that fits() looked at last, on five; more than any where there is none.
    double lowest() const
    {
        double lowest = 6;
        for (auto const& tally : said_) {
            auto const rating = ratings_.find(tally.name);
            if (tally.kind != Tally::Kind::Score || rating == ratings_.end())
                continue;
            double const from = rating->second->lowest_score();
            double const score = static_cast<double>(tally.value) - from;
            lowest = std::min(lowest, 1 + 4 * score / (rating->second->highest_score() - from));
        }
        return lowest;
    }

private:
    /// 0: any. A name that nobody ever said fits no response.
    static std::int64_t number_of(SummaryFile const& file, std::string const& name)
    {
        return name.empty() ? 0 : file.find_number(name).value_or(-1);
    }

    bool is_of_kind(SummaryFile::Entry const& entry) const
    {
        using Kind = ResponseQuery::Kind;
        if (query_.kind == Kind::Flagged)
            return entry.flagged;
        if (entry.flagged && !query_.with_flagged)
            return false;
        switch (query_.kind) {
        case Kind::Complete:
            return !entry.partial;
        case Kind::Partial:
            return entry.partial;
        case Kind::UncertainTime:
            return entry.provisional;
        default:
            return true;
        }
    }

    bool is_in_time(StorePlace const& place) const
    {
        if (place.day < timeline_.first_of_period() || place.day > timeline_.today())
            return false;
        if (query_.day && *query_.day != place.day)
            return false;
        if (query_.weekday && *query_.weekday != weekday_of(place.day))
            return false;
        if (!query_.hours)
            return true;
        int const hour = (place.minute / 60 + query_.of.day_change_hour) % 24;
        auto const [from, to] = *query_.hours;
        return from < to ? hour >= from && hour < to : hour >= from || hour < to;
    }

    bool is_of_question(Tally const& tally) const
    {
        return tally.kind != Tally::Kind::Rule && (question_ == 0 || tally.name == question_);
    }

    /// The middle one of three faces is not low, and of recommending nobody said it with a face.
    bool is_low(Tally const& tally) const
    {
        auto const rating = ratings_.find(tally.name);
        return tally.kind == Tally::Kind::Score && is_of_question(tally) && rating != ratings_.end()
            && rating->second->scale != Scale::Nps
            && rating->second->face_of(static_cast<int>(tally.value)) <= worst_faces;
    }

    bool says_what_is_asked() const
    {
        auto const any = [this](auto const& is_it) { return std::ranges::any_of(said_, is_it); };
        if (question_ != 0 && !any([this](Tally const& each) { return is_of_question(each); }))
            return false;
        bool const asks_score = query_.lowest_score > 0 || query_.highest_score < ScoreCounts::highest;
        if (asks_score && !any([this](Tally const& each) {
                return each.kind == Tally::Kind::Score && is_of_question(each)
                    && each.value >= query_.lowest_score && each.value <= query_.highest_score;
            }))
            return false;
        if (query_.low_only && !any([this](Tally const& each) { return is_low(each); }))
            return false;
        if (query_.minutes && !any([this](Tally const& each) {
                return each.kind == Tally::Kind::Minutes && is_of_question(each)
                    && each.value >= query_.minutes->from && each.value <= query_.minutes->to;
            }))
            return false;
        auto const chose = [&](Tally::Kind kind, std::int64_t option) {
            return option == 0 || any([&](Tally const& each) {
                return each.kind == kind && is_of_question(each) && each.value == option;
            });
        };
        return chose(Tally::Kind::Reason, reason_) && chose(Tally::Kind::Choice, choice_);
    }

    ResponseQuery const& query_;
    Timeline const& timeline_;
    TimeZone& zone_;
    std::int64_t question_;
    std::int64_t reason_;
    std::int64_t choice_;
    std::vector<std::int64_t> parts_;
    std::map<std::int64_t, Question const*> ratings_; ///< by the question's name
    std::vector<Tally> said_;
};

/// In the order of a page.
struct Found {
    double lowest = 0; ///< 0 where the newest come first
    std::int64_t before_ms = 0; ///< the later, the smaller
    std::int64_t seq = 0;
    std::int64_t at_ms() const { return -before_ms; }
    friend auto operator<=>(Found const&, Found const&) = default;
};

std::vector<Found> cut_page(std::vector<Found> found, std::size_t first, std::size_t limit)
{
    std::size_t const end = first + std::min({limit, most_on_a_page, found.size() - first});
    auto const begin = found.begin();
    auto const at = [&](std::size_t place) { return begin + static_cast<std::ptrdiff_t>(place); };
    std::ranges::partial_sort(begin, at(end), found.end());
    return {at(first), at(end)};
}

bool is_dealt_with(StaffMarks const* marks, StoredResponse const& stored)
{
    StaffMark const* const mark = marks ? marks->find(stored) : nullptr;
    return mark && mark->state == CommentState::DealtWith;
}

/// Without those that somebody has dealt with, each of them read, and without those that store.db no longer
/// has.
Result<> read_open(std::vector<Found>& found, ResponseReader& store, StaffMarks const& marks)
{
    std::vector<Found> open;
    for (auto const& each : found) {
        auto const stored = store.find(each.seq);
        if (!stored)
            return cannot_read(stored.error());
        if (*stored && !is_dealt_with(&marks, **stored))
            open.push_back(each);
    }
    found = std::move(open);
    return {};
}

/// Without those that somebody has dealt with. There are few marks and many responses: it is the marks that
/// are looked up.
Result<> keep_open(
    std::vector<Found>& found, ResponseReader& store, StaffMarks const& marks, bool may_have_moved)
{
    std::vector<std::int64_t> done;
    bool is_missing = false;
    for (auto const seq : marks.dealt_with()) {
        auto const stored = store.find(seq);
        if (!stored)
            return cannot_read(stored.error());
        if (*stored && is_dealt_with(&marks, **stored))
            done.push_back(seq);
        else
            is_missing = true; // removed since, or moved
    }
    std::ranges::sort(done);
    std::erase_if(found, [&](Found const& each) { return std::ranges::binary_search(done, each.seq); });
    return is_missing && may_have_moved ? read_open(found, store, marks) : Result<>();
}

}

Result<ResponsePage> list_responses(
    SummaryFile& file, ResponseReader& store, ResponseQuery const& query, StaffMarks const* marks)
{
    auto zone = TimeZone::find(query.of.zone);
    if (!zone)
        return fail(Errc::Invalid, "no time zone " + query.of.zone);
    Timeline const timeline(query.of, *zone);
    Filter filter(file, query, timeline, *zone);
    std::vector<Found> found;
    auto const [from, to] = timeline.quarters_of_period(*zone);
    LISTENPOST_TRY(file.visit_entries(from * quarter_ms, to * quarter_ms,
        query.with_comment_only ? SummaryFile::Which::WithComment : SummaryFile::Which::All,
        [&](SummaryFile::Entry const& entry) {
            if (filter.fits(entry))
                found.push_back({query.order == ResponseOrder::LowestScoreFirst ? filter.lowest() : 0,
                    -entry.at_ms, entry.seq});
            return true;
        }));

    auto const installs = store.installs();
    if (!installs)
        return cannot_read(installs.error());
    if (query.open_only && marks) // adopt() makes another install
        LISTENPOST_TRY(keep_open(found, store, *marks, installs->size() > 1));
    ResponsePage page {
        .query = query, .total = found.size(), .responses = {}, .offset = offset_within(found.size(), query)};
    if (marks)
        page.initials = marks->recent_initials(initials_offered);
    for (auto const& each : cut_page(std::move(found), page.offset, query.limit)) {
        auto const stored = store.find(each.seq);
        if (!stored)
            return cannot_read(stored.error());
        if (!*stored) {
            --page.total;
            continue;
        }
        auto const local = zone->to_local(WallTime(std::chrono::milliseconds(each.at_ms())));
        page.responses.push_back(listed(**stored, install_of(each.seq, *installs), local,
            place_on_clocks(local, query.of.day_change_hour).day));
        page.responses.back().mark = listed_mark(marks, **stored, *zone, query.of.day_change_hour);
    }
    store.stop();
    return page;
}

}

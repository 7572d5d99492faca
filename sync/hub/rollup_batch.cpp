#include "sync/hub/rollup_batch.h"

#include "sync/hub/erased_text.h"
#include "sync/hub/partition.h"

#include <simdjson.h>

namespace listenpost::sync {
namespace {

namespace dom = simdjson::dom;

std::string_view text_of(dom::object object, std::string_view name)
{
    std::string_view text;
    return object[name].get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

/// As it can stand in a key. PostgreSQL has no NUL in its texts, and both engines have the same keys: the
/// replacement character stands for it. `spare`: what the result may point into.
std::string_view key_text(std::string_view text, std::string& spare)
{
    if (text.find('\0') == text.npos)
        return text;
    spare.clear();
    for (char const c : text)
        c == '\0' ? spare.append("\uFFFD") : spare.append(1, c);
    return spare;
}

bool is_true(dom::object object, std::string_view name)
{
    bool value = false;
    return object[name].get_bool().get(value) == simdjson::SUCCESS && value;
}

bool has_entries(dom::object response, std::string_view name)
{
    dom::array list;
    return response[name].get_array().get(list) == simdjson::SUCCESS && list.begin() != list.end();
}

/// Whether somebody else than a customer speaks: the staff, or the hub itself.
bool is_event(dom::object response)
{
    dom::element event;
    if (response["event"].get(event) != simdjson::SUCCESS || event.is_null())
        return false;
    std::string_view text;
    return event.get_string().get(text) != simdjson::SUCCESS || !text.empty();
}

bool is_key_of(RollupKey const& key, std::int64_t day, std::string_view store, std::string_view touchpoint,
    std::string_view survey, bool is_flagged)
{
    return key.day == day && key.store == store && key.touchpoint == touchpoint && key.survey == survey
        && key.is_flagged == is_flagged;
}

std::int64_t floor_div(std::int64_t number, std::int64_t by)
{
    return number / by - (number % by < 0 ? 1 : 0);
}

}

struct RollupBatch::Reader {
    dom::parser parser;
    std::string touchpoint, survey, question; ///< of the response being read, where they had to be changed
};

RollupBatch::RollupBatch()
    : reader_(std::make_unique<Reader>())
    , last_(days_.end())
{
}
RollupBatch::RollupBatch(RollupBatch&& other) noexcept
    : reader_(std::move(other.reader_))
    , days_(std::move(other.days_))
    , last_(days_.end())
{
}
RollupBatch& RollupBatch::operator=(RollupBatch&& other) noexcept
{
    reader_ = std::move(other.reader_);
    days_ = std::move(other.days_);
    last_ = days_.end();
    return *this;
}
RollupBatch::~RollupBatch() = default;

/// Of one response; they live until the next is read.
struct RollupBatch::Facts {
    dom::object response;
    std::string_view touchpoint, survey;
    bool is_event = false;
    bool is_flagged = false;
    bool is_complete = false;
    bool has_comment = false;
};

Result<RollupBatch::Facts> RollupBatch::read(std::string_view raw_json)
{
    Facts facts;
    auto const error
        = reader_->parser.parse(raw_json.data(), raw_json.size()).get_object().get(facts.response);
    if (error != simdjson::SUCCESS)
        return fail(Errc::Corrupt, "a response is no JSON");
    facts.is_event = is_event(facts.response);
    facts.touchpoint = key_text(text_of(facts.response, "touchpoint"), reader_->touchpoint);
    facts.survey = key_text(text_of(facts.response, "survey"), reader_->survey);
    facts.is_flagged = has_entries(facts.response, "flags");
    facts.is_complete = text_of(facts.response, "outcome") == "complete";
    facts.has_comment
        = !text_of(facts.response, "comment").empty() || is_true(facts.response, comment_erased_member);
    return facts;
}

DayCounts& RollupBatch::day_of(std::string_view store, std::int64_t day, Facts const& facts)
{
    // A box's responses come in the order of its day.
    if (last_ == days_.end()
        || !is_key_of(last_->first, day, store, facts.touchpoint, facts.survey, facts.is_flagged))
        last_ = days_
                    .try_emplace({partition_of(store), 1, day, std::string(store),
                        std::string(facts.touchpoint), std::string(facts.survey), facts.is_flagged})
                    .first;
    return last_->second;
}

Result<> RollupBatch::add(std::string_view store, std::int64_t at_ms, std::string_view raw_json)
{
    auto const facts = read(raw_json);
    if (!facts)
        return fail(facts.error());
    if (facts->is_event)
        return {};
    dom::array answers;
    if (facts->response["answers"].get_array().get(answers) != simdjson::SUCCESS)
        return fail(Errc::Corrupt, "a response has no answers");
    std::int64_t const day = floor_div(at_ms, day_ms);
    int const quarter = static_cast<int>((at_ms - day * day_ms) / quarter_ms);
    auto& counts = day_of(store, day, *facts);
    (facts->is_complete ? counts.complete : counts.partial).add(quarter);
    if (facts->has_comment)
        counts.with_comment.add(quarter);
    for (dom::element const answer : answers) {
        if (counts.has_too_many_questions)
            break;
        std::int64_t score = 0;
        std::string_view question;
        if (answer["score"].get_int64().get(score) != simdjson::SUCCESS || score < 0
            || score > kiosk::ScoreCounts::highest
            || answer["q"].get_string().get(question) != simdjson::SUCCESS)
            continue;
        question = key_text(question, reader_->question);
        auto found = counts.questions.find(question);
        if (found == counts.questions.end())
            found = counts.questions.try_emplace(std::string(question)).first;
        found->second[static_cast<std::size_t>(score)].add(quarter);
        counts.limit_questions();
    }
    return {};
}

void RollupBatch::clear()
{
    days_.clear();
    last_ = days_.end();
}

RollupValue RollupBatch::Row::encoded() const { return {encode(totals), day ? encode(*day) : std::string()}; }

Result<RollupValue> RollupBatch::Row::added_to(
    std::string_view old_totals, std::string_view old_quarters) const
{
    Row sum {totals, {}};
    LISTENPOST_TRY(add_encoded_tally(old_totals, sum.totals));
    sum.totals.limit_questions();
    if (day) {
        auto old = decode_day(old_quarters);
        if (!old)
            return fail(std::move(old).error());
        sum.day = std::move(*old);
        *sum.day += *day;
        sum.day->limit_questions();
    }
    return sum.encoded();
}

std::map<RollupKey, RollupBatch::Row> RollupBatch::rows() const
{
    std::map<RollupKey, Row> rows;
    for (auto const& [key, day] : days_) {
        auto const tally = day.tally();
        for (int const span : rollup_spans) {
            RollupKey block = key;
            block.span = span;
            block.day = first_day_of_block(key.day, span);
            auto& row = rows[std::move(block)];
            row.totals += tally;
            row.totals.limit_questions();
            if (span == 1)
                row.day = day;
        }
    }
    return rows;
}

std::int64_t first_day_of_block(std::int64_t day, int span) { return floor_div(day, span) * span; }

}

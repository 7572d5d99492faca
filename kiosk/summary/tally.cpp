#include "kiosk/summary/tally.h"

#include "kiosk/model/response.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr std::uint64_t kinds = 8;

void put(std::string& out, std::uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        out.push_back(static_cast<char>(number | 0x80));
    out.push_back(static_cast<char>(number));
}

/// Signed as unsigned, small ones of either sign short.
void put_signed(std::string& out, std::int64_t number)
{
    put(out, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

class Bytes {
public:
    explicit Bytes(std::string_view bytes)
        : at_(bytes.data())
        , end_(bytes.data() + bytes.size())
    {
    }
    bool is_at_end() const { return at_ == end_; }
    bool is_good() const { return good_; }
    std::uint64_t number()
    {
        std::uint64_t number = 0;
        for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
            auto const byte = static_cast<unsigned char>(*at_++);
            number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80)
                return number;
        }
        good_ = false;
        return 0;
    }
    std::int64_t signed_number()
    {
        std::uint64_t const number = this->number();
        return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
    }
    Tally tally()
    {
        std::uint64_t const first = number();
        if (first % kinds > static_cast<std::uint64_t>(Tally::Kind::Rule))
            good_ = false;
        return {static_cast<Tally::Kind>(first % kinds), static_cast<std::int64_t>(first / kinds),
            signed_number()};
    }

private:
    char const* at_;
    char const* end_;
    bool good_ = true;
};

void put(std::string& out, Tally const& tally)
{
    put(out, static_cast<std::uint64_t>(tally.name) * kinds + static_cast<std::uint64_t>(tally.kind));
    put_signed(out, tally.value);
}

void append(std::vector<Tally>& said, Answer const& answer, Names& names)
{
    std::int64_t const question = names.number_of(answer.question);
    if (answer.score)
        said.push_back({Tally::Kind::Score, question, *answer.score});
    for (auto const& reason : answer.reasons)
        said.push_back({Tally::Kind::Reason, question, names.number_of(reason)});
    for (auto const& choice : answer.choices)
        said.push_back({Tally::Kind::Choice, question, names.number_of(choice)});
    if (answer.minutes)
        said.push_back({Tally::Kind::Minutes, question, *answer.minutes});
}

}

ResponseFacts facts_of(StoredResponse const& response, std::int64_t part, Names& names)
{
    ResponseFacts facts {.part = part,
        .complete = response.outcome == name(Outcome::Complete),
        .flagged = !response.flags.empty(),
        .with_comment = response.has_comment(),
        .said = {}};
    for (auto const& answer : answers_from_json(response.answers).value_or(std::vector<Answer>()))
        append(facts.said, answer, names);
    for (auto const& flag : flags_from_json(response.flags).value_or(std::vector<std::string>()))
        facts.said.push_back({Tally::Kind::Rule, names.number_of(flag), 0});
    std::ranges::sort(facts.said);
    // Not std::ranges::unique: clang 14, which builds the sanitizers' tests, cannot compile what it returns.
    facts.said.erase(std::unique(facts.said.begin(), facts.said.end()), facts.said.end());
    return facts;
}

void BucketCounts::add(ResponseFacts const& facts, std::int64_t times)
{
    responses += times;
    complete += facts.complete ? times : 0;
    flagged += facts.flagged ? times : 0;
    with_comment += facts.with_comment ? times : 0;
    for (auto const& tally : facts.said) {
        if (facts.flagged && tally.kind != Tally::Kind::Rule)
            continue;
        auto const place
            = std::ranges::lower_bound(tallies, tally, {}, &std::pair<Tally, std::int64_t>::first);
        if (place == tallies.end() || place->first != tally)
            tallies.insert(place, {tally, times});
        else if ((place->second += times) == 0)
            tallies.erase(place);
    }
}

std::string encode(BucketCounts const& counts)
{
    std::string bytes;
    for (auto const head :
        {counts.responses, counts.complete, counts.flagged, counts.with_comment, counts.provisional})
        put_signed(bytes, head);
    for (auto const& [tally, count] : counts.tallies) {
        put(bytes, tally);
        put_signed(bytes, count);
    }
    return bytes;
}

bool decode(std::string_view bytes, BucketCounts& counts)
{
    Bytes in(bytes);
    for (auto* head :
        {&counts.responses, &counts.complete, &counts.flagged, &counts.with_comment, &counts.provisional})
        *head = in.signed_number();
    counts.tallies.clear();
    while (in.is_good() && !in.is_at_end()) {
        Tally const tally = in.tally();
        counts.tallies.emplace_back(tally, in.signed_number());
    }
    return in.is_good();
}

std::string encode(std::vector<Tally> const& said)
{
    std::string bytes;
    for (auto const& tally : said)
        put(bytes, tally);
    return bytes;
}

bool decode(std::string_view bytes, std::vector<Tally>& said)
{
    Bytes in(bytes);
    said.clear();
    while (in.is_good() && !in.is_at_end())
        said.push_back(in.tally());
    return in.is_good();
}

}

#include "sync/hub/rollup_counts.h"

#include "platform/base/crc32.h"

#include <algorithm>
#include <optional>

namespace listenpost::sync {
namespace {

constexpr std::size_t crc_bytes = 4;
constexpr std::uint64_t max_count = std::uint64_t {1} << 48; // sums of thousands of these are numbers still

void append_number(std::string& out, std::uint64_t number)
{
    while (number >= 0x80) {
        out += static_cast<char>(number | 0x80);
        number >>= 7;
    }
    out += static_cast<char>(number);
}
void append_count(std::string& out, std::int64_t count)
{
    append_number(out, static_cast<std::uint64_t>(count));
}

void append_text(std::string& out, std::string_view text)
{
    append_number(out, text.size());
    out += text;
}

std::string with_crc(std::string_view body)
{
    std::uint32_t const crc = crc32(body);
    std::string bytes;
    bytes.reserve(crc_bytes + body.size());
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>(crc >> shift & 0xff);
    return bytes.append(body);
}

/// Takes numbers off. After an error all that follows is 0 and `is_good` false.
struct Reader {
    std::string_view rest;
    bool is_good = true;

    explicit Reader(std::string_view bytes)
    {
        std::uint32_t crc = 0;
        for (std::size_t i = 0; i < crc_bytes && i < bytes.size(); ++i)
            crc |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << 8 * i;
        is_good = bytes.size() > crc_bytes && crc32(bytes.substr(crc_bytes)) == crc;
        if (is_good)
            rest = bytes.substr(crc_bytes);
    }

    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63 && !rest.empty(); shift += 7) {
            auto const byte = static_cast<unsigned char>(rest.front());
            rest.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        return broken();
    }
    std::int64_t count() { return static_cast<std::int64_t>(number_up_to(max_count)); }
    std::size_t number_up_to(std::size_t highest)
    {
        auto const value = number();
        return value <= highest ? value : broken();
    }
    std::string_view text()
    {
        auto const size = number();
        if (size > rest.size())
            broken(); // not before the number is off: its own bytes are no text
        auto const text = is_good ? rest.substr(0, size) : std::string_view();
        rest.remove_prefix(text.size());
        return text;
    }
    std::uint64_t broken()
    {
        is_good = false;
        rest = {};
        return 0;
    }
    Result<> end() const
    {
        if (is_good && rest.empty())
            return {};
        return fail(Errc::Corrupt, "a rollup is not what was written");
    }
};

/// Which scores are there, as bits, and then those.
template <typename Scores, typename IsThere, typename Append>
void append_scores(std::string& out, Scores const& scores, IsThere const& is_there, Append const& append)
{
    std::uint64_t there = 0;
    for (std::size_t score = 0; score < scores.size(); ++score)
        there |= is_there(scores[score]) ? std::uint64_t {1} << score : 0;
    append_number(out, there);
    for (auto const& score : scores)
        if (is_there(score))
            append(out, score);
}

template <typename Take>
void read_scores(Reader& reader, Take const& take)
{
    auto const there = reader.number_up_to((1U << (kiosk::ScoreCounts::highest + 1)) - 1);
    for (int score = 0; score <= kiosk::ScoreCounts::highest; ++score)
        if (there >> score & 1)
            take(score);
}

/// Most entries are one tap in a quarter near the one before: one byte.
void append_quarters(std::string& out, QuarterCounts const& counts)
{
    append_number(out, counts.entries.size());
    int before = 0;
    for (auto const& [quarter, count] : counts.entries) {
        append_number(out, static_cast<unsigned>(quarter - before) << 1 | (count > 1 ? 1U : 0U));
        if (count > 1)
            append_count(out, count - 2);
        before = quarter;
    }
}

/// `take(quarter, count)` for each.
template <typename Take>
void read_quarters(Reader& reader, Take const& take)
{
    auto const size = reader.number_up_to(quarters_a_day);
    int quarter = 0;
    for (std::size_t i = 0; i < size && reader.is_good; ++i) {
        auto const step = reader.number_up_to(2 * quarters_a_day);
        quarter += static_cast<int>(step >> 1);
        if (i > 0 && step < 2)
            reader.broken(); // one quarter twice
        std::int64_t const count = (step & 1) != 0 ? reader.count() + 2 : 1;
        if (quarter >= quarters_a_day)
            reader.broken();
        if (reader.is_good)
            take(quarter, count);
    }
}

/// How many follow, and where none does, whether there were too many.
void append_question_count(std::string& out, std::size_t questions, bool has_too_many)
{
    append_number(out, has_too_many ? 0 : questions);
    if (has_too_many)
        append_number(out, 1);
}

/// `take(id)` for each, which reads its scores. Returns whether there were too many.
template <typename Take>
bool read_questions(Reader& reader, Take const& take)
{
    auto const size = reader.number_up_to(reader.rest.size());
    if (size == 0 && !reader.rest.empty())
        return reader.number() == 1 || reader.broken() != 0;
    std::string_view last;
    for (std::size_t i = 0; i < size && reader.is_good; ++i) {
        auto const id = reader.text();
        if (i > 0 && id <= last)
            reader.broken();
        last = id;
        if (reader.is_good)
            take(id);
    }
    return false;
}

template <typename Counts>
void limit_questions_of(Counts& counts)
{
    counts.has_too_many_questions
        = counts.has_too_many_questions || counts.questions.size() > max_questions_a_row;
    if (counts.has_too_many_questions)
        counts.questions.clear();
}

kiosk::ScoreCounts& question_of(Tally& tally, std::string_view id)
{
    auto const found = tally.questions.lower_bound(id);
    if (found != tally.questions.end() && found->first == id)
        return found->second;
    return tally.questions.emplace_hint(found, id, kiosk::ScoreCounts {})->second;
}

std::int64_t total(QuarterCounts const& counts)
{
    std::int64_t sum = 0;
    for (auto const& entry : counts.entries)
        sum += entry.count;
    return sum;
}

}

Tally& Tally::operator+=(Tally const& other)
{
    complete += other.complete;
    partial += other.partial;
    with_comment += other.with_comment;
    for (auto const& [id, counts] : other.questions)
        question_of(*this, id) += counts;
    has_too_many_questions = has_too_many_questions || other.has_too_many_questions;
    return *this;
}

void Tally::limit_questions() { limit_questions_of(*this); }

void QuarterCounts::add(int quarter, std::int64_t times)
{
    auto const at = std::ranges::lower_bound(entries, quarter, {}, &Entry::quarter);
    if (at == entries.end() || at->quarter != quarter)
        entries.insert(at, {quarter, times});
    else if (at->count += times; at->count == 0)
        entries.erase(at);
}

QuarterCounts& QuarterCounts::operator+=(QuarterCounts const& other)
{
    for (auto const& [quarter, count] : other.entries)
        add(quarter, count);
    return *this;
}

DayCounts& DayCounts::operator+=(DayCounts const& other)
{
    complete += other.complete;
    partial += other.partial;
    with_comment += other.with_comment;
    for (auto const& [id, scores] : other.questions) {
        auto& mine = questions[id];
        for (std::size_t score = 0; score < scores.size(); ++score)
            mine[score] += scores[score];
    }
    has_too_many_questions = has_too_many_questions || other.has_too_many_questions;
    return *this;
}

void DayCounts::limit_questions() { limit_questions_of(*this); }

Tally DayCounts::tally() const
{
    Tally tally {total(complete), total(partial), total(with_comment), {}, has_too_many_questions};
    for (auto const& [id, scores] : questions) {
        auto& counts = question_of(tally, id);
        for (std::size_t score = 0; score < scores.size(); ++score)
            counts.of[score] = total(scores[score]);
    }
    return tally;
}

std::string encode(Tally const& tally)
{
    std::string out;
    append_count(out, tally.complete);
    append_count(out, tally.partial);
    append_count(out, tally.with_comment);
    append_question_count(out, tally.questions.size(), tally.has_too_many_questions);
    if (tally.has_too_many_questions)
        return with_crc(out);
    for (auto const& [id, counts] : tally.questions) {
        append_text(out, id);
        append_scores(
            out, counts.of, [](std::int64_t count) { return count != 0; }, append_count);
    }
    return with_crc(out);
}

std::string encode(DayCounts const& day)
{
    std::string out;
    for (auto const* counts : {&day.complete, &day.partial, &day.with_comment})
        append_quarters(out, *counts);
    append_question_count(out, day.questions.size(), day.has_too_many_questions);
    if (day.has_too_many_questions)
        return with_crc(out);
    for (auto const& [id, scores] : day.questions) {
        append_text(out, id);
        append_scores(
            out, scores, [](QuarterCounts const& counts) { return !counts.entries.empty(); },
            append_quarters);
    }
    return with_crc(out);
}

Result<> add_encoded_tally(std::string_view bytes, Tally& sum)
{
    Reader reader(bytes);
    sum.complete += reader.count();
    sum.partial += reader.count();
    sum.with_comment += reader.count();
    bool const has_too_many = read_questions(reader, [&](std::string_view id) {
        auto& counts = question_of(sum, id);
        read_scores(reader, [&](int score) { counts.add(score, reader.count()); });
    });
    sum.has_too_many_questions = sum.has_too_many_questions || has_too_many;
    return reader.end();
}

Result<> add_encoded_day(std::string_view bytes, QuarterTallies const& sums)
{
    Reader reader(bytes);
    auto const read = [&](auto const& counter_of) {
        read_quarters(reader, [&](int quarter, std::int64_t count) {
            if (auto* const sum = sums[static_cast<std::size_t>(quarter)])
                counter_of(*sum) += count;
        });
    };
    read([](Tally & sum) -> auto& { return sum.complete; });
    read([](Tally & sum) -> auto& { return sum.partial; });
    read([](Tally & sum) -> auto& { return sum.with_comment; });
    bool const has_too_many = read_questions(reader, [&](std::string_view id) {
        // Quarters that go to one sum follow one another: it is looked up once.
        Tally const* last = nullptr;
        kiosk::ScoreCounts* counts = nullptr;
        read_scores(reader, [&](int score) {
            read([&](Tally & sum) -> auto& {
                if (&sum != last)
                    counts = &question_of(sum, id);
                last = &sum;
                return counts->of[static_cast<std::size_t>(score)];
            });
        });
    });
    for (auto* const sum : sums)
        if (sum != nullptr && has_too_many)
            sum->has_too_many_questions = true;
    return reader.end();
}

Result<DayCounts> decode_day(std::string_view bytes)
{
    Reader reader(bytes);
    DayCounts day;
    auto const read = [&](QuarterCounts& counts) {
        read_quarters(reader, [&](int quarter, std::int64_t count) {
            counts.entries.push_back({quarter, count});
        });
    };
    for (auto* counts : {&day.complete, &day.partial, &day.with_comment})
        read(*counts);
    day.has_too_many_questions = read_questions(reader, [&](std::string_view id) {
        auto& scores = day.questions[std::string(id)];
        read_scores(reader, [&](int score) { read(scores[static_cast<std::size_t>(score)]); });
    });
    LISTENPOST_TRY(reader.end());
    return day;
}

}

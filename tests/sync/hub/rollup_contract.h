#pragma once

#include "sync/hub/rollup_rows.h"
#include "tests/support/captured_stderr.h"
#include "tests/support/hub_acts.h"
#include "tests/sync/hub/storage_contract.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <set>

/// What the rollups of every Storage must be: what a plain scan of the log counts. The scan is written here
/// a second time, without any of the hub's code for it.
namespace listenpost::test {

/// span, block, store, touchpoint, survey, whether it is flagged
using RollupName = std::tuple<int, std::int64_t, std::string, std::string, std::string, bool>;

/// complete, partial, with a comment, and how often each score of each question was given
struct PlainCounts {
    std::int64_t complete = 0, partial = 0, with_comment = 0;
    std::map<std::pair<std::string, int>, std::int64_t> scores;
    friend bool operator==(PlainCounts const&, PlainCounts const&) = default;
};

/// What `act` writes to the log.
template <typename Act>
std::string said_by(Act const& act)
{
    std::string text;
    {
        CapturedStderr const capture(text);
        act();
    }
    return text;
}

/// A NUL of an id, as a key has it.
inline std::string as_key(std::string text)
{
    for (auto at = text.find('\0'); at != text.npos; at = text.find('\0'))
        text.replace(at, 1, "\uFFFD");
    return text;
}

inline void count_plainly(nlohmann::json const& response, PlainCounts& counts)
{
    ++(response["outcome"] == "complete" ? counts.complete : counts.partial);
    counts.with_comment
        += response.value("comment", "").empty() && !response.value("comment_erased", false) ? 0 : 1;
    for (auto const& answer : response["answers"])
        if (answer.contains("score"))
            ++counts.scores[{as_key(answer["q"]), answer["score"]}];
}

inline PlainCounts plain(sync::Tally const& tally)
{
    PlainCounts counts {tally.complete, tally.partial, tally.with_comment, {}};
    for (auto const& [id, scores] : tally.questions)
        for (int score = 0; score <= 10; ++score)
            if (auto const count = scores.of[static_cast<std::size_t>(score)])
                counts.scores[{id, score}] = count;
    return counts;
}

/// By name, and for a day's blocks also by the quarter.
struct PlainRollups {
    std::map<RollupName, PlainCounts> blocks;
    std::map<std::pair<RollupName, int>, PlainCounts> quarters;
};

inline PlainRollups scan_of_the_log(sync::Storage& storage)
{
    PlainRollups rollups;
    for (auto const& row : pull_everything(storage)) {
        auto const response = nlohmann::json::parse(row.raw);
        if (response.contains("event"))
            continue;
        std::int64_t const day = row.at_ms / 86'400'000;
        for (int const span : {1, 7, 56}) {
            RollupName const name {span, day - day % span, row.store, as_key(response["touchpoint"]),
                as_key(response["survey"]), !response.value("flags", nlohmann::json::array()).empty()};
            count_plainly(response, rollups.blocks[name]);
            if (span == 1)
                count_plainly(
                    response, rollups.quarters[{name, static_cast<int>(row.at_ms % 86'400'000 / 900'000)}]);
        }
    }
    return rollups;
}

inline PlainRollups rollups_of(sync::Storage& storage, std::vector<std::string> const* stores = nullptr)
{
    PlainRollups rollups;
    auto reader = storage.open_reader();
    REQUIRE(reader);
    // 2025 to 2027, where all of RandomChain's taps are.
    std::vector<sync::RollupRange> const ranges {
        {1, 20'000, 21'000, true}, {7, 20'000, 21'000, false}, {56, 20'000, 21'000, false}};
    REQUIRE((*reader)->read_rollups(ranges, stores, [&](sync::RollupRow const& row) -> Result<> {
        RollupName const name {row.span, row.day, std::string(row.store), std::string(row.touchpoint),
            std::string(row.survey), row.is_flagged};
        sync::Tally tally;
        REQUIRE(sync::add_encoded_tally(row.totals, tally));
        CHECK(rollups.blocks.emplace(name, plain(tally)).second);
        if (row.span > 1)
            return {};
        std::array<sync::Tally, 96> of_quarter;
        sync::QuarterTallies tallies;
        for (std::size_t quarter = 0; quarter < 96; ++quarter)
            tallies[quarter] = &of_quarter[quarter];
        REQUIRE(sync::add_encoded_day(row.quarters, tallies));
        for (int quarter = 0; quarter < 96; ++quarter)
            if (auto const& some = of_quarter[static_cast<std::size_t>(quarter)]; some.responses() > 0)
                rollups.quarters[{name, quarter}] = plain(some);
        return {};
    }));
    return rollups;
}

/// Boxes of some stores that send, repeat, contradict, move and misbehave, at random.
class RandomChain {
public:
    RandomChain(sync::Storage& storage, unsigned seed)
        : storage_(storage)
        , random_(seed)
    {
    }

    int between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
    bool chance(int percent) { return between(1, 100) <= percent; }
    std::string one_of(std::vector<std::string> const& list)
    {
        return list[static_cast<std::size_t>(between(0, static_cast<int>(list.size()) - 1))];
    }

    /// One commit of some batches; some of them again.
    void ingest()
    {
        std::vector<sync::IngestRequest> requests;
        int const batches = between(1, 4);
        for (int i = 0; i < batches; ++i) {
            int const box = between(0, boxes - 1);
            if (chance(10))
                home_[box] = between(0, static_cast<int>(stores.size()) - 1); // carried to another store
            std::vector<std::string> responses;
            std::int64_t seq = std::max<std::int64_t>(1, next_[box] - (chance(40) ? between(0, 20) : 0));
            for (int count = between(1, 30); count > 0; --count, ++seq) {
                auto const known = sent_.find({box, seq});
                responses.push_back(known != sent_.end() && !chance(20) ? known->second : response(seq));
                sent_.try_emplace({box, seq}, responses.back());
            }
            next_[box] = std::max(next_[box], seq);
            requests.push_back({"dev_" + std::to_string(box), stores[static_cast<std::size_t>(home(box))],
                1'790'000'000'500, parsed_batch(install_id(box), responses), std::nullopt});
        }
        REQUIRE(storage_.ingest(requests));
    }

    /// The words of something that was sent; of an event and of what was refused there are none.
    void erase()
    {
        auto const& [box, seq]
            = std::next(sent_.begin(), between(0, static_cast<int>(sent_.size()) - 1))->first;
        auto const erased = storage_.erase_text(install_id(box), seq, act_at(1'790'000'000'600));
        REQUIRE((erased || erased.error().code == Errc::NotFound));
        erased_ += erased ? 1 : 0;
    }
    int erased() const { return erased_; }

    /// Now and then what is refused, and an event of the staff's.
    std::string response(std::int64_t seq)
    {
        using nlohmann::json;
        if (chance(5))
            return event_json(seq, chance(50) ? "已致歉" : "");
        json answers = json::array();
        for (char const* question : {"quality", "service", "cleanliness", "recommend", "味道"})
            if (answers.empty() || chance(60))
                answers.push_back(
                    {{"q", question}, {"score", between(chance(30) ? 0 : 1, chance(30) ? 10 : 5)}});
        if (chance(20))
            answers.push_back({{"q", "wait"}, {"minutes", between(0, 30)}});
        json response {{"seq", seq}, {"opened_ms", moment()}, {"took_ms", 1}, {"steady_ms", 1},
            {"answers", answers}, {"outcome", chance(70) ? "complete" : "partial"}, {"closed_by", "finish"},
            {"clock_set", true}, {"boot", "of old"}, {"survey", one_of(surveys)}, {"survey_version", 1},
            {"touchpoint", one_of(touchpoints)}, {"lang", "zh-CN"}};
        if (chance(30))
            response["comment"] = chance(20) ? "" : "慢";
        if (chance(15))
            response["flags"] = chance(20) ? json::array() : json::array({"burst"});
        if (chance(3))
            response["outcome"] = "half";
        return response.dump();
    }

    /// Of some 14 months, half of them in the days around the clock changes of March and autumn.
    std::int64_t moment()
    {
        constexpr std::int64_t newest = 1'789'990'000'000, minute = 60'000, day = 24 * 60 * minute;
        std::vector<std::int64_t> const changes {1'772'930'000'000, 1'774'740'000'000, 1'761'440'000'000};
        auto const within = between(0, 24 * 60 - 1) * minute + between(0, 59'999);
        if (chance(50))
            return changes[static_cast<std::size_t>(between(0, 2))] + between(-2, 2) * day + within;
        return newest - day - between(0, 420) * day + within;
    }

    static constexpr int boxes = 9;
    std::vector<std::string> stores {"sh-001", "bj-007", "ny-042", "in-003", "lon-1"};
    std::vector<std::string> surveys {"qsc-restaurant", "faces-of-three", "nobody-registered-it"};
    std::vector<std::string> touchpoints {"exit", "table 7", ""};

private:
    int home(int box)
    {
        auto const [found, is_new] = home_.try_emplace(box, 0);
        if (is_new)
            found->second = between(0, static_cast<int>(stores.size()) - 1);
        return found->second;
    }

    sync::Storage& storage_;
    std::mt19937 random_;
    std::map<int, std::int64_t> next_;
    std::map<int, int> home_;
    std::map<std::pair<int, std::int64_t>, std::string> sent_;
    int erased_ = 0;
};

/// 30 rounds with all that may be in a log: responses, staff events, erased texts and what tells of those.
inline void fill(RandomChain& chain, sync::Storage& storage)
{
    for (int round = 0; round < 30; ++round) {
        chain.ingest();
        if (round % 3 == 0)
            chain.erase();
    }
    CHECK(chain.erased() > 2);
    std::set<std::string> events;
    bool is_comment_erased = false;
    for (auto const& row : pull_everything(storage)) {
        auto const response = nlohmann::json::parse(row.raw);
        events.insert(response.value("event", ""));
        is_comment_erased |= response.value("comment_erased", false);
    }
    CHECK(events == std::set<std::string> {"", "comment_handled", "text_erased"});
    CHECK(is_comment_erased);
}

/// `listenpost-hub rollup` on the storage that was made last.
struct RollupCommands {
    std::function<Result<sync::RollupScan>()> check, rebuild;
};

/// The last thing done to a storage: no hub may have it meanwhile.
inline void nothing_is_to_be_mended(std::unique_ptr<sync::Storage> storage, RollupCommands const& commands)
{
    auto const rows = static_cast<std::int64_t>(pull_everything(*storage).size());
    storage.reset();
    auto const before = commands.check();
    REQUIRE(before);
    CAPTURE(before->examples);
    CHECK(before->responses == rows);
    CHECK(before->different == 0);
    CHECK(before->damaged == 0);
    auto const rebuilt = commands.rebuild();
    REQUIRE(rebuilt);
    CHECK(rebuilt->rollups == before->rollups);
    CHECK(commands.check()->different == 0);
}

inline void rollups_are_what_a_scan_of_the_log_counts(MakeStorage const& make, RollupCommands const& commands)
{
    auto const seed = GENERATE(range(1U, 6U));
    CAPTURE(seed);
    auto storage = make();
    RandomChain chain(*storage, seed);
    fill(chain, *storage);
    auto const expected = scan_of_the_log(*storage);
    auto const found = rollups_of(*storage);
    CHECK(found.blocks.size() > 200);
    CHECK(found.blocks == expected.blocks);
    CHECK(found.quarters == expected.quarters);

    std::vector<std::string> const some {"bj-007", "none", "lon-1"};
    auto const of_some = rollups_of(*storage, &some);
    CHECK(!of_some.blocks.empty());
    CHECK(of_some.blocks.size() < expected.blocks.size());
    for (auto const& [name, counts] : expected.blocks)
        CHECK((of_some.blocks.contains(name) && of_some.blocks.at(name) == counts)
            == (std::get<2>(name) == "bj-007" || std::get<2>(name) == "lon-1"));
    nothing_is_to_be_mended(std::move(storage), commands);
}

inline void what_was_not_taken_counts_nothing(MakeStorage const& make)
{
    auto const storage = make();
    ingest_one(*storage, install_id(1), {response_json(1)});
    // A repeat, a conflict and what is refused count nothing either.
    ingest_one(*storage, install_id(1), {response_json(1)});
    ingest_one(*storage, install_id(1), {response_json(1, "another"), R"({"seq":4})"});
    auto const found = rollups_of(*storage);
    REQUIRE(found.blocks.size() == 3);
    for (auto const& [name, counts] : found.blocks) {
        CHECK(counts.complete == 1);
        CHECK(counts.partial == 0);
        CHECK(counts.with_comment == 1);
        CHECK(counts.scores
            == std::map<std::pair<std::string, int>, std::int64_t> {
                {{"cleanliness", 4}, 1}, {{"quality", 2}, 1}, {{"service", 5}, 1}});
    }
}

inline void an_erased_comment_still_counts_as_one(MakeStorage const& make)
{
    auto const storage = make();
    ingest_one(
        *storage, install_id(1), {response_json(1), response_json(2, ""), response_json(3, "phone me")});
    auto const before = rollups_of(*storage);
    for (std::int64_t const seq : {2, 3})
        REQUIRE(storage->erase_text(install_id(1), seq, act_at(9)));
    CHECK(rollups_of(*storage).blocks == before.blocks);
    CHECK(scan_of_the_log(*storage).blocks == before.blocks);
    for (auto const& [name, counts] : before.blocks)
        CHECK(counts.with_comment == 2);
}

/// Of ids that no survey has, and a box can send.
inline std::string response_with_nul(std::int64_t seq)
{
    auto response = nlohmann::json::parse(response_json(seq));
    response["touchpoint"] = std::string("ex\0it\0", 6);
    response["survey"] = std::string("\0", 1);
    response["answers"][0]["q"] = std::string("qual\0ity", 8);
    return response.dump();
}

inline void an_id_with_a_nul_is_counted(MakeStorage const& make)
{
    auto const storage = make();
    CHECK(ingest_one(*storage, install_id(1), {response_with_nul(1), response_json(2)}).acknowledged == 2);
    CHECK(ingest_one(*storage, install_id(1), {response_with_nul(3)}).acknowledged == 1);
    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].raw == response_with_nul(1));
    auto const found = rollups_of(*storage);
    CHECK(found.blocks == scan_of_the_log(*storage).blocks);
    RollupName const name {1, 20'717, "sh-001", "ex\uFFFDit\uFFFD", "\uFFFD", false};
    REQUIRE(found.blocks.contains(name));
    CHECK(found.blocks.at(name).complete == 2);
    CHECK(found.blocks.at(name).scores.at({"qual\uFFFDity", 2}) == 2);
}

/// Each rates 20 questions that nobody asked: 400 of one day, and just the 200 of the next.
inline std::string response_of_many(std::int64_t seq)
{
    int const first = static_cast<int>(seq * 7 % 30) * 20;
    int const day = seq % 3 == 0 ? 1 : 0;
    auto response = nlohmann::json::parse(response_json(seq));
    response["boot"] = "of old";
    response["opened_ms"] = 1'789'000'000'000 + day * 86'400'000LL;
    response["answers"] = nlohmann::json::array();
    for (int id = first; id < first + 20; ++id)
        response["answers"].push_back({{"q", "made up " + std::to_string(id)}, {"score", 3}});
    return response.dump();
}

inline std::vector<std::string> responses_of_many_questions()
{
    std::vector<std::string> responses;
    for (std::int64_t seq = 1; seq <= 30; ++seq)
        responses.push_back(response_of_many(seq));
    return responses;
}

inline void a_row_of_too_many_questions_counts_its_responses(MakeStorage const& make)
{
    auto const responses = responses_of_many_questions();
    auto const together = make();
    ingest_one(*together, install_id(1), responses);
    auto const found = rollups_of(*together);
    auto const one_by_one = make();
    for (auto const& response : responses)
        ingest_one(*one_by_one, install_id(1), {response});
    CHECK(rollups_of(*one_by_one).blocks == found.blocks);
    CHECK(rollups_of(*one_by_one).quarters == found.quarters);
    int limited = 0;
    auto const expected = scan_of_the_log(*together).blocks;
    REQUIRE(found.blocks.size() == expected.size());
    for (auto [name, counts] : expected) {
        if (counts.scores.size() > sync::max_questions_a_row) {
            counts.scores.clear();
            ++limited;
        }
        CHECK(found.blocks.at(name) == counts);
    }
    CHECK(limited == 3); // the day, its week, its eight weeks
    CHECK(expected.size() == 4); // the next day has all
}

inline void a_registered_survey_is_replaced_by_its_next_version(MakeStorage const& make)
{
    auto const storage = make();
    REQUIRE(storage->put_survey({"b", 1, "{1}"}, act_at(5)));
    REQUIRE(storage->put_survey({"a", 1, "{}"}, act_at(5)));
    REQUIRE(storage->put_survey({"b", 2, "{2}"}, act_at(6)));
    REQUIRE(storage->registry().add_store({"s2", "二店", "华东", "上海", "Asia/Shanghai"}, act_at(1)));
    auto reader = storage->open_reader();
    REQUIRE(reader);
    auto const surveys = (*reader)->surveys();
    REQUIRE(surveys);
    REQUIRE(surveys->size() == 2);
    CHECK((*surveys)[0].id == "a");
    CHECK((*surveys)[1].version == 2);
    CHECK((*surveys)[1].json == "{2}");
    sync::AuditLine const last {6, "unix:tester", "survey.add", "b", "version 2"};
    CHECK(storage->registry().audit(6).value() == std::vector {last});
    auto const stores = (*reader)->stores();
    REQUIRE(stores);
    CHECK(*stores == std::vector<sync::Store> {{"s2", "二店", "华东", "上海", "Asia/Shanghai"}});
}

}

/// TEST(function, sentence) for each, as LISTENPOST_STORAGE_CONTRACT; and, with its commands,
/// rollups_are_what_a_scan_of_the_log_counts().
#define LISTENPOST_ROLLUP_CONTRACT(TEST)                                                                     \
    TEST(what_was_not_taken_counts_nothing, "what was not taken counts nothing")                             \
    TEST(an_erased_comment_still_counts_as_one, "an erased comment still counts as one")                     \
    TEST(an_id_with_a_nul_is_counted, "an id with a NUL in it is counted, under U+FFFD")                     \
    TEST(a_row_of_too_many_questions_counts_its_responses,                                                   \
        "a row of too many questions counts its responses, and the scores of others")                        \
    TEST(a_registered_survey_is_replaced_by_its_next_version,                                                \
        "a registered survey is replaced by its next version")

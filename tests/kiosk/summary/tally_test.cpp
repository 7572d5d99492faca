#include "kiosk/summary/tally.h"

#include <catch2/catch.hpp>
#include <map>

using namespace listenpost::kiosk;

namespace {

class NumberedNames final : public Names {
public:
    std::int64_t number_of(std::string_view name) override
    {
        return numbers_.try_emplace(std::string(name), static_cast<std::int64_t>(numbers_.size()) + 1)
            .first->second;
    }

private:
    std::map<std::string, std::int64_t> numbers_;
};

StoredResponse response(char const* answers, char const* flags = "")
{
    StoredResponse response;
    response.outcome = "complete";
    response.answers = answers;
    response.comment = "好";
    response.flags = flags;
    return response;
}

constexpr char both[] = R"([{"q":"service","score":2,"reasons":["slow","slow"]},{"q":"wait","minutes":300}])";

}

TEST_CASE("What a response says is counted once each", "[summary]")
{
    NumberedNames names;
    auto const facts = facts_of(response(both), 7, names);
    CHECK(facts.part == 7);
    CHECK(facts.complete);
    CHECK(facts.with_comment);
    CHECK_FALSE(facts.flagged);
    CHECK(facts.said
        == std::vector<Tally> {
            {Tally::Kind::Score, 1, 2}, {Tally::Kind::Reason, 1, 2}, {Tally::Kind::Minutes, 3, 300}});
}

TEST_CASE("Of a flagged response only its flags are counted", "[summary]")
{
    NumberedNames names;
    BucketCounts counts;
    counts.add(facts_of(response(both, R"(["burst"])"), 1, names), 1);
    CHECK(counts.responses == 1);
    CHECK(counts.flagged == 1);
    REQUIRE(counts.tallies.size() == 1);
    CHECK(counts.tallies[0].first.kind == Tally::Kind::Rule);
}

TEST_CASE("Answers that cannot be read say nothing, and their response counts", "[summary]")
{
    NumberedNames names;
    BucketCounts counts;
    counts.add(facts_of(response("no JSON"), 1, names), 1);
    CHECK(counts.responses == 1);
    CHECK(counts.tallies.empty());
}

TEST_CASE("What is taken out again leaves nothing behind", "[summary]")
{
    NumberedNames names;
    BucketCounts counts;
    auto const one = facts_of(response(both), 1, names);
    auto const other = facts_of(response(R"([{"q":"service","score":5}])"), 1, names);
    counts.add(one, 1);
    counts.add(other, 1);
    counts.add(one, -1);
    BucketCounts only_other;
    only_other.add(other, 1);
    CHECK(counts.tallies == only_other.tallies);
    counts.add(other, -1);
    CHECK(counts.responses == 0);
    CHECK(counts.tallies.empty());
}

TEST_CASE("Counts come back from their bytes as they were, and no shorter bytes pass for them", "[summary]")
{
    NumberedNames names;
    BucketCounts counts;
    for (int times = 0; times < 200; ++times)
        counts.add(facts_of(response(both), 1, names), 1);
    auto const bytes = encode(counts);
    BucketCounts read;
    REQUIRE(decode(bytes, read));
    CHECK(read.responses == 200);
    CHECK(read.tallies == counts.tallies);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK((!decode(std::string_view(bytes).substr(0, size), read)
            || read.tallies.size() < counts.tallies.size()));
    std::vector<Tally> said;
    CHECK_FALSE(decode(std::string(20, '\xff'), said));
}

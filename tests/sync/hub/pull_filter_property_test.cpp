#include "sync/hub/query.h"
#include "tests/sync/hub/running_hub.h"

#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

// What a filter means is said here a second time, on the rows of an unfiltered pull, and random
// filters are held against it: over HTTP, in pages of any size, as strangers see it.

using namespace listenpost;
using namespace listenpost::test;
using nlohmann::json;

namespace {

constexpr std::int64_t first_ms = 1'789'999'000'000;

std::vector<std::string> const regions {"华东", "华北", ""};
std::vector<std::string> const cities {"上海", "San José", ""};
std::vector<std::string> const touchpoints {"exit", "table 7", "till&door"};

sync::ServerOptions without_limits()
{
    sync::ServerOptions options;
    options.rates = sync::no_limits;
    return options;
}

struct Chain {
    explicit Chain(unsigned seed)
        : random(seed)
    {
        hub.enrol(); // of sh-001, which has neither region nor city
    }

    int between(int low, int high) { return std::uniform_int_distribution(low, high)(random); }
    bool chance(int percent) { return between(1, 100) <= percent; }
    std::string const& one_of(std::vector<std::string> const& list)
    {
        return list[static_cast<std::size_t>(between(0, static_cast<int>(list.size()) - 1))];
    }

    void add_store(std::string const& id)
    {
        places[id] = {one_of(regions), one_of(cities)};
        hub.ask_admin({{"op", "store.add"}, {"id", id}, {"name", id}, {"region", places[id].first},
            {"city", places[id].second}});
        hub.code = hub.ask_admin({{"op", "device.invite"}, {"store", id}, {"name", "box"}})["code"];
        hub.enrol();
        device_tokens[id] = hub.device_token;
        upload_from(id);
    }

    void upload_from(std::string const& id)
    {
        hub.device_token = device_tokens.at(id);
        upload(++installs);
    }

    /// All that comes from now on is of another place.
    void move_store(std::string const& id)
    {
        places[id] = {one_of(regions), one_of(cities)};
        auto const moved = hub.ask_admin(
            {{"op", "store.set"}, {"id", id}, {"region", places[id].first}, {"city", places[id].second}});
        REQUIRE_FALSE(moved.contains("error"));
    }

    void upload(int number)
    {
        std::vector<std::string> responses;
        int const count = between(1, 60);
        for (int seq = 1; seq <= count; ++seq) {
            json answers = json::array();
            for (char const* question : {"quality", "service", "recommend"})
                if (answers.empty() || chance(60))
                    answers.push_back({{"q", question}, {"score", between(chance(30) ? 0 : 3, 10)}});
            if (chance(30))
                answers.push_back({{"q", "wait"}, {"minutes", between(0, 3)}});
            json response {{"seq", seq}, {"opened_ms", first_ms + between(0, 900'000)}, {"took_ms", 1},
                {"steady_ms", 1}, {"answers", answers}, {"outcome", "partial"}, {"closed_by", "finish"},
                {"clock_set", true}, {"boot", "of old"}, {"survey", "s"}, {"survey_version", 1},
                {"touchpoint", one_of(touchpoints)}, {"lang", "zh-CN"}};
            if (chance(40))
                response["comment"] = chance(20) ? "" : "慢";
            responses.push_back(response.dump());
        }
        auto const reply = hub.upload(batch_json(install_id(number), responses));
        REQUIRE(json::parse(reply.body)["refused"].empty());
    }

    RunningHub hub {Transport::Plain, {}, without_limits()};
    std::mt19937 random;
    std::map<std::string, std::pair<std::string, std::string>> places {{"sh-001", {}}};
    std::map<std::string, std::string> device_tokens; ///< by store
    int installs = 0;
};

struct Wanted {
    std::set<std::string> stores, regions, cities, touchpoints;
    std::optional<std::int64_t> from, to;
    bool negative = false, with_comment = false;
};

Wanted random_filter(Chain& chain)
{
    Wanted wanted;
    while (chain.chance(30))
        wanted.stores.insert("sh-00" + std::to_string(chain.between(1, 9)));
    for (auto const& [all, some] : {std::pair(&regions, &wanted.regions), {&cities, &wanted.cities},
             {&touchpoints, &wanted.touchpoints}})
        while (chain.chance(25))
            if (auto const& value = chain.one_of(*all); !value.empty())
                some->insert(value);
    if (chain.chance(30))
        wanted.from = first_ms + chain.between(0, 900'000);
    if (chain.chance(30))
        wanted.to = chain.between(1, 900'000) + wanted.from.value_or(first_ms);
    wanted.negative = chain.chance(30);
    wanted.with_comment = chain.chance(30);
    return wanted;
}

/// A token that is good for this part of the chain alone.
std::string token_of(Chain& chain, Wanted const& part, int round)
{
    json request {{"op", "token.add"}, {"role", "reader"}, {"name", std::to_string(round)}};
    for (auto const& [kind, names] :
        {std::pair("store", &part.stores), {"region", &part.regions}, {"city", &part.cities}})
        if (!names->empty())
            request[kind] = *names;
    return chain.hub.ask_admin(request)["token"];
}

std::string query_of(Wanted const& wanted)
{
    std::string query;
    auto const add = [&query](std::string const& name, std::string const& value) {
        query += "&" + name + "=";
        sync::append_percent_encoded(query, value);
    };
    for (auto const& [name, values] : {std::pair("touchpoint", &wanted.touchpoints), {"city", &wanted.cities},
             {"region", &wanted.regions}, {"store", &wanted.stores}})
        for (auto const& value : *values)
            add(name, value);
    if (wanted.to)
        add("to", std::to_string(*wanted.to));
    if (wanted.from)
        add("from", std::to_string(*wanted.from));
    if (wanted.negative)
        add("negative", "1");
    if (wanted.with_comment)
        add("with_comment", "1");
    return query;
}

bool fits(Wanted const& wanted, Chain const& chain, json const& row)
{
    auto const any = [](std::set<std::string> const& values, std::string const& value) {
        return values.empty() || values.contains(value);
    };
    auto const& [region, city] = chain.places.at(row["store"]);
    std::int64_t const at = row["at_ms"];
    bool const is_negative = std::ranges::any_of(
        row["answers"], [](json const& answer) { return answer.value("score", 10) <= 2; });
    return any(wanted.stores, row["store"]) && any(wanted.regions, region) && any(wanted.cities, city)
        && any(wanted.touchpoints, row["touchpoint"]) && (!wanted.from || at >= *wanted.from)
        && (!wanted.to || at < *wanted.to) && (!wanted.negative || is_negative)
        && (!wanted.with_comment || !row.value("comment", "").empty());
}

/// Page after page until the hub says that the log is at its end.
std::vector<std::string> pull(
    Chain& chain, std::string const& token, std::string& cursor, std::string const& query, int limit)
{
    std::vector<std::string> rows;
    for (std::string at_end = "false"; at_end != "true";) {
        auto const reply = chain.hub.send({"GET",
            "/v1/responses?limit=" + std::to_string(limit) + (cursor.empty() ? "" : "&cursor=" + cursor)
                + query,
            {{"Authorization", "Bearer " + token}}, {}});
        REQUIRE(reply.status == 200);
        std::istringstream lines(reply.body);
        int count = 0;
        for (std::string line; std::getline(lines, line); ++count)
            rows.push_back(line);
        REQUIRE(count <= limit);
        cursor = reply.header("ListenPost-Cursor").value();
        at_end = reply.header("ListenPost-Log-End").value();
    }
    return rows;
}

}

// Half of the rounds with a token of a part of the chain: then both count.
TEST_CASE("A filtered pull is the whole pull without what the filter leaves out, in pages of any size",
    "[sync][hub][pull][access][property]")
{
    auto const seed = GENERATE(range(1U, 7U));
    CAPTURE(seed);
    Chain chain(seed);
    int const stores = chain.between(2, 7);
    for (int number = 2; number <= stores; ++number)
        chain.add_store("sh-00" + std::to_string(number));

    for (int round = 0; round < 15; ++round) {
        auto const wanted = random_filter(chain);
        auto const query = query_of(wanted);
        Wanted part;
        if (chain.chance(50)) {
            auto const any = random_filter(chain);
            part = {any.stores, any.regions, any.cities, {}, {}, {}};
        }
        auto const token = token_of(chain, part, round);
        CAPTURE(query, part.stores, part.regions, part.cities);
        std::string whole_cursor;
        std::string cursor;
        int const limit = chain.chance(50) ? chain.between(5, 40) : chain.between(40, 1'000);
        auto const check = [&] {
            std::vector<std::string> expected;
            for (auto const& line : pull(chain, chain.hub.reader_token, whole_cursor, "", limit))
                if (auto const row = json::parse(line); fits(wanted, chain, row) && fits(part, chain, row))
                    expected.push_back(line);
            CHECK(pull(chain, token, cursor, query, limit) == expected);
        };
        check();
        // A store that is elsewhere than in the hub's memory, and now sends again.
        if (round % 5 == 2) {
            chain.move_store("sh-002");
            chain.upload_from("sh-002");
        }
        // A store that the hub's memory of regions and cities does not have yet.
        if (round % 5 == 4 && chain.places.size() < 9)
            chain.add_store("sh-00" + std::to_string(chain.places.size() + 1));
        check();
    }
}

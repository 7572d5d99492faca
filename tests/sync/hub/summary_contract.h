#pragma once

#include "sync/hub/query.h"
#include "sync/hub/summary_reply.h"
#include "tests/support/environment_guard.h"
#include "tests/sync/hub/rollup_contract.h"

#include <cstdlib>
#include <ctime>
#include <optional>
#include <set>

/// What a summary of every Storage must be: what a plain scan of the log gives. Periods, groups and figures
/// are said here a second time, as simply as they can be; local times by the C library.
namespace listenpost::test {

/// Of the chain in which RandomChain's boxes stand.
inline std::vector<sync::Store> const chain_stores {{"sh-001", "人民广场店", "华东", "上海", "Asia/Shanghai"},
    {"bj-007", "西单店", "华北", "北京", "Asia/Shanghai"},
    {"ny-042", "Broadway", "", "New York", "America/New_York"}, {"in-003", "MG Road", "", "", "Asia/Kolkata"},
    {"lon-1", "Strand", "华东", "London", "Europe/London"}};

inline std::string survey_json(std::string const& id, std::string const& questions)
{
    return R"({"id":")" + id
        + R"(","version":1,"languages":["en"],"brand":{"en":"x"},"headline":{"en":"x"},"subline":{"en":"x"},)"
          R"("attract":{"headline":{"en":"x"},"subline":{"en":"x"}},"privacy":{"en":"x"},)"
          R"("thanks_title":{"en":"x"},"thanks_promise":{"en":"x"},"questions":[)"
        + questions + "]}";
}

/// `labels`: as many as its scale has faces; two of an NPS.
inline std::string rating_json(std::string const& id, std::string const& scale_and_more, int labels)
{
    std::string list;
    for (int label = 1; label <= labels; ++label)
        list += std::string(list.empty() ? "" : ",") + R"({"en":")" + std::to_string(label) + R"("})";
    return R"({"id":")" + id + R"(","title":{"en":"x"},"score_labels":[)" + list + "]," + scale_and_more
        + "}";
}

/// What a rating means where the scan looks it up: lowest and highest score, weight, whether it is in the
/// index.
struct PlainMeaning {
    std::string scale;
    int lowest = 1, highest = 5;
    double weight = 1;
    bool is_in_index = false;
};

inline std::optional<PlainMeaning> plain_meaning(std::string const& survey, std::string const& question)
{
    bool const is_qsc = question == "quality" || question == "service" || question == "cleanliness";
    if (survey == "nobody-registered-it")
        return is_qsc ? std::optional(PlainMeaning {"faces5", 1, 5, 1, true}) : std::nullopt;
    if (survey == "faces-of-three" && question == "quality")
        return PlainMeaning {"faces3", 1, 3, 1, true};
    if (survey == "qsc-restaurant" && question == "quality")
        return PlainMeaning {"faces5", 1, 5, 2, true};
    if (survey == "qsc-restaurant" && is_qsc)
        return PlainMeaning {"faces5", 1, 5, 1, true};
    if (survey == "qsc-restaurant" && question == "recommend")
        return PlainMeaning {"nps", 0, 10, 1, false};
    return {};
}

inline void register_surveys(sync::Storage& storage)
{
    std::string const face = R"("scale":"faces5","dimension":")";
    auto const qsc = survey_json("qsc-restaurant",
        rating_json("quality", face + R"(quality","weight":2)", 5) + ","
            + rating_json("service", face + R"(service")", 5) + ","
            + rating_json("cleanliness", face + R"(cleanliness")", 5) + ","
            + rating_json("recommend", R"("scale":"nps")", 2));
    auto const three = survey_json(
        "faces-of-three", rating_json("quality", R"("scale":"faces3","dimension":"quality")", 3));
    for (auto const& json : {qsc, three}) {
        auto const survey = sync::survey_to_register(json);
        INFO((survey ? "" : survey.error().detail));
        REQUIRE(survey);
        REQUIRE(storage.put_survey(*survey, act_at(1)));
    }
}

/// A moment on a zone's clocks.
inline std::tm clocks_of(std::string const& timezone, std::int64_t ms)
{
    ::setenv("TZ", timezone.c_str(), 1);
    ::tzset();
    std::time_t const seconds = ms / 1'000;
    std::tm parts {};
    ::localtime_r(&seconds, &parts);
    return parts;
}

inline std::int64_t day_number(std::tm const& parts)
{
    using namespace std::chrono;
    return sys_days(year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday)
        .time_since_epoch()
        .count();
}

inline std::string date_of(std::int64_t day)
{
    std::time_t const seconds = day * 86'400;
    std::tm parts {};
    ::gmtime_r(&seconds, &parts);
    char text[16];
    std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
    return text;
}

/// One random query, and what it leaves in.
struct RandomQuery {
    explicit RandomQuery(RandomChain& chain)
    {
        static std::vector<std::string> const groups {
            "none", "store", "region", "city", "touchpoint", "day", "week", "hour_of_week"};
        group = chain.one_of(groups);
        while (chain.chance(30))
            stores.insert(chain.one_of(chain.stores));
        while (chain.chance(15))
            regions.insert(chain.chance(50) ? "华东" : "华北");
        while (chain.chance(15))
            touchpoints.insert(chain.chance(50) ? "exit" : "table 7");
        include_flagged = chain.chance(40);
        // Ends in the days of the clock changes too, where RandomChain's taps are.
        std::int64_t const first = chain.chance(60) ? chain.moment() : 1'750'000'000'000;
        std::int64_t const last = first + chain.between(1, chain.chance(50) ? 40'000 : 1'000) * 900'000LL;
        days = chain.chance(60);
        from = days ? first / 86'400'000 : first / 900'000 * 900'000;
        to = days ? last / 86'400'000 + 1 : last / 900'000 * 900'000;
        if (to <= from)
            to = from + 900'000;
    }

    std::string target() const
    {
        std::string text = "/v1/summary?group=" + group;
        auto const add = [&text](char const* name, std::string const& value) {
            text.append("&").append(name).append("=");
            sync::append_percent_encoded(text, value);
        };
        for (auto const& [name, values] :
            {std::pair("store", &stores), {"region", &regions}, {"touchpoint", &touchpoints}})
            for (auto const& value : *values)
                add(name, value);
        add("from", days ? date_of(from) : std::to_string(from));
        add("to", days ? date_of(to) : std::to_string(to));
        if (include_flagged)
            add("flagged", "include");
        return text;
    }

    /// The group of a response, as JSON says it; nothing: it is not in.
    std::optional<nlohmann::json> group_of(PulledRow const& row, nlohmann::json const& response) const
    {
        auto const store = std::ranges::find(chain_stores, row.store, &sync::Store::id);
        auto const any = [](std::set<std::string> const& wanted, std::string const& value) {
            return wanted.empty() || wanted.contains(value);
        };
        if (response.contains("event") || !any(stores, store->id) || !any(regions, store->region)
            || !any(touchpoints, response["touchpoint"]))
            return {};
        auto const clocks = clocks_of(store->timezone, row.at_ms);
        auto const day = day_number(clocks);
        auto const place = days ? day : row.at_ms;
        if (place < from || place >= to)
            return {};
        int const weekday = (clocks.tm_wday + 6) % 7;
        if (group == "day")
            return date_of(day);
        if (group == "week")
            return date_of(day - weekday);
        if (group == "hour_of_week")
            return weekday * 24 + clocks.tm_hour;
        if (group == "touchpoint")
            return response["touchpoint"];
        return group == "store" ? store->id
            : group == "region" ? store->region
            : group == "city"   ? store->city
                                : "";
    }

    std::string group;
    std::set<std::string> stores, regions, touchpoints;
    bool include_flagged = false, days = false;
    std::int64_t from = 0, to = 0;
};

/// A group as the scan counts it.
struct PlainGroup {
    std::int64_t complete = 0, partial = 0, with_comment = 0, flagged = 0;
    std::map<std::pair<std::string, std::string>, std::map<int, std::int64_t>> questions; ///< by id and scale
    std::map<std::pair<std::string, std::string>, PlainMeaning> meanings;

    void add(nlohmann::json const& response, bool include_flagged)
    {
        bool const is_flagged = !response.value("flags", nlohmann::json::array()).empty();
        flagged += is_flagged ? 1 : 0;
        if (is_flagged && !include_flagged)
            return;
        ++(response["outcome"] == "complete" ? complete : partial);
        with_comment
            += response.value("comment", "").empty() && !response.value("comment_erased", false) ? 0 : 1;
        for (auto const& answer : response["answers"]) {
            if (!answer.contains("score"))
                continue;
            auto const meaning = plain_meaning(response["survey"], answer["q"]);
            // The weight tells apart what the scale does not.
            std::pair<std::string, std::string> const key {answer["q"],
                meaning ? meaning->scale + std::to_string(static_cast<int>(meaning->weight)) : ""};
            ++questions[key][answer["score"]];
            if (meaning)
                meanings[key] = *meaning;
        }
    }
};

inline void check_question(nlohmann::json const& told, std::map<int, std::int64_t> const& scores,
    std::optional<PlainMeaning> const& meaning)
{
    std::map<std::string, std::int64_t> distribution;
    std::int64_t count = 0, top = 0;
    double sum = 0;
    for (auto const& [score, times] : scores) {
        if (meaning && (score < meaning->lowest || score > meaning->highest))
            continue;
        distribution[std::to_string(score)] = times;
        count += times;
        sum += static_cast<double>(score * times);
        if (meaning && score > meaning->highest - (meaning->highest == 3 ? 1 : 2))
            top += times;
    }
    if (meaning)
        for (int score = meaning->lowest; score <= meaning->highest; ++score)
            distribution[std::to_string(score)];
    CHECK(told["count"] == count);
    CHECK(told["distribution"] == nlohmann::json(distribution));
    CHECK(told.value("too_few", false) == (meaning && count < 5));
    CHECK(told.contains("mean") == (meaning && count >= 5));
    if (!meaning || count < 5)
        return;
    auto const number = static_cast<double>(count);
    CHECK(told["mean"]["value"].get<double>() == Approx(sum / number).margin(0.0001));
    CHECK(told["mean"]["low"].get<double>() < told["mean"]["high"].get<double>());
    CHECK(told["top_box"]["value"].get<double>() == Approx(static_cast<double>(top) / number).margin(0.0001));
    CHECK(told.contains("nps") == (meaning->scale == "nps"));
}

/// Of the ratings that are in the index: their number, and by question the average on 1 to 5.
inline void check_index(nlohmann::json const& told, PlainGroup const& group)
{
    struct Part {
        double weighted_sum = 0, sum = 0;
        std::int64_t count = 0;
    };
    std::map<std::string, Part> parts;
    std::int64_t count = 0;
    for (auto const& [key, meaning] : group.meanings)
        for (auto const& [score, times] : group.questions.at(key)) {
            if (!meaning.is_in_index || score < meaning.lowest || score > meaning.highest)
                continue;
            double const on_five = 1 + 4.0 * (score - meaning.lowest) / (meaning.highest - meaning.lowest);
            auto& part = parts[key.first];
            part.weighted_sum += meaning.weight * on_five * static_cast<double>(times);
            part.sum += meaning.weight * static_cast<double>(times);
            part.count += times;
            count += times;
        }
    CHECK(told["count"] == count);
    CHECK(told.contains("value") == (count >= 5));
    if (count < 5)
        return;
    double sum = 0, weights = 0;
    for (auto const& [id, part] : parts) {
        sum += part.weighted_sum / static_cast<double>(part.count);
        weights += part.sum / static_cast<double>(part.count);
    }
    CHECK(told["value"].get<double>() == Approx(sum / weights).margin(0.0001));
}

inline void check_group(nlohmann::json const& told, PlainGroup const& group)
{
    CHECK(told["responses"] == group.complete + group.partial);
    CHECK(told["complete"] == group.complete);
    CHECK(told["partial"] == group.partial);
    CHECK(told["with_comment"] == group.with_comment);
    CHECK(told["flagged"] == group.flagged);
    REQUIRE(told["questions"].size() == group.questions.size());
    for (auto const& question : told["questions"]) {
        std::string scale = question.value("scale", "");
        if (!scale.empty())
            scale += std::to_string(question["weight"].get<int>());
        std::pair<std::string, std::string> const key {question["id"], scale};
        CAPTURE(key.first, key.second);
        REQUIRE(group.questions.contains(key));
        auto const meaning = group.meanings.find(key);
        check_question(question, group.questions.at(key),
            meaning == group.meanings.end() ? std::nullopt : std::optional(meaning->second));
    }
    check_index(told["index"], group);
}

inline nlohmann::json answered(sync::StorageReader& reader, std::string const& target)
{
    constexpr std::int64_t now_ms = 1'790'000'000'500;
    auto const reply = target.starts_with("/v1/summary") ? sync::summary_reply(reader, target, {}, now_ms)
                                                         : sync::ranking_reply(reader, target, {}, now_ms);
    CAPTURE(target, reply.body.substr(0, 300));
    REQUIRE(reply.status == 200);
    return nlohmann::json::parse(reply.body);
}

inline void a_summary_is_what_a_scan_of_the_log_gives(MakeStorage const& make, RollupCommands const& commands)
{
    auto const seed = GENERATE(range(1U, 5U));
    CAPTURE(seed);
    EnvironmentGuard environment;
    environment.set("TZ", "Etc/UTC");
    auto storage = make();
    for (auto const& store : chain_stores)
        REQUIRE(storage->registry().add_store(store, act_at(1)));
    register_surveys(*storage);
    RandomChain chain(*storage, seed);
    fill(chain, *storage);
    auto const rows = pull_everything(*storage);
    std::vector<nlohmann::json> responses;
    for (auto const& row : rows)
        responses.push_back(nlohmann::json::parse(row.raw));
    auto reader = storage->open_reader();
    REQUIRE(reader);
    std::size_t groups_seen = 0;
    for (int round = 0; round < 60; ++round) {
        RandomQuery const query(chain);
        auto const target = query.target();
        CAPTURE(target);
        PlainGroup total;
        std::map<std::string, PlainGroup> expected; // by the group's JSON
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (auto const group = query.group_of(rows[i], responses[i])) {
                total.add(responses[i], query.include_flagged);
                expected[group->dump()].add(responses[i], query.include_flagged);
            }
        auto const told = answered(**reader, target);
        CHECK(told["from"] == (query.days ? date_of(query.from) : std::to_string(query.from)));
        check_group(told["total"], total);
        CHECK(told.contains("groups") == (query.group != "none"));
        if (query.group == "none")
            continue;
        REQUIRE(told["groups"].size() == expected.size());
        for (auto const& group : told["groups"]) {
            auto const name = group["group"].dump();
            CAPTURE(name);
            REQUIRE(expected.contains(name));
            check_group(group, expected.at(name));
        }
        groups_seen += expected.size();
    }
    CHECK(groups_seen > 300);
    reader->reset();
    nothing_is_to_be_mended(std::move(storage), commands);
}

inline void a_ranking_puts_the_best_first_and_those_of_too_few_last(MakeStorage const& make)
{
    auto const storage = make();
    struct Given {
        std::string store;
        int taps;
        int lower_every; ///< so many taps one is of a 4, the others of a 5
    };
    std::vector<Given> given {{"large", 500, 10}, {"small", 5, 6}, {"poor", 300, 1}, {"tiny", 4, 5}};
    for (int fair = 1; fair <= 5; ++fair)
        given.push_back({"fair-" + std::to_string(fair), 200, 2});
    for (std::size_t box = 0; box < given.size(); ++box) {
        auto const& [id, taps, lower_every] = given[box];
        REQUIRE(storage->registry().add_store({id, "店 " + id, id, "x", "Asia/Shanghai"}, act_at(1)));
        std::vector<std::string> responses;
        for (int seq = 1; seq <= taps; ++seq) {
            auto response = nlohmann::json::parse(response_json(seq));
            response["answers"] = {
                {{"q", "quality"}, {"score", seq % lower_every == 0 ? 4 : 5}}, {{"q", "wait"}, {"score", 9}}};
            responses.push_back(response.dump());
        }
        ingest_one(*storage, install_id(static_cast<int>(box)), responses, id);
    }
    auto reader = storage->open_reader();
    REQUIRE(reader);
    auto const [target, by] = GENERATE(table<std::string, std::string>({
        {"/v1/ranking?from=2026-01-01&to=2027-01-01", "index"},
        {"/v1/ranking?from=2026-01-01&to=2027-01-01&by=region&question=quality", "quality"},
    }));
    auto const told = answered(**reader, target);
    CHECK(told["by"] == by);
    auto const& ranking = told["ranking"];
    REQUIRE(ranking.size() == 9);
    auto const place_of = [&](std::string const& id) {
        return static_cast<std::size_t>(std::ranges::find(ranking, id, [](auto const& entry) {
            return entry["group"].template get<std::string>();
        }) - ranking.begin());
    };
    // Five taps of the best score do not beat five hundred that are nearly as good.
    CHECK(place_of("large") == 0);
    CHECK(place_of("poor") == 7);
    CHECK(place_of("tiny") == 8);
    CHECK(ranking[0]["mean"]["value"].get<double>() == Approx(4.9));
    CHECK(ranking[0]["best_rank"] == 1);
    CHECK(ranking[7]["worst_rank"] == 8);
    auto const& small = ranking[place_of("small")];
    CHECK(small["mean"]["value"] == 5);
    CHECK(small["shrunk"]["value"] < ranking[0]["shrunk"]["value"]);
    CHECK(small["worst_rank"] > small["best_rank"]);
    CHECK(ranking[8]["count"] == 4);
    CHECK(ranking[8]["too_few"] == true);
    CHECK_FALSE(ranking[8].contains("mean"));
    CHECK(ranking[0].contains("name") == (by == "index"));
    // Nobody knows what that one means.
    auto const unknown = answered(**reader, "/v1/ranking?question=wait&from=2026-01-01&to=2027-01-01");
    CHECK(unknown["ranking"].size() == 9);
    for (auto const& entry : unknown["ranking"])
        CHECK(entry["too_few"] == true);
}

inline void a_summary_is_of_what_the_asker_may_see(MakeStorage const& make)
{
    auto const storage = make();
    for (auto const& store : chain_stores)
        REQUIRE(storage->registry().add_store(store, act_at(1)));
    ingest_one(*storage, install_id(1), {response_json(1)}, "sh-001");
    ingest_one(*storage, install_id(2), {response_json(1), response_json(2)}, "bj-007");
    auto reader = storage->open_reader();
    REQUIRE(reader);
    auto const may_see = [](sync::Store const& store) { return store.region == "华东"; };
    auto const ask = [&](std::string const& target) {
        return sync::summary_reply(**reader, target, may_see, 1'790'000'000'500);
    };
    CHECK(nlohmann::json::parse(ask("/v1/summary").body)["total"]["responses"] == 1);
    CHECK(ask("/v1/summary?store=sh-001").status == 200);
    // As one that is not there: it is not to be known.
    CHECK(ask("/v1/summary?store=bj-007").status == 400);
    CHECK_THAT(ask("/v1/summary?store=bj-007").body, Catch::Contains("there is no store bj-007"));
    CHECK(answered(**reader, "/v1/summary?store=bj-007")["total"]["responses"] == 2);
    // The last 28 days, today included, where the first store is.
    CHECK(answered(**reader, "/v1/summary")["from"] == "2026-08-25");
    CHECK(answered(**reader, "/v1/summary")["to"] == "2026-09-22");
}

inline void too_many_days_of_too_many_stores_are_refused(MakeStorage const& make)
{
    auto const storage = make();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    std::vector<sync::Store> const stores(1'000, chain_stores.front());
    auto const ask = [&](std::string const& target) {
        auto const query = sync::parse_summary_query(target);
        REQUIRE(query);
        return sync::count_summary(**reader, *query, stores, stores.size(), 1'790'000'000'500);
    };
    std::string const most = "from=2024-01-01&to=2026-09-27"; // 1,000 days
    std::string const more = "from=2024-01-01&to=2026-09-28";
    for (std::string const group : {"day", "week", "hour_of_week"}) {
        CHECK(ask("/v1/summary?group=" + group + "&" + most));
        auto const refused = ask("/v1/summary?group=" + group + "&" + more);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::Invalid);
        CHECK_THAT(refused.error().detail, Catch::Contains("ask for fewer stores"));
    }
    // Of whole blocks it reads few rows.
    CHECK(ask("/v1/summary?group=store&" + more));
}

inline void a_summary_says_where_it_lacks_scores(MakeStorage const& make)
{
    auto const storage = make();
    REQUIRE(storage->registry().add_store({"sh-001", "店", "x", "x", "Etc/UTC"}, act_at(1)));
    REQUIRE(storage->registry().add_store({"sh-002", "店", "x", "x", "Etc/UTC"}, act_at(1)));
    ingest_one(*storage, install_id(1), responses_of_many_questions());
    ingest_one(*storage, install_id(2), {response_json(1)}, "sh-002");
    auto reader = storage->open_reader();
    REQUIRE(reader);
    // The day alone, cut in the middle as well, and blocks in which it is.
    auto const period = GENERATE("from=2026-09-10&to=2026-09-11",
        "from=2026-09-10T00:00:00Z&to=2026-09-10T12:00:00Z", "from=2026-01-01&to=2027-01-01");
    CAPTURE(period);
    auto const told = answered(**reader, "/v1/summary?group=store&" + std::string(period));
    CHECK(told["total"]["too_many_questions"] == true);
    CHECK(told["total"]["responses"] >= 20);
    auto const& groups = told["groups"];
    CHECK(groups[0]["group"] == "sh-001");
    CHECK(groups[0]["too_many_questions"] == true);
    CHECK(groups[0]["questions"].empty());
    if (groups.size() > 1) {
        CHECK_FALSE(groups[1].contains("too_many_questions"));
        CHECK(groups[1]["questions"].size() == 3);
        CHECK(told["total"]["questions"].size() == 3);
    }
    auto const ranked = answered(**reader, "/v1/ranking?" + std::string(period))["ranking"];
    for (auto const& entry : ranked)
        CHECK(entry.contains("too_many_questions") == (entry["group"] == "sh-001"));
    auto const next = answered(**reader, "/v1/summary?from=2026-09-11&to=2026-09-12")["total"];
    CHECK_FALSE(next.contains("too_many_questions"));
    CHECK(next["questions"].size() == 200);
}

inline void a_summary_is_broken_off_when_the_hub_stops(MakeStorage const& make)
{
    auto const storage = make();
    REQUIRE(storage->registry().add_store(chain_stores.front(), act_at(1)));
    ingest_one(*storage, install_id(1), {response_json(1)}, "sh-001");
    std::stop_source stop;
    auto reader = storage->open_reader();
    REQUIRE(reader);
    auto const query = sync::parse_summary_query("/v1/summary?from=2026-01-01&to=2027-01-01");
    auto const count = [&] {
        return sync::count_summary(
            **reader, *query, {chain_stores.front()}, 1, 1'790'000'000'500, stop.get_token());
    };
    CHECK(count());
    stop.request_stop();
    CHECK(count().error().code == Errc::Cancelled);
    auto const reply = sync::summary_reply(**reader, "/v1/summary", {}, 1'790'000'000'500, stop.get_token());
    CHECK(reply.status == 503);
    CHECK_THAT(reply.body, Catch::Contains("\"stopping\""));
}
}

/// TEST(function, sentence) for each, as LISTENPOST_STORAGE_CONTRACT; and, with its commands,
/// a_summary_is_what_a_scan_of_the_log_gives().
#define LISTENPOST_SUMMARY_CONTRACT(TEST)                                                                    \
    TEST(a_ranking_puts_the_best_first_and_those_of_too_few_last,                                            \
        "a ranking puts the best first, and those of too few ratings last")                                  \
    TEST(a_summary_says_where_it_lacks_scores, "a summary says where it lacks scores of too many questions") \
    TEST(a_summary_is_of_what_the_asker_may_see, "a summary is of what the asker may see")                   \
    TEST(too_many_days_of_too_many_stores_are_refused, "too many days of too many stores are refused")       \
    TEST(a_summary_is_broken_off_when_the_hub_stops, "a summary is broken off when the hub stops")

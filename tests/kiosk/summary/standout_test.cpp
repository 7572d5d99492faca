#include "kiosk/summary/standout_rule.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <span>
#include <vector>

using namespace listenpost::kiosk;

namespace {

constexpr int opens = 10; // as hours since the day change go
constexpr std::array<double, 12> rush {2, 9, 13, 7, 3, 2, 3, 9, 13, 10, 5, 2};
constexpr double all_rush = 78;
constexpr int days_before = 56;

/// What a store is like, day by day; scores are rounded from a level with noise, as a guest's are.
struct Store {
    double ratings_a_day = 200;
    double level = 4.4;
    double guest = 0.8; ///< standard deviation of one rating
    double days = 0.1; ///< of a question's days
    double hours = 0.1; ///< of its hours on a day
    double common_days = 0; ///< of all questions' days together
    double weekdays = 0.1; ///< between its weekdays
    double bad_level = 0; ///< of the second question at lunch
};

class Simulation {
public:
    Simulation(Store const& store, unsigned seed)
        : store_(store)
        , random_(seed)
    {
        for (auto& question : weekdays_)
            for (auto& level : question)
                level = normal(store.weekdays);
    }

    /// `is_bad`: at lunch, by Store::bad_level.
    RatedDay day(int number, bool is_bad_day)
    {
        RatedDay day {number % 7, std::vector<std::array<ScoreCounts, RatedDay::hours>>(3)};
        double const common = normal(store_.common_days);
        for (std::size_t question = 0; question < 3; ++question) {
            double const level = store_.level + common + normal(store_.days)
                + weekdays_[question][static_cast<std::size_t>(day.weekday)];
            for (int hour = opens; hour < opens + static_cast<int>(rush.size()); ++hour) {
                bool const is_bad = is_bad_day && question == 1 && (hour == 11 || hour == 12);
                auto& counts = day.questions[question][static_cast<std::size_t>(hour)];
                fill(counts, hour, day.weekday,
                    level + normal(store_.hours) - (is_bad ? store_.bad_level : 0));
            }
        }
        return day;
    }

private:
    double normal(double deviation)
    {
        return deviation > 0 ? std::normal_distribution<>(0, deviation)(random_) : 0;
    }

    void fill(ScoreCounts& counts, int hour, int weekday, double level)
    {
        double const mean = store_.ratings_a_day * rush[static_cast<std::size_t>(hour - opens)] / all_rush
            * (weekday >= 5 ? 1.4 : 1);
        for (int left = std::poisson_distribution<>(mean)(random_); left > 0; --left)
            counts.add(std::clamp(static_cast<int>(std::lround(level + normal(store_.guest))), 1, 5));
    }

    Store store_;
    std::mt19937 random_;
    std::array<std::array<double, 7>, 3> weekdays_ {};
};

constexpr std::array scales {Scale::FiveFaces, Scale::FiveFaces, Scale::FiveFaces};

/// Of so many days of stores that are alike, each after eight weeks of its own.
struct Rate {
    int days = 0;
    int said = 0;
    int right = 0; ///< names the second question, worse, and hours that meet lunch
};

RatedDay cut(RatedDay day, int until)
{
    for (auto& question : day.questions)
        for (int hour = until; hour < RatedDay::hours; ++hour)
            question[static_cast<std::size_t>(hour)] = {};
    return day;
}

bool is_said_before(int until, RatedDay const& today, std::span<RatedDay const> usual)
{
    std::vector<RatedDay> days;
    for (auto const& day : usual)
        days.push_back(cut(day, until));
    return find_standout(cut(today, until), days, scales).deviation.has_value();
}

/// When the manager looks.
enum class Looks { AtClosing, EveryHour };

Rate simulate(Store const& store, int days, Looks looks = Looks::AtClosing)
{
    constexpr int closes = opens + static_cast<int>(rush.size());
    Rate rate;
    for (unsigned round = 1; rate.days < days; ++round) {
        Simulation simulation(store, round);
        std::vector<RatedDay> all;
        for (int day = 0; day < days_before; ++day)
            all.push_back(simulation.day(day, false));
        // A few days of each store: each with the eight weeks before it.
        for (int next = days_before; next < days_before + 10 && rate.days < days; ++next, ++rate.days) {
            auto const today = simulation.day(next, true);
            std::span const usual = std::span(all).last(days_before);
            auto const found = find_standout(today, usual, scales).deviation;
            bool is_said = found.has_value();
            for (int until = opens + 1; looks == Looks::EveryHour && !is_said && until < closes; ++until)
                is_said = is_said_before(until, today, usual);
            rate.said += is_said;
            rate.right += found && found->question == 1 && !found->is_better && found->from_hour < 13
                && found->to_hour > 11;
            all.push_back(store.bad_level == 0 ? today : simulation.day(next, false));
        }
    }
    return rate;
}

}

TEST_CASE(
    "On a store's usual days something stands out on fewer than 1 of 40, looked at every hour", "[summary]")
{
    Rate all;
    for (Store const& store : {Store {}, Store {.days = 0, .hours = 0, .weekdays = 0},
             Store {.days = 0.25, .hours = 0.25, .common_days = 0.15}, Store {.ratings_a_day = 20},
             Store {.ratings_a_day = 60, .level = 5.1, .guest = 0.9}}) {
        auto const rate = simulate(store, 120, Looks::EveryHour);
        all.days += rate.days;
        all.said += rate.said;
    }
    INFO(all.said << " of " << all.days);
    CHECK(all.said * 40 <= all.days);
}

TEST_CASE("A lunch that is a point worse than usual stands out, with its question and hours", "[summary]")
{
    auto const rate = simulate({.bad_level = 1.0}, 150);
    INFO(rate.right << " of " << rate.days);
    CHECK(rate.right > rate.days * 8 / 10);
    CHECK(rate.right >= rate.said * 95 / 100);
}

TEST_CASE("A quiet store's lunch stands out where it is two points worse", "[summary]")
{
    auto const rate = simulate({.ratings_a_day = 30, .bad_level = 2}, 150);
    INFO(rate.right << " of " << rate.days);
    CHECK(rate.right > rate.days / 2);
}

TEST_CASE("Five such lunches in the weeks before do not make the sixth usual", "[summary]")
{
    int said = 0;
    constexpr int rounds = 60;
    for (unsigned round = 1; round <= rounds; ++round) {
        Simulation simulation({.bad_level = 1.2}, round);
        std::vector<RatedDay> usual;
        for (int day = 0; day < days_before; ++day)
            usual.push_back(simulation.day(day, day >= days_before - 5));
        auto const found = find_standout(simulation.day(days_before, true), usual, scales).deviation;
        said += found && found->question == 1 && !found->is_better;
    }
    INFO(said << " of " << rounds);
    CHECK(said > rounds / 2);
}

TEST_CASE("A better lunch is said too", "[summary]")
{
    auto const rate = simulate({.level = 3.2, .bad_level = -1.2}, 60);
    CHECK(rate.said > rate.days / 2);
    CHECK(rate.right == 0);
}

TEST_CASE("Nothing is said of too few weeks, or too few ratings", "[summary]")
{
    Simulation simulation({.bad_level = 3}, 1);
    std::vector<RatedDay> usual;
    for (int day = 0; day < days_before; ++day)
        usual.push_back(simulation.day(day, false));
    auto const today = simulation.day(days_before, true);
    auto const verdict = [&](RatedDay const& day, std::span<RatedDay const> before) {
        return find_standout(day, before, scales).verdict;
    };
    REQUIRE(verdict(today, usual) == StandoutVerdict::Found);
    CHECK(verdict(today, std::span(usual).last(27)) == StandoutVerdict::NotTested);
    CHECK(verdict(today, {}) == StandoutVerdict::NotTested);
    CHECK(verdict(cut(today, opens), usual) == StandoutVerdict::NotTested);

    auto few = cut(today, opens);
    few.questions[1][12].add(1, 9);
    CHECK(verdict(few, usual) == StandoutVerdict::NotTested);
    few.questions[1][12].add(1);
    CHECK(verdict(few, usual) == StandoutVerdict::Found);
}

TEST_CASE("Of a usual day it is said that nothing stands out, for it was looked at", "[summary]")
{
    Simulation simulation({}, 1);
    std::vector<RatedDay> usual;
    for (int day = 0; day < days_before; ++day)
        usual.push_back(simulation.day(day, false));
    auto const found = find_standout(usual[0], usual, scales);
    CHECK(found.verdict == StandoutVerdict::Nothing);
    CHECK_FALSE(found.deviation);
}

TEST_CASE("The hours that are named are where it was", "[summary]")
{
    Simulation simulation({.bad_level = 1.5}, 3);
    std::vector<RatedDay> usual;
    for (int day = 0; day < days_before; ++day)
        usual.push_back(simulation.day(day, false));
    auto const today = simulation.day(days_before, true);
    auto const found = find_standout(today, usual, scales).deviation;
    REQUIRE(found);
    CHECK(found->from_hour == 11);
    CHECK(found->to_hour == 13);
    CHECK_FALSE(found->is_whole_day);
    CHECK(found->now.value < found->usual - 1);
    CHECK(found->day.value > found->now.value);
    CHECK(found->score > found->threshold);

    auto const lunch = cut(today, 13);
    std::vector<RatedDay> lunches;
    for (auto const& day : usual)
        lunches.push_back(cut(day, 13));
    auto const at_noon = find_standout(lunch, lunches, scales).deviation;
    REQUIRE(at_noon);
    CHECK(at_noon->question == 1);
}

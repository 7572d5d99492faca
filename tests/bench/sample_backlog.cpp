#include "tests/bench/sample_backlog.h"

#include "kiosk/model/response.h"
#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "platform/sqlite/database.h"
#include "tests/bench/sample_comments.h"
#include "tests/support/must.h"

#include <algorithm>
#include <array>
#include <random>
#include <span>
#include <string>

namespace listenpost::bench {
namespace {

using namespace kiosk;
using test::must;

struct Question {
    char const* id;
    std::array<char const*, 6> reasons;
};

/// The surveys that ship, as far as a response tells of them (assets/surveys).
struct SurveyParts {
    char const* id;
    std::array<Question, 3> questions;
    char const* choice; ///< asked further of the first question's discontent
    std::array<char const*, 6> options;
    char const* minutes; ///< asked further of those who chose the second question's first reason
    std::array<char const*, 9> phrases; ///< in simplified Chinese
};

constexpr SurveyParts restaurant {
    "qsc-restaurant",
    {{
        {"quality", {"salty", "sweet", "cold", "stale", "small_portion", "other"}},
        {"service", {"long_wait", "unfriendly", "ignored", "wrong_order", "bill", "other"}},
        {"cleanliness", {"table", "tableware", "floor", "smell", "toilet", "other"}},
    }},
    "dish",
    {"rice", "noodles", "meat", "vegetables", "soup", "other"},
    "wait",
    {"上菜有点慢", "味道很好", "服务热情", "分量足", "偏咸", "桌面没收", "环境舒服", "价格实惠", "会再来"},
};
constexpr SurveyParts retail {
    "qsc-shop",
    {{
        {"goods", {"out_of_stock", "small_choice", "price", "quality", "wrong_price", "other"}},
        {"staff", {"long_queue", "nobody_there", "unfriendly", "no_answer", "pushy", "other"}},
        {"tidiness", {"shelves", "aisles", "floor", "fitting_room", "smell", "other"}},
    }},
    "missing",
    {"size", "colour", "food", "home", "beauty", "other"},
    "queue",
    {"结账有点慢", "店员热心", "款式多", "想要的没货", "价格实惠", "标价不清楚", "陈列好看", "通道太窄",
        "会再来"},
};

/// How busy each hour of the day is; 0: closed.
constexpr std::array<std::array<int, 24>, 3> days {{
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 7, 9, 6, 2, 1, 2, 7, 10, 8, 4, 2, 0, 0}, // lunch and dinner
    {0, 0, 0, 0, 0, 0, 3, 7, 8, 4, 2, 4, 6, 3, 2, 3, 3, 4, 3, 2, 1, 0, 0, 0}, // breakfast and tea
    {1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 5, 5, 5, 5, 6, 7, 6, 4, 3, 2}, // a mall
}};

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

class Shop {
public:
    Shop(unsigned seed, Talkativeness talk)
        : random_(seed)
        , survey_(seed % 2 == 1 ? restaurant : retail)
        , talk_(talk)
        , comments_(seed % 2 == 1 ? Trade::Restaurant : Trade::Shop, seed)
        , hours_(days[seed % 2 == 1 ? pick(2) : 2])
        , guests_(between(60, 400))
        , foreign_(between(2, 14))
        , off_at_night_(chance(40))
        , now_ms_(1'789'948'800'000 + 16 * hour_ms) // a midnight in Shanghai
    {
        // Some shops are better than others.
        auto const good = static_cast<double>(between(25, 55));
        scores_ = std::discrete_distribution<int>({4, 6, 14, 76 - good, good});
        boot();
    }

    void next(sqlite::Statement& insert, std::int64_t seq)
    {
        come();
        auto const list = answers();
        auto const rated
            = std::ranges::count_if(list, [](Answer const& answer) { return answer.score.has_value(); });
        bool const complete = static_cast<std::size_t>(rated) == survey_.questions.size();
        bool const restarted = !complete && chance(1);
        // Log-normal, as people's times are: about 7 s for three taps, more with every answer.
        double const seconds
            = std::lognormal_distribution<>(std::log(2.4 * (1 + list.size())), 0.45)(random_);
        std::string const answers = to_json(list);
        std::string const language = this->language();
        std::string const comment = complete || chance(10) ? this->comment(language) : "";
        std::string const flags = this->flags();
        insert.bind(1, seq)
            .bind(2, now_ms_)
            .bind(3, static_cast<std::int64_t>(seconds * 1000) + (complete ? 0 : 20'000))
            .bind(4, now_ms_ - booted_ms_)
            .bind(5, boot_)
            .bind(6, survey_.id)
            .bind(7, survey_version_)
            .bind(8, language)
            .bind(9, name(complete ? Outcome::Complete : Outcome::Partial))
            .bind(10,
                name(complete       ? ClosedBy::Finish
                        : restarted ? ClosedBy::Restart
                                    : ClosedBy::Timeout))
            .bind(11, answers)
            .bind(12, comment)
            .bind(13, flags);
        must(insert.run());
    }

private:
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
    }
    std::size_t pick(std::size_t count)
    {
        return static_cast<std::size_t>(between(0, static_cast<std::int64_t>(count) - 1));
    }
    bool chance(int percent) { return between(0, 99) < percent; }
    bool one_in(std::int64_t count) { return between(1, count) == 1; }

    void boot()
    {
        booted_ms_ = now_ms_ - between(30'000, 600'000);
        boot_.clear();
        while (boot_.size() < 16)
            boot_ += "0123456789abcdef"[pick(16)];
    }

    /// The next customer: as many an hour as the hour is busy.
    void come()
    {
        double all = 0;
        for (int const busy : hours_)
            all += busy;
        std::int64_t const day = now_ms_ / day_ms;
        for (;;) {
            // Shanghai's clock; a store's day begins and ends by it.
            auto const hour = static_cast<std::size_t>((now_ms_ + 8 * hour_ms) % day_ms / hour_ms);
            double const an_hour = static_cast<double>(guests_) * hours_[hour] / all;
            if (hours_[hour] > 0) {
                double const wait = std::exponential_distribution<>(an_hour)(random_) * hour_ms;
                auto const rest = hour_ms - now_ms_ % hour_ms;
                if (wait < static_cast<double>(rest)) {
                    now_ms_ += 3'000 + static_cast<std::int64_t>(wait);
                    break;
                }
            }
            now_ms_ += hour_ms - now_ms_ % hour_ms;
        }
        if ((off_at_night_ && now_ms_ / day_ms != day) || one_in(2'500))
            boot();
        if (one_in(6'000))
            ++survey_version_; // the head office changed a word
    }

    std::vector<Answer> answers()
    {
        std::vector<Answer> list;
        std::array<std::size_t, 3> order {0, 1, 2};
        if (chance(8))
            std::ranges::shuffle(order, random_);
        for (auto const index : order) {
            if (!list.empty() && chance(6))
                return list;
            auto const& question = survey_.questions[index];
            list.push_back({.question = question.id, .score = 1 + scores_(random_)});
        }
        // The further screens come once the three are rated.
        bool waited = false;
        for (auto& answer : list) {
            if (answer.score > 2 || chance(35))
                continue;
            auto const asked = std::ranges::find(survey_.questions, answer.question, &Question::id);
            auto const first = pick(6);
            answer.reasons.emplace_back(asked->reasons[first]);
            if (chance(25))
                answer.reasons.emplace_back(asked->reasons[(first + 1 + pick(5)) % 6]);
            waited |= asked == &survey_.questions[1] && first == 0;
        }
        if (std::ranges::any_of(list,
                [&](Answer const& answer) {
                    return answer.question == survey_.questions[0].id && answer.score <= 2;
                })
            && chance(60)) {
            list.push_back({.question = survey_.choice, .choices = {survey_.options[pick(6)]}});
            if (chance(20))
                list.back().choices.emplace_back("other");
        }
        if (waited && chance(70))
            list.push_back({.question = survey_.minutes, .minutes = static_cast<int>(5 * between(1, 12))});
        return list;
    }

    std::string language()
    {
        if (!chance(static_cast<int>(foreign_)))
            return "zh-CN";
        constexpr std::array languages {"en", "en", "en", "zh-TW", "zh-TW", "ja", "ko"};
        return languages[pick(languages.size())];
    }

    std::string comment(std::string const& language)
    {
        std::string text;
        if (chance(talk_.phrases)) {
            for (auto left = 1 + pick(10) / 6; left > 0; --left)
                text += (text.empty() ? "" : "，") + std::string(survey_.phrases[pick(9)]);
            return text;
        }
        return chance(talk_.typed) ? comments_.next(language) : text;
    }

    std::string flags()
    {
        std::vector<std::string> list;
        if (one_in(50))
            list.emplace_back("repress");
        if (one_in(400))
            list.emplace_back("burst");
        if (one_in(400))
            list.emplace_back(one_in(2) ? "hammer" : "straight_line");
        return flags_to_json(list);
    }

    std::mt19937 random_;
    SurveyParts const& survey_;
    Talkativeness talk_;
    SampleComments comments_;
    std::array<int, 24> const& hours_;
    std::int64_t guests_; ///< a day
    std::int64_t foreign_; ///< percent who change the language
    bool off_at_night_;
    std::discrete_distribution<int> scores_;
    std::int64_t survey_version_ = 2;
    std::int64_t now_ms_;
    std::int64_t booted_ms_ = 0;
    std::string boot_;
};

}

void make_backlog(std::filesystem::path const& store, std::int64_t count, unsigned seed, Talkativeness talk)
{
    must(ResponseStore::open(store));
    auto database = must(sqlite::Database::open(store, sqlite::OpenMode::Writer));
    must(database.execute("PRAGMA synchronous=OFF; BEGIN"));
    auto insert = must(database.prepare(
        "INSERT INTO response (seq, opened_ms, took_ms, steady_ms, clock_set, boot, survey, survey_version, "
        "touchpoint, lang, outcome, closed_by, answers, comment, flags) "
        "VALUES (?, ?, ?, ?, 1, ?, ?, ?, 'exit', ?, ?, ?, ?, ?, ?)"));
    std::int64_t const last = must(must(ResponseReader::open(store)).last_seq());
    Shop shop(seed, talk);
    for (std::int64_t seq = last + 1; seq <= last + count; ++seq)
        shop.next(insert, seq);
    must(database.execute(("UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK " WHERE seq > "
        + std::to_string(last) + "; COMMIT")
                              .c_str()));
}

}

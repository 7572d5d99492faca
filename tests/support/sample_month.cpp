#include "tests/support/sample_month.h"

#include "kiosk/model/response.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "platform/sqlite/database.h"
#include "tests/support/must.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace listenpost::bench {
namespace {

using namespace kiosk;
using test::must;

struct ReasonTexts {
    char const* reason;
    std::array<char const*, 4> comments;
};

struct Rated {
    char const* question;
    double level; ///< of a usual day, on a scale on which 2.5, 3.5 … part the scores
    std::array<ReasonTexts, 5> reasons; ///< most frequent first
};

constexpr std::array<Rated, 3> rated {{
    {"quality", 4.55,
        {{
            {"cold",
                {"面端上来已经不热了", "汤是温的，冬天喝着不舒服", "菜凉了才上", "饺子凉的，热一下再端嘛"}},
            {"salty", {"今天的红烧肉太咸了", "汤咸，孩子都不喝", "比上次咸很多", "咸得一直喝水"}},
            {"small_portion",
                {"分量比以前少了", "牛肉面里只有两片牛肉", "一份菜三口就没了", "涨价了量还变少"}},
            {"stale", {"青菜有点蔫", "虾不太新鲜", "豆腐有酸味", "鱼有腥味，不新鲜"}},
            {"sweet", {"糖醋排骨甜得发腻", "太甜了", "奶茶说了三分糖还是很甜", "酱汁偏甜"}},
        }}},
    {"service", 4.4,
        {{
            {"long_wait",
                {"等了半个多小时才上菜", "叫号叫了二十分钟，服务员也不解释",
                    "中午人多，点完单没人理，等太久了", "赶时间上班，菜一直不来，最后打包走的"}},
            {"ignored", {"招手三次没人过来", "要加水没有人应", "站在门口没人带位", "服务员在聊天"}},
            {"unfriendly", {"收银的态度不好", "问一句就不耐烦", "说话很冲", "脸色难看"}},
            {"wrong_order", {"点的微辣上的特辣", "上错了桌", "少上一个菜，催了才补", "外带少给了一份米饭"}},
            {"bill", {"优惠券没给用", "多收了一份茶位", "账单和菜单价格对不上", "会员折扣没算"}},
        }}},
    {"cleanliness", 4.6,
        {{
            {"table", {"桌子油油的，自己擦的", "上一桌的碗没收", "桌面黏手", "地上有纸巾没人扫"}},
            {"toilet", {"洗手间没有纸", "洗手间地上都是水", "洗手间味道大", "洗手液空了"}},
            {"tableware", {"筷子上有米粒", "杯子有口红印", "碗边缺口", "勺子没洗干净"}},
            {"floor", {"地面滑，老人差点摔倒", "过道地板油", "地上有汤汁", "楼梯湿滑"}},
            {"smell", {"靠厨房的位子油烟大", "空调有霉味", "店里有下水道味", "有烟味"}},
        }}},
}};

constexpr std::array content {"味道很好", "服务热情，下次还来", "上菜快，环境也舒服", "面很筋道，汤很鲜",
    "阿姨很亲切", "分量足，价格实惠", "带孩子来的，给了儿童椅，很贴心", "一直很稳定", "店里很干净",
    "老顾客了，继续保持", "点心不错", "店长主动来问，很好"};
constexpr std::array content_in_english {
    "Lovely noodles", "Fast and friendly", "Great value", "Clean and quiet"};

/// How busy each hour is, from 10:00: lunch and dinner.
constexpr std::array<double, 12> rush {2, 9, 13, 7, 3, 2, 3, 9, 13, 10, 5, 2};
constexpr int opens = 10;
constexpr std::array<double, 7> week {0.85, 0.8, 0.9, 0.95, 1.2, 1.45, 1.35};
constexpr std::array minutes {5, 10, 15, 20, 30, 45};
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t shanghai_ms = 8 * hour_ms;

/// One guest's answers.
struct Said {
    std::vector<Answer> answers;
    std::string comment;
    std::string language = "zh-CN";
    std::vector<std::string> flags;
    bool complete = true;
};

class Store {
public:
    explicit Store(Month const& month)
        : month_(month)
        , random_(month.seed)
    {
    }

    /// Calls `guest(opened_ms, boot, steady_ms, said)` for each of a day's, in their order.
    template <typename Guest>
    void open(std::chrono::sys_days day, int days_left, Guest const& guest)
    {
        std::int64_t const midnight = std::chrono::milliseconds(day.time_since_epoch()).count() - shanghai_ms;
        auto const weekday = std::chrono::weekday(day).iso_encoding() - 1;
        boot_.clear();
        while (boot_.size() < 32)
            boot_ += "0123456789abcdef"[below(16)];
        std::int64_t const booted
            = midnight + opens * hour_ms - 40 * 60'000 - static_cast<std::int64_t>(below(600'000));
        for (double& mood : moods_)
            mood = normal(0.07);
        for (int hour = opens; hour < opens + static_cast<int>(rush.size()); ++hour) {
            if (days_left == 0 && hour >= month_.last_hour)
                return;
            is_slow_ = month_.store == MonthOf::BadWeek && days_left < 7 && (hour == 12 || hour == 11);
            for (std::int64_t const at : arrivals(hour, week[weekday]))
                guest(midnight + at, boot_, midnight + at - booted, said(hour));
        }
    }

private:
    std::size_t below(std::size_t count)
    {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }
    bool chance(double part) { return std::bernoulli_distribution(part)(random_); }
    double normal(double deviation) { return std::normal_distribution<>(0, deviation)(random_); }

    std::vector<std::int64_t> arrivals(int hour, double weekday)
    {
        double const guests = month_.store == MonthOf::Quiet ? 6 : month_.guests;
        double const all = 78; // the sum of rush
        double const mean = guests * rush[static_cast<std::size_t>(hour - opens)] / all * weekday;
        std::vector<std::int64_t> times(static_cast<std::size_t>(std::poisson_distribution<>(mean)(random_)));
        for (auto& at : times)
            at = hour * hour_ms + static_cast<std::int64_t>(below(hour_ms));
        std::ranges::sort(times);
        for (std::size_t each = 1; each < times.size(); ++each)
            times[each] = std::max(times[each], times[each - 1] + 4'000);
        return times;
    }

    int score(std::size_t question, int hour, double guest)
    {
        bool const is_rush = rush[static_cast<std::size_t>(hour - opens)] > 8;
        double level = rated[question].level + moods_[question] + guest;
        if (question == 1)
            level -= (is_rush ? 0.15 : 0) + (is_slow_ ? 1.25 : 0);
        if (question == 2 && is_rush)
            level -= 0.1;
        return std::clamp(static_cast<int>(std::lround(level + normal(0.85))), 1, 5);
    }

    Said said(int hour)
    {
        Said said;
        if (chance(0.03))
            return play();
        double const guest = normal(0.45);
        std::string complaint;
        for (std::size_t question = 0; question < rated.size(); ++question) {
            if (question > 0 && chance(0.05)) {
                said.complete = false;
                break;
            }
            Answer answer {.question = rated[question].question, .score = score(question, hour, guest)};
            if (*answer.score <= 2 && chance(0.7))
                give_reasons(answer, question, complaint);
            said.answers.push_back(std::move(answer));
        }
        if (is_long_wait(said) && chance(0.8))
            said.answers.push_back(
                {.question = "wait", .minutes = minutes[is_slow_ ? 2 + below(4) : below(4)]});
        give_comment(said, complaint);
        return said;
    }

    void give_reasons(Answer& answer, std::size_t question, std::string& complaint)
    {
        auto const& reasons = rated[question].reasons;
        // 0 mostly, then ever less.
        auto const pick = [&] { return std::min(below(3) * below(3), reasons.size() - 1); };
        std::size_t const first = question == 1 && is_slow_ && chance(0.85) ? 0 : pick();
        answer.reasons.emplace_back(reasons[first].reason);
        if (complaint.empty() || *answer.score == 1)
            complaint = reasons[first].comments[below(reasons[first].comments.size())];
        std::size_t const second = pick();
        if (second != first && chance(0.25))
            answer.reasons.emplace_back(reasons[second].reason);
    }

    static bool is_long_wait(Said const& said)
    {
        return std::ranges::any_of(said.answers, [](Answer const& answer) {
            return answer.question == "service"
                && std::ranges::find(answer.reasons, "long_wait") != answer.reasons.end();
        });
    }

    void give_comment(Said& said, std::string const& complaint)
    {
        if (chance(0.05))
            said.language = "en";
        if (!said.complete)
            return;
        if (!complaint.empty() && said.language == "zh-CN" && chance(0.6))
            said.comment = complaint;
        else if (complaint.empty() && chance(0.07))
            said.comment = said.language == "en" ? content_in_english[below(content_in_english.size())]
                                                 : content[below(content.size())];
    }

    /// A child, or somebody who waits for the others.
    Said play()
    {
        Said said;
        int const score = 1 + static_cast<int>(below(5));
        for (auto const& question : rated)
            said.answers.push_back({.question = question.question, .score = chance(0.8) ? score : 1});
        constexpr std::array rules {"repress", "repress", "repress", "hammer", "burst", "straight_line"};
        said.flags.emplace_back(rules[below(rules.size())]);
        return said;
    }

    Month const& month_;
    std::mt19937 random_;
    std::array<double, 3> moods_ {}; ///< of the day, by question
    std::string boot_;
    bool is_slow_ = false;
};

}

std::int64_t make_month(std::filesystem::path const& path, Month const& month)
{
    if (std::filesystem::exists(path)) {
        std::fprintf(stderr, "month: %s is there already\n", path.c_str());
        std::exit(1);
    }
    must(ResponseStore::open(path));
    auto database = must(sqlite::Database::open(path, sqlite::OpenMode::Writer));
    must(database.execute("PRAGMA synchronous=OFF; BEGIN"));
    auto insert = must(database.prepare(
        "INSERT INTO response (seq, opened_ms, took_ms, steady_ms, clock_set, boot, survey, survey_version, "
        "touchpoint, lang, outcome, closed_by, answers, comment, flags) "
        "VALUES (?, ?, ?, ?, 1, ?, 'qsc-restaurant', 1, 'exit', ?, ?, ?, ?, ?, ?)"));
    std::int64_t seq = 0;
    std::mt19937 pace(month.seed);
    auto const write = [&](std::int64_t at, std::string const& boot, std::int64_t steady, Said const& said) {
        std::string const answers = to_json(said.answers);
        std::string const flags = flags_to_json(said.flags);
        double const seconds = std::lognormal_distribution<>(std::log(7.0), 0.4)(pace);
        must(insert.bind(1, ++seq)
                 .bind(2, at)
                 .bind(3, static_cast<std::int64_t>(seconds * 1000) + (said.complete ? 0 : 20'000))
                 .bind(4, steady)
                 .bind(5, boot)
                 .bind(6, said.language)
                 .bind(7, name(said.complete ? Outcome::Complete : Outcome::Partial))
                 .bind(8, name(said.complete ? ClosedBy::Finish : ClosedBy::Timeout))
                 .bind(9, answers)
                 .bind(10, said.comment)
                 .bind(11, flags)
                 .run());
    };
    Store store(month);
    std::chrono::sys_days const last(month.last_day);
    for (int left = month.days - 1; left >= 0; --left)
        store.open(last - std::chrono::days(left), left, write);
    must(database.execute("UPDATE response SET row_check = " LISTENPOST_RESPONSE_CHECK "; COMMIT"));
    return seq;
}

}

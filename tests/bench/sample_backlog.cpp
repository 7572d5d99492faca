#include "tests/bench/sample_backlog.h"

#include "kiosk/model/response.h"
#include "kiosk/store/response_store.h"
#include "platform/sqlite/database.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace listenpost::bench {
namespace {

using namespace kiosk;

struct Question {
    char const* id;
    std::array<char const*, 6> reasons;
};

constexpr std::array<Question, 3> questions {{
    {"quality", {"salty", "sweet", "cold", "stale", "small_portion", "other"}},
    {"service", {"long_wait", "unfriendly", "ignored", "wrong_order", "bill", "other"}},
    {"cleanliness", {"table", "tableware", "floor", "smell", "toilet", "other"}},
}};

constexpr std::array phrases {"味道很好", "服务很热情", "环境干净", "上菜有点慢", "等位太久", "会再来的"};
constexpr std::array words {"今天", "的", "菜", "有点", "咸", "不过", "服务员", "很", "热情", "奶茶", "太",
    "甜", "了", "下次", "还", "来", "地上", "有水", "空调", "冷", "排队", "半小时", "价格", "贵", "孩子",
    "喜欢", "汤", "没有", "味道", "。", "，", "good", "soup", "12", "点"};

void must(Result<> const& result)
{
    if (result)
        return;
    std::fprintf(stderr, "sample backlog: %s\n", result.error().detail.c_str());
    std::exit(1);
}

class Customers {
public:
    explicit Customers(unsigned seed)
        : random_(seed)
    {
    }

    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
    }
    bool chance(int percent) { return between(0, 99) < percent; }

    std::vector<Answer> answers()
    {
        std::vector<Answer> list;
        std::discrete_distribution<int> scores({4, 6, 15, 35, 40});
        for (auto const& question : questions) {
            if (!list.empty() && chance(7))
                break;
            Answer answer {question.id, 1 + scores(random_), {}};
            if (answer.score <= 3 && chance(60)) {
                auto const first = static_cast<std::size_t>(between(0, 5));
                answer.reasons.emplace_back(question.reasons[first]);
                if (chance(20))
                    answer.reasons.emplace_back(question.reasons[(first + 2) % 6]);
            }
            list.push_back(std::move(answer));
        }
        return list;
    }

    std::string comment()
    {
        if (chance(6))
            return phrases[static_cast<std::size_t>(between(0, phrases.size() - 1))];
        std::string text;
        if (chance(3))
            for (std::int64_t left = between(4, 20); left > 0; --left)
                text += words[static_cast<std::size_t>(between(0, words.size() - 1))];
        return text;
    }

    std::string boot()
    {
        std::string digits;
        while (digits.size() < 16)
            digits += "0123456789abcdef"[between(0, 15)];
        return digits;
    }

private:
    std::mt19937 random_;
};

}

void make_backlog(std::filesystem::path const& store, std::int64_t count, unsigned seed)
{
    if (auto created = ResponseStore::open(store); !created)
        must(fail(created.error()));
    auto database = sqlite::Database::open(store, sqlite::OpenMode::Writer);
    if (!database)
        must(fail(database.error()));
    must(database->execute("PRAGMA synchronous=OFF; BEGIN"));
    auto insert
        = database->prepare("INSERT INTO response (seq, opened_ms, took_ms, steady_ms, clock_set, boot, "
                            "survey, survey_version, touchpoint, lang, outcome, closed_by, answers, "
                            "comment) VALUES (?, ?, ?, ?, 1, ?, 'qsc-restaurant', 1, 'exit', ?, ?, ?, ?, ?)");
    if (!insert)
        must(fail(insert.error()));

    Customers customers(seed);
    std::int64_t now_ms = 1'790'000'123'456;
    std::int64_t booted_ms = now_ms - 61'713;
    std::string boot = customers.boot();
    for (std::int64_t seq = 1; seq <= count; ++seq) {
        now_ms += customers.between(8'000, 300'000);
        if (customers.between(0, 2'999) == 0) {
            booted_ms = now_ms - customers.between(30'000, 600'000);
            boot = customers.boot();
        }
        auto const list = customers.answers();
        bool const complete = list.size() == questions.size();
        std::string const answers = to_json(list);
        std::string const comment = customers.comment();
        insert->bind(1, seq)
            .bind(2, now_ms)
            .bind(3, customers.between(1'800, complete ? 16'000 : 40'000))
            .bind(4, now_ms - booted_ms)
            .bind(5, boot)
            .bind(6, customers.chance(8) ? "en" : "zh-CN")
            .bind(7, name(complete ? Outcome::Complete : Outcome::Partial))
            .bind(8, name(complete ? ClosedBy::Finish : ClosedBy::Timeout))
            .bind(9, answers)
            .bind(10, comment);
        must(insert->run());
    }
    must(database->execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)"));
}

}

#include "tests/sync/agent/uploader_box.h"

#include <random>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;
using test::hub_error;
using test::json_reply;

namespace {

Result<HttpReply> random_trouble(std::mt19937& random)
{
    switch (random() % 8) {
    case 0:
        return fail(Errc::Unreachable, "waiting for the reply: timed out");
    case 1:
        return HttpReply {503, {{"Retry-After", "7"}}, ""};
    case 2:
        return json_reply(200, "<html>Log in</html>");
    case 3:
        return json_reply(200, R"({"acknowledged":1000000,"duplicates":0,"refused":[]})");
    case 4:
        return hub_error(429, "busy");
    case 5:
        return json_reply(400, "Bad Request");
    case 6:
        return hub_error(413, "too_large");
    default:
        return hub_error(401, "token_unknown");
    }
}

}

TEST_CASE("Whatever happens on the way, every response ends as the hub decided, once", "[sync][agent]")
{
    auto const seed = GENERATE(range(1U, 25U));
    CAPTURE(seed);
    std::mt19937 random(seed);
    test::UploaderBox box;
    box.enrol();
    auto const chance = [&](unsigned percent) { return random() % 100 < percent; };
    unsigned const trouble_percent = random() % 70;

    int captured = 0;
    int const wanted = 1 + static_cast<int>(random() % 400);
    unsigned const poison_percent = random() % 3 == 0 ? random() % 100 : random() % 4;
    for (int seq = 1; seq <= wanted; ++seq) {
        if (chance(poison_percent))
            box.hub.poisoned.insert(seq);
        else if (chance(3))
            box.hub.refused.insert(seq);
    }
    // A 413 for one response alone would be the hub's word that it is to be set aside.
    auto const trouble = [&]() -> std::optional<Result<HttpReply>> {
        if (!chance(trouble_percent))
            return std::nullopt;
        auto answer = random_trouble(random);
        if (answer && answer->status == 413 && box.hub.batches.back().size() == 1)
            return std::nullopt;
        return answer;
    };
    box.hub.instead = trouble;
    // A hub that has committed says 200 or is cut off.
    box.hub.afterwards = [&]() -> std::optional<Result<HttpReply>> {
        if (!chance(trouble_percent / 2))
            return std::nullopt;
        return Result<HttpReply>(fail(Errc::Unreachable, "receiving the reply: connection reset"));
    };

    auto const decided_up_to_the_mark = [&] {
        std::int64_t const mark = box.mark();
        for (std::int64_t seq = 1; seq <= mark; ++seq)
            if (!box.hub.stored.contains({box.store->install_id(), seq}) && !box.hub.refused.contains(seq)
                && !box.hub.poisoned.contains(seq))
                return false;
        return true;
    };

    box.capture(1);
    captured = 1;
    int steps = 0;
    for (; steps < 20'000; ++steps) {
        auto const step = box.uploader->step();
        if (step.state == UploadState::Idle && captured == wanted)
            break;
        if (step.next && *step.next > box.clock.steady)
            box.clock.advance(*step.next - box.clock.steady);
        if (captured < wanted && chance(30)) {
            int const more = std::min(wanted - captured, 1 + static_cast<int>(random() % 50));
            box.capture(more);
            captured += more;
        }
        if (chance(3))
            box.restart();
        if (chance(3))
            box.uploader->forget_troubles(Change::Network);
        REQUIRE(decided_up_to_the_mark());
    }
    REQUIRE(steps < 20'000);
    CHECK(box.mark() == wanted);

    std::set<std::int64_t> aside;
    auto const list = box.delivery->quarantined(1'000).value();
    for (auto const& item : list)
        aside.insert(item.refusal.seq);
    auto expected = box.hub.refused;
    expected.insert(box.hub.poisoned.begin(), box.hub.poisoned.end());
    CHECK(aside == expected);
    CHECK(box.hub.stored.size() == static_cast<std::size_t>(wanted) - expected.size());
}

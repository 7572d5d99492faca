#include "kiosk/manager/pin_desk.h"

#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <semaphore>

using namespace listenpost;
using namespace listenpost::kiosk;

TEST_CASE("The desk answers in the order asked, and wakes who asked", "[manager]")
{
    test::TempFolder const folder(test::in_memory());
    test::FakeClock const clock;
    REQUIRE(PinStore(folder.path(), clock).set("258013"));
    std::counting_semaphore<> woken(0);
    PinDesk desk(folder.path(), clock, [&] { woken.release(); });
    CHECK(desk.take().empty());
    desk.look();
    desk.judge("111222");
    desk.judge("258013");
    for (int answer = 0; answer < 3; ++answer)
        woken.acquire();
    auto const answers = desk.take();
    REQUIRE(answers.size() == 3);
    CHECK(std::get<PinState>(answers[0]).is_set);
    CHECK(std::get<PinJudgement>(answers[1]).verdict == PinVerdict::Wrong);
    CHECK(std::get<PinJudgement>(answers[2]).verdict == PinVerdict::Right);
    CHECK(desk.take().empty());
}

TEST_CASE("A desk that goes with a question unanswered waits for nobody", "[manager]")
{
    test::TempFolder const folder(test::in_memory());
    test::FakeClock const clock;
    PinDesk desk(folder.path(), clock, [] {});
    desk.look();
    desk.judge("258013");
}

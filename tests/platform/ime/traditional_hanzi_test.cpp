#include "platform/ime/traditional_hanzi.h"

#include <catch2/catch.hpp>

using namespace listenpost;

TEST_CASE("Hanzi become Taiwan's, words stay the customer's own", "[platform][ime]")
{
    BackgroundJobs jobs;
    int changes = 0;
    TraditionalHanzi traditional(jobs, {"s2tw.json", [&changes] { ++changes; }});
    CHECK_FALSE(traditional.is_ready());
    CHECK(traditional.convert("鸡肉没熟") == "鸡肉没熟");
    traditional.prepare();
    traditional.prepare();
    jobs.finish();
    CHECK(changes == 1);
    REQUIRE(traditional.is_ready());
    CHECK(traditional.convert("鸡肉没熟") == "雞肉沒熟");
    CHECK(traditional.convert("面条很干净") == "麵條很乾淨"); // by the word, not by the character
    CHECK(traditional.convert("里面") == "裡面");
    CHECK(traditional.convert("菜单") == "菜單");
    CHECK(traditional.convert("").empty());
    CHECK(traditional.convert("ok，123") == "ok，123");
    CHECK_NOTHROW(traditional.convert("\xE9\xB8"));
}

TEST_CASE("Without OpenCC's data the text stays simplified and nobody waits", "[platform][ime]")
{
    BackgroundJobs jobs;
    TraditionalHanzi traditional(jobs, {"missing.json", {}});
    traditional.prepare();
    jobs.finish();
    CHECK(traditional.is_ready());
    CHECK(traditional.convert("鸡肉") == "鸡肉");
}

#include "kiosk/model/store_profile.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;

TEST_CASE("A store's profile names the shop", "[model]")
{
    auto const profile
        = parse_store_profile(R"({"id":"sh-001","name":"人民广场店","timezone":"Asia/Shanghai","new":1})");
    REQUIRE(profile);
    CHECK(*profile == StoreProfile {"sh-001", "人民广场店", "Asia/Shanghai"});
}

TEST_CASE("A profile that lacks something is refused, and says what", "[model]")
{
    CHECK(parse_store_profile("nonsense").error().code == Errc::Invalid);
    CHECK(parse_store_profile(R"({"id":"a","name":"","timezone":"UTC"})").error().detail
        == "the store's profile lacks name");
    CHECK(parse_store_profile(R"({"id":"a","name":"b","timezone":7})").error().detail
        == "the store's profile lacks timezone");
}

#include "sync/hub/scope.h"

#include "sync/hub/pull_filter.h"

#include <array>
#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

StorePlace const shanghai {"华东", "上海"};
StorePlace const hangzhou {"华东", "杭州"};
StorePlace const nowhere {"", ""};

}

TEST_CASE("A scope allows the stores that fulfil each kind it names", "[sync][hub][access]")
{
    CHECK(Scope().allows("sh-001", &shanghai));
    CHECK(Scope().allows("unknown", nullptr));

    Scope const east {{}, {"华东", "华南"}, {}};
    CHECK(east.allows("sh-001", &shanghai));
    CHECK(east.allows("hz-001", &hangzhou));
    CHECK_FALSE(east.allows("sh-001", &nowhere));
    CHECK_FALSE(east.allows("sh-001", nullptr));

    Scope const both {{}, {"华东"}, {"杭州"}};
    CHECK(both.allows("hz-001", &hangzhou));
    CHECK_FALSE(both.allows("sh-001", &shanghai));

    Scope const one {{"sh-001"}, {}, {}};
    CHECK(one.allows("sh-001", nullptr)); // no table is needed to know it
    CHECK_FALSE(one.allows("sh-0011", &shanghai));
    CHECK_FALSE(one.allows("", nullptr));
}

TEST_CASE("A reader's part narrows a filter and is never widened by it", "[sync][hub][access]")
{
    Scope const east {{}, {"华东"}, {}};
    CHECK_FALSE(intersection({}, east).takes_store("bj-001", nullptr));
    CHECK(intersection({}, east).takes_store("sh-001", &shanghai));
    PullFilter filter;
    filter.regions = {"华北"};
    StorePlace const beijing {"华北", "北京"};
    CHECK(filter.takes_store("bj-001", &beijing));
    // What a filter and a part have nothing of in common is nothing, not everything.
    CHECK_FALSE(intersection(filter, east).takes_store("bj-001", &beijing));
    CHECK_FALSE(intersection(filter, east).takes_store("sh-001", &shanghai));
    filter.regions.clear();
    filter.stores = {"bj-001"};
    CHECK(intersection(filter, east).asks_for_places());
    CHECK_FALSE(intersection(filter, east).takes_store("bj-001", &beijing));
    // A cursor file goes on with what was asked for; who asks is the hub's to know.
    CHECK(to_query(intersection(filter, east)) == "store=bj-001");
}

TEST_CASE("A scope is kept as text, and a text that is not understood is no scope", "[sync][hub][access]")
{
    Scope const scope {{"a&b=c", "sh-001"}, {"华东", "'; DROP TABLE log; --"}, {"100%"}};
    auto const kept = scope_from_text(to_text(scope));
    REQUIRE(kept);
    for (auto const& region : scope.regions)
        CHECK(kept->allows("a&b=c", std::array {StorePlace {region, "100%"}}.data()));
    CHECK_FALSE(kept->allows("a", std::array {StorePlace {"华东", "100%"}}.data()));
    CHECK(to_text(*kept) == to_text(scope));
    CHECK(to_text({}).empty());
    CHECK(scope_from_text("")->is_everything());
    for (char const* wrong : {"regoin=x", "region=", "region", "region=%zz", "negative=1", "store=a&from=5",
             "touchpoint=exit", "x"}) {
        CAPTURE(wrong);
        auto const refused = scope_from_text(wrong);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::Corrupt);
    }
}

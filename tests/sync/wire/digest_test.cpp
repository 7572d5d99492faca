#include "sync/wire/digest.h"

#include <catch2/catch.hpp>

using namespace listenpost::sync;

// The expected values were computed with another implementation (Python's hashlib)
// from PROTOCOL.md's words alone.
TEST_CASE("The digest is the one PROTOCOL.md describes", "[sync][wire]")
{
    DigestBuilder digest;

    SECTION("for the response of the protocol's example")
    {
        digest.add(1789999990000);
        digest.add(8120);
        digest.add(86390000);
        digest.add("9c1b");
        digest.add("quality");
        digest.add(2);
        digest.add("salty");
        digest.add("service");
        digest.add(5);
        digest.add("cleanliness");
        digest.add(4);
        digest.add("上菜有点慢");
        CHECK(digest.finish() == 0xb84ce15c0ad975de);
    }
    SECTION("for the smallest response, where an absent comment still counts as a part")
    {
        digest.add(0);
        digest.add(0);
        digest.add(0);
        digest.add("");
        digest.add("q");
        digest.add(1);
        digest.add("");
        CHECK(digest.finish() == 0x98a9d9869bc30d3f);
    }
}

TEST_CASE("Parts cannot run into one another, and a finished digest leaves nothing behind", "[sync][wire]")
{
    DigestBuilder digest;
    digest.add("ab");
    digest.add("c");
    auto const first = digest.finish();
    digest.add("a");
    digest.add("bc");
    CHECK(digest.finish() != first);
    digest.add("ab");
    digest.add("c");
    CHECK(digest.finish() == first);
}

TEST_CASE("A request is named by the bytes it was sent as", "[sync][wire]")
{
    CHECK(request_digest("abc") == "ba7816bf8f01cfea"); // echo -n abc | sha256sum
    CHECK(request_digest("") == "e3b0c44298fc1c14");
}

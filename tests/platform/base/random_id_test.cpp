#include "platform/base/random_id.h"

#include <catch2/catch.hpp>
#include <set>

using namespace listenpost;

TEST_CASE("A random id is hexadecimal, of the length asked for, and never the same twice", "[base]")
{
    std::set<std::string> seen;
    for (int count = 0; count < 1'000; ++count) {
        std::string const id = random_hex(16);
        REQUIRE(id.size() == 32);
        REQUIRE(id.find_first_not_of("0123456789abcdef") == std::string::npos);
        REQUIRE(seen.insert(id).second);
    }
}

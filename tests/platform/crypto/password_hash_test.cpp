#include "platform/crypto/password_hash.h"

#include <catch2/catch.hpp>

using namespace listenpost;

namespace {

/// Of "258013", made with: printf 258013 | argon2 saltsaltsaltsalt -id -t 1 -k 8192 -p 1 -l 32
char const* const somebody_elses
    = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$H/A8wczeV1h+73BW5kFvfcddYmChH5VU8ga3iv4xyuM";

std::string with(std::string text, std::string const& old, std::string const& next)
{
    auto const at = text.find(old);
    REQUIRE(at != text.npos);
    return text.replace(at, old.size(), next);
}

}

TEST_CASE("A password matches its own hash and no other does", "[crypto]")
{
    auto const hash = hash_password("258013");
    REQUIRE(hash);
    CHECK(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    REQUIRE(check_password_hash(*hash));
    CHECK(password_matches(*hash, "258013") == true);
    for (auto const* const other : {"258014", "", "25801", "2580130", " 258013"})
        CHECK(password_matches(*hash, other) == false);
}

TEST_CASE("The same password has another hash each time: its salt is random", "[crypto]")
{
    auto const first = hash_password("258013");
    auto const second = hash_password("258013");
    REQUIRE((first && second));
    CHECK(*first != *second);
    CHECK(password_matches(*second, "258013") == true);
}

TEST_CASE("A hash that another program made is understood", "[crypto]")
{
    CHECK(password_matches(somebody_elses, "258013") == true);
    CHECK(password_matches(somebody_elses, "258014") == false);
}

TEST_CASE(
    "What would cost too much to compute, or nothing to guess, is refused before it is computed", "[crypto]")
{
    std::string const good = somebody_elses;
    REQUIRE(check_password_hash(good));
    for (auto const& [old, next] : std::initializer_list<std::pair<char const*, char const*>> {
             {"m=8192", "m=4194304"}, {"m=8192", "m=65537"}, {"m=8192", "m=8191"}, {"m=8192", "m=08192"},
             {"m=8192", "m=99999999999999999999"}, {"m=8192", "m=-8192"}, {"m=8192", "m= 8192"},
             {"t=1", "t=0"}, {"t=1", "t=11"}, {"p=1", "p=5"}, {"p=1", "p=0"}, {"v=19", "v=16"},
             {"argon2id", "argon2i"}, {"argon2id", "argon2d"}, {"$c2Fs", "$c2F"}, {"$c2Fs", "$c2F="},
             {",t=1", ""}, {"$m=", "m="}}) {
        INFO(old << " -> " << next);
        auto const bad = with(good, old, next);
        auto const checked = check_password_hash(bad);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == Errc::Invalid);
        CHECK_FALSE(password_matches(bad, "258013"));
    }
    for (auto const& bad : {std::string(), std::string("258013"), good + "\n", good + "$", good.substr(0, 60),
             good.substr(0, good.rfind('$') + 1), std::string("$argon2id$v=19$")}) {
        INFO(bad);
        CHECK_FALSE(check_password_hash(bad));
    }
}

#include "kiosk/manager/manager_pin.h"

#include "platform/crypto/password_hash.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

std::string const good_hash = "$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
                              "H/A8wczeV1h+73BW5kFvfcddYmChH5VU8ga3iv4xyuM";

}

TEST_CASE("A PIN is six digits that nobody would try first", "[manager]")
{
    for (auto const* const good : {"258013", "000001", "909192", "112233", "123465"}) {
        INFO(good);
        CHECK(check_new_pin(good));
    }
    for (auto const* const bad : {"", "12345", "1234567", "12345a", "25801 ", "２５８０１３", "000000",
             "777777", "123456", "654321", "345678", "789012", "987654"}) {
        INFO(bad);
        auto const checked = check_new_pin(bad);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == Errc::Invalid);
    }
}

TEST_CASE("A new PIN is hashed, each time under another salt, and a weak one is not", "[manager]")
{
    auto const hash = hash_new_pin("258013");
    REQUIRE(hash);
    CHECK(password_matches(*hash, "258013").value());
    CHECK(hash_new_pin("258013").value() != *hash);
    CHECK(hash_new_pin("123456").error().code == Errc::Invalid);
}

TEST_CASE("What the box keeps of a PIN is read as it was written", "[manager]")
{
    for (ManagerPin const& pin : {ManagerPin {good_hash}, ManagerPin {good_hash, good_hash}}) {
        auto const read = parse_manager_pin(to_json(pin));
        REQUIRE(read);
        CHECK(*read == pin);
    }
}

TEST_CASE("A file that is no PIN's is refused with a reason, and what a newer program adds is passed over",
    "[manager]")
{
    CHECK(parse_manager_pin("{\"hash\":\"" + good_hash + "\",\"since\":[1,2]}"));
    for (std::string const& bad :
        {std::string(), std::string("[]"), std::string("{}"), std::string("{\"hash\":7}"),
            std::string("{\"hash\":\"258013\"}"), "{\"hash\":\"" + good_hash + "\"",
            std::string("{\"pin\":\"258013\"}"), std::string("\xff\xfe")}) {
        INFO(bad);
        auto const read = parse_manager_pin(bad);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Errc::Invalid);
        CHECK_FALSE(read.error().detail.empty());
    }
}

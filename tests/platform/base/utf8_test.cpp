#include "platform/base/utf8.h"

#include <catch2/catch.hpp>

using namespace listenpost;

TEST_CASE("Characters are taken off a text one by one", "[platform]")
{
    std::string_view good = "é品😀";
    CHECK(take_character(good) == U'é');
    CHECK(take_character(good) == U'品');
    CHECK(take_character(good) == U'😀');
    CHECK(good.empty());
}

TEST_CASE("What is no UTF-8 costs one byte", "[platform]")
{
    for (std::string_view const text :
        {"\xFF", "\xE5\x93", "\xC0\x80", "\xED\xA0\x80", "\xF8\x88\x80\x80\x80", "\x80z"}) {
        std::string_view rest = text;
        CHECK(take_character(rest) == replacement_character);
        CHECK(rest.size() == text.size() - 1);
    }
}

TEST_CASE("A text that is too long is cut between characters", "[platform]")
{
    CHECK(cut_to("品质", 6) == "品质");
    CHECK(cut_to("品质", 5) == "品");
    CHECK(cut_to("品质", 3) == "品");
    CHECK(cut_to("品质", 2).empty());
    CHECK(cut_to("ab", 1) == "a");
}

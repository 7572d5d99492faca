#include "platform/base/crc32.h"

#include <catch2/catch.hpp>
#include <string>

using listenpost::crc32;

TEST_CASE("CRC-32 is the one that everybody knows", "[base]")
{
    CHECK(crc32("") == 0);
    CHECK(crc32("123456789") == 0xcbf43926);
    CHECK(crc32("The quick brown fox jumps over the lazy dog") == 0x414fa339);
}

TEST_CASE("CRC-32 may be taken in pieces of any length", "[base]")
{
    std::string text;
    for (int index = 0; index < 61; ++index)
        text.push_back(static_cast<char>(index * 7));
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        CHECK(crc32(text.substr(cut), crc32(text.substr(0, cut))) == crc32(text));
}

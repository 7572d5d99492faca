#include "sync/wire/compression.h"

#include <catch2/catch.hpp>
#include <cstdint>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

std::string packed(Encoding encoding, std::string_view bytes)
{
    auto result = compress(encoding, bytes);
    REQUIRE(result);
    return std::move(*result);
}

/// Bytes that do not repeat.
std::string noise(std::size_t size)
{
    std::string bytes;
    std::uint64_t state = 88172645463325252ULL;
    while (bytes.size() < size) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes += static_cast<char>(state & 0xff);
    }
    return bytes;
}

}

TEST_CASE("A body is unpacked to what was packed", "[sync][wire]")
{
    auto const encoding = GENERATE(Encoding::Identity, Encoding::Gzip, Encoding::Zstd);
    CAPTURE(name(encoding));
    for (auto const& bytes : {std::string(), std::string("x"), std::string("\0\0\xff", 3), noise(200'000),
             std::string(300'000, 'a') + noise(5)}) {
        auto const back = decompress(encoding, packed(encoding, bytes), bytes.size());
        REQUIRE(back);
        CHECK(*back == bytes);
    }
}

TEST_CASE("One compressor and one decompressor serve many bodies, also after a bad one", "[sync][wire]")
{
    bool const is_quick = GENERATE(false, true);
    auto compressor = is_quick ? Compressor::quick() : Compressor();
    Decompressor decompressor;
    std::string small;
    std::string back;
    for (int round = 0; round < 20; ++round)
        for (auto const encoding : {Encoding::Zstd, Encoding::Gzip, Encoding::Identity}) {
            auto const bytes = noise(1 + static_cast<std::size_t>(round) * 7'919) + std::string(999, 'z');
            REQUIRE(compressor.compress(encoding, bytes, small));
            REQUIRE(decompressor.decompress(encoding, small, bytes.size(), back));
            CHECK(back == bytes);
            if (encoding == Encoding::Identity)
                continue;
            auto const cut = std::string_view(small).substr(0, small.size() / 2);
            auto const result = decompressor.decompress(encoding, cut, bytes.size(), back);
            REQUIRE_FALSE(result);
            CHECK(back.empty());
        }
}

TEST_CASE("A body that unpacks beyond the limit is refused before it is held", "[sync][wire]")
{
    std::size_t const limit = 100'000;
    auto const encoding = GENERATE(Encoding::Identity, Encoding::Gzip, Encoding::Zstd);
    CAPTURE(name(encoding));
    auto const exact = decompress(encoding, packed(encoding, std::string(limit, 'b')), limit);
    REQUIRE(exact);
    CHECK(exact->size() == limit);
    for (std::size_t const size : {limit + 1, std::size_t {300'000'000}}) {
        if (encoding == Encoding::Identity && size > limit + 1)
            continue;
        std::string out;
        auto const bomb = packed(encoding, std::string(size, 'b'));
        auto const result = Decompressor().decompress(encoding, bomb, limit, out);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::Full);
        CHECK(out.capacity() <= 2 * limit);
    }
}

TEST_CASE("A zstd body may leave its size untold, and may not lie about it", "[sync][wire]")
{
    // What `printf 'hello, hello' | zstd` makes: the program cannot know the size of a pipe.
    std::string piped("\x28\xb5\x2f\xfd\x04\x58\x61\x00\x00hello, hello\x70\x63\xc0\xdd", 25);
    auto const read = decompress(Encoding::Zstd, piped, 12);
    REQUIRE(read);
    CHECK(*read == "hello, hello");
    auto const short_by_one = decompress(Encoding::Zstd, piped, 11);
    REQUIRE_FALSE(short_by_one);
    CHECK(short_by_one.error().code == Errc::Full);
    piped.back() = 'x';
    auto const spoilt = decompress(Encoding::Zstd, piped, 1000);
    REQUIRE_FALSE(spoilt); // the checksum does not fit
    CHECK(spoilt.error().code == Errc::Invalid);

    auto told = packed(Encoding::Zstd, std::string(200, 'x'));
    // Byte 5 of such a frame is its size in one byte.
    told[5] = static_cast<char>(50);
    auto const lied = decompress(Encoding::Zstd, told, 1000);
    REQUIRE_FALSE(lied);
    CHECK(lied.error().code == Errc::Invalid);
}

TEST_CASE("Several packed bodies one after the other are one body", "[sync][wire]")
{
    auto const encoding = GENERATE(Encoding::Gzip, Encoding::Zstd);
    auto const both = packed(encoding, "one,") + packed(encoding, "") + packed(encoding, "two");
    auto const back = decompress(encoding, both, 7);
    REQUIRE(back);
    CHECK(*back == "one,two");
    auto const limited = decompress(encoding, both, 6);
    REQUIRE_FALSE(limited);
    CHECK(limited.error().code == Errc::Full);
}

TEST_CASE("A body cut anywhere, or followed by something else, is not read", "[sync][wire]")
{
    auto const encoding = GENERATE(Encoding::Gzip, Encoding::Zstd);
    CAPTURE(name(encoding));
    auto const whole = packed(encoding, noise(300) + std::string(300, 'q'));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        auto const result = decompress(encoding, std::string_view(whole).substr(0, length), 100'000);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::Invalid);
    }
    for (auto const* rest : {"x", "{\"v\":1}"}) {
        auto const result = decompress(encoding, whole + rest, 100'000);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == Errc::Invalid);
    }
    auto const plain = decompress(encoding, "{\"v\":1,\"responses\":[]}", 100'000);
    REQUIRE_FALSE(plain);
    CHECK(plain.error().code == Errc::Invalid);
}

TEST_CASE("A Content-Encoding is read in any case, and only those that are spoken", "[sync][wire]")
{
    CHECK(encoding_from_name("") == Encoding::Identity);
    CHECK(encoding_from_name("identity") == Encoding::Identity);
    CHECK(encoding_from_name("ZSTD") == Encoding::Zstd);
    CHECK(encoding_from_name("GZip") == Encoding::Gzip);
    for (auto const encoding : {Encoding::Identity, Encoding::Gzip, Encoding::Zstd})
        CHECK(encoding_from_name(name(encoding)) == encoding);
    for (auto const* other : {"br", "deflate", "gzip, zstd", "zstd ", "zst"})
        CHECK_FALSE(encoding_from_name(other));
}

#include "tests/bench/sample_comments.h"

#include "kiosk/model/masking.h"
#include "kiosk/model/response.h"
#include "sync/wire/compression.h"

#include <catch2/catch.hpp>

#include <set>

using namespace listenpost;
using namespace listenpost::bench;

namespace {

/// As a box would have taken it.
void check_is_a_comment(std::string const& text)
{
    CAPTURE(text);
    CHECK(!text.empty());
    CHECK(kiosk::count_characters(text) <= kiosk::Draft::max_comment_characters);
    CHECK(kiosk::mask_personal_data(text).text == text);
    CHECK(text.find_first_of("{}[]#\t\r") == std::string::npos);
    std::string json;
    kiosk::append_json_string(json, text);
    CHECK(json.find("\xEF\xBF\xBD") == std::string::npos); // it would stand for what is no UTF-8
}

std::size_t packed_size(std::string const& text)
{
    auto const packed = sync::compress(sync::Encoding::Zstd, text);
    REQUIRE(packed);
    return packed->size();
}

}

TEST_CASE("Hand-written comments are many, and no two are the same", "[bench]")
{
    CHECK(SampleComments::lines("zh-CN").size() >= 300);
    for (auto const* language : {"zh-CN", "zh-TW", "en", "ja", "ko"}) {
        auto const lines = SampleComments::lines(language);
        CHECK(std::set(lines.begin(), lines.end()).size() == lines.size());
        for (auto const& line : lines)
            check_is_a_comment(line);
    }
}

TEST_CASE("A backlog never runs out of different comments", "[bench]")
{
    for (auto const trade : {Trade::Restaurant, Trade::Shop}) {
        SampleComments comments(trade, 1);
        std::set<std::string> different;
        for (int count = 0; count < 3'000; ++count) {
            auto const text = comments.next("zh-CN");
            check_is_a_comment(text);
            different.insert(text);
        }
        CHECK(different.size() >= 2'000);
    }
}

TEST_CASE("Built comments are about as hard to pack as hand-written ones", "[bench]")
{
    // As many bytes of each, what some five batches hold: parts that came again and
    // again would make the wire look cheaper than it is.
    std::string lines;
    for (auto const& line : SampleComments::lines("zh-CN"))
        lines += line + '\n';
    lines.resize(8'000);
    std::string built;
    SampleComments comments(Trade::Restaurant, 1);
    while (built.size() < lines.size())
        built += comments.build() + '\n';
    built.resize(lines.size());
    CAPTURE(packed_size(lines), packed_size(built));
    CHECK(static_cast<double>(packed_size(built)) > 0.8 * static_cast<double>(packed_size(lines)));
}

#include "sync/hub/pull_filter.h"

#include "sync/hub/moment.h"
#include "sync/hub/query.h"
#include "sync/hub/row_filter.h"
#include "tests/sync/hub/batches.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;

TEST_CASE("A moment is RFC 3339 with its offset, or milliseconds", "[sync][hub][pull]")
{
    CHECK(parse_moment("0") == 0);
    CHECK(parse_moment("1789999990000") == 1'789'999'990'000);
    CHECK(parse_moment("1970-01-01T00:00:00Z") == 0);
    CHECK(parse_moment("1970-01-01t08:00:01.5+08:00") == 1'500);
    CHECK(parse_moment("1969-12-31T19:00:00.001-05:00") == 1);
    CHECK(parse_moment("2024-02-29T23:59:59z") == 1'709'251'199'000);
    CHECK(parse_moment("2026-03-01T00:00:00+08:00") == 1'772'294'400'000);
    // Rounded up: at_ms is whole milliseconds, and what is before the moment must stay before it.
    CHECK(parse_moment("1970-01-01T00:00:00.0001Z") == 1);
    CHECK(parse_moment("1970-01-01T00:00:00.0010000Z") == 1);
    CHECK(parse_moment("1970-01-01T00:00:00.999999Z") == 1'000);
    CHECK(parse_moment("9999-12-31T23:59:59.999Z") == 253'402'300'799'999);
    for (char const* wrong : {"", "-1", "1.5", " 1", "99999999999999999999", "253402300800000", "2026-03-01",
             "2026-03-01T00:00:00", "2026-03-01 00:00:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
             "2026-03-01T24:00:00Z", "2026-03-01T00:60:00Z", "2026-03-01T00:00:60Z", "2026-03-01T00:00:00.Z",
             "2026-03-01T00:00:00+0800", "2026-03-01T00:00:00+08:00x", "2026-03-01T00:00:00 08:00",
             "1970-01-01T00:00:00+00:01", "tomorrow"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_moment(wrong));
    }
}

TEST_CASE("Percent-encoding gives back every text, and nothing that is no text", "[sync][hub][pull]")
{
    std::string const text = "华东 & co=100%+/\x01~";
    std::string encoded;
    append_percent_encoded(encoded, text);
    CHECK(encoded == "%E5%8D%8E%E4%B8%9C%20%26%20co%3D100%25%2B%2F%01~");
    CHECK(percent_decoded(encoded) == text);
    CHECK(percent_decoded("a+b") == "a+b");
    CHECK(percent_decoded("%EF%BF%BD") == "\xEF\xBF\xBD");
    for (char const* wrong : {"%", "%4", "%4g", "%-1", "100%", "%FF", "%E5%8D", "%C0%80", "%00", "\xFF"}) {
        CAPTURE(wrong);
        CHECK_FALSE(percent_decoded(wrong));
    }

    std::string_view query = "&a=1&&b&c==2&";
    std::string seen;
    while (auto const parameter = take_parameter(query))
        seen.append(parameter->name).append(">").append(parameter->value).append(";");
    CHECK(seen == "a>1;b>;c>=2;");
}

namespace {

Result<PullFilter> filter_of(std::vector<std::pair<std::string, std::string>> const& parameters)
{
    PullFilter filter;
    for (auto const& [name, value] : parameters) {
        auto const taken = take_filter_parameter(filter, name, value);
        if (!taken)
            return fail(taken.error());
        REQUIRE(*taken);
    }
    LISTENPOST_TRY(check_filter(filter));
    return filter;
}

}

TEST_CASE("A filter is written the same however it was asked for", "[sync][hub][pull]")
{
    auto const one = filter_of({{"to", "2026-03-01T00:00:00+08:00"}, {"store", "b"}, {"negative", "1"},
        {"store", "a"}, {"store", "b"}, {"region", "华东"}});
    auto const other = filter_of(
        {{"region", "华东"}, {"store", "a"}, {"store", "b"}, {"to", "1772294400000"}, {"negative", "1"}});
    REQUIRE(one);
    REQUIRE(other);
    CHECK(to_query(*one) == "store=a&store=b&region=%E5%8D%8E%E4%B8%9C&to=1772294400000&negative=1");
    CHECK(to_query(*one) == to_query(*other));
    CHECK(to_query({}).empty());
    CHECK(PullFilter().is_empty());
    CHECK_FALSE(one->is_empty());
}

TEST_CASE("A filter's wrong values are refused with a reason", "[sync][hub][pull]")
{
    PullFilter filter;
    CHECK(take_filter_parameter(filter, "stroe", "a") == false);
    CHECK(filter.is_empty());
    for (auto const& [name, value] : std::vector<std::pair<std::string, std::string>> {{"store", ""},
             {"region", ""}, {"city", ""}, {"touchpoint", ""}, {"from", "yesterday"}, {"to", ""},
             {"negative", ""}, {"negative", "0"}, {"negative", "true"}, {"with_comment", "yes"}}) {
        CAPTURE(name, value);
        auto const refused = filter_of({{name, value}});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().detail.starts_with(name + " is "));
    }
    CHECK(filter_of({{"from", "5"}, {"from", "5"}}).error().detail == "from stands twice");
    CHECK_FALSE(filter_of({{"from", "5"}, {"to", "5"}}));
    CHECK(filter_of({{"from", "5"}, {"to", "6"}}));
}

TEST_CASE("A row that is no JSON ends a filtered page, and is not passed over", "[sync][hub][pull]")
{
    PullFilter filter;
    filter.only_negative = true;
    StorePlaces const places;
    RowFilter rows(filter, places);
    auto const row = [](std::string_view raw) {
        return LogRow {"sh-001", "dev_1", "00000000000000000000000000000001", 7, 0, 0, raw};
    };
    CHECK(rows.wants(row(R"({"answers":[{"q":"a","score":3},{"q":"b","score":2}]})")) == true);
    CHECK(rows.wants(row(R"({"answers":[{"q":"a","score":3},{"q":"b","minutes":2}]})")) == false);
    CHECK(rows.wants(row(R"({"answers":[{"q":"nps","score":0}]})")) == true);
    auto const torn = rows.wants(row(R"({"answers":[{"q":"a","score":3)"));
    REQUIRE_FALSE(torn);
    CHECK(torn.error().code == Errc::Corrupt);
}

TEST_CASE("A filter on what customers say leaves staff events out, one on store and time does not",
    "[sync][hub][pull]")
{
    std::string const event = test::event_json(7);
    LogRow const row {"sh-001", "dev_1", "00000000000000000000000000000001", 7, 0, 1'000, event};
    StorePlaces const places {{"sh-001", {"华东", "上海"}}};
    auto const wants = [&](std::vector<std::pair<std::string, std::string>> const& parameters) {
        auto const filter = filter_of(parameters);
        REQUIRE(filter);
        return RowFilter(*filter, places).wants(row).value();
    };
    CHECK(wants({}));
    CHECK(wants({{"store", "sh-001"}, {"region", "华东"}, {"from", "1000"}, {"to", "1001"}}));
    CHECK_FALSE(wants({{"store", "sh-002"}}));
    CHECK_FALSE(wants({{"to", "1000"}}));
    CHECK_FALSE(wants({{"negative", "1"}}));
    CHECK_FALSE(wants({{"with_comment", "1"}}));
    CHECK_FALSE(wants({{"touchpoint", "exit"}}));
}

#include "sync/hub/router.h"

#include <catch2/catch.hpp>

using namespace listenpost::sync;

namespace {

RequestHead head(std::string_view method, std::string_view target)
{
    RequestHead made;
    made.method = method;
    made.target = target;
    made.says_its_length = method == "POST";
    return made;
}

unsigned status_of(RequestHead const& request)
{
    auto const found = find_route(request);
    auto const* const reply = std::get_if<ApiReply>(&found);
    return reply ? reply->status : 200;
}

}

TEST_CASE("A head finds its route, or a reply that says what is wrong", "[sync][hub]")
{
    CHECK(std::get<Route>(find_route(head("GET", "/healthz"))) == Route::Health);
    CHECK(std::get<Route>(find_route(head("GET", "/v1/responses?limit=1"))) == Route::Responses);
    CHECK(std::get<Route>(find_route(head("POST", "/v1/batches"))) == Route::Batches);
    CHECK(std::get<Route>(find_route(head("POST", "/v1/enrol"))) == Route::Enrol);
    CHECK(std::get<Route>(find_route(head("POST", "/v1/heartbeat"))) == Route::Heartbeat);
    CHECK(status_of(head("GET", "/")) == 404);
    CHECK(status_of(head("GET", "/v1/batches/")) == 404);
    CHECK(status_of(head("GET", "/v1/batches")) == 405);
    CHECK(status_of(head("POST", "/v1/responses")) == 405);

    auto post = head("POST", "/v1/batches");
    post.content_encoding = "ZSTD";
    post.content_type = "Application/JSON; charset=utf-8";
    CHECK(status_of(post) == 200);
    post.content_encoding = "br";
    CHECK(status_of(post) == 415);
    post.content_encoding = "gzip, zstd";
    CHECK(status_of(post) == 415);
    post.content_encoding = "";
    post.content_type = "text/plain";
    CHECK(status_of(post) == 415);
    post.content_type = "";
    post.says_its_length = false;
    CHECK(status_of(post) == 411);
}

TEST_CASE("A bearer token is taken from its header, whatever the scheme's case", "[sync][hub]")
{
    CHECK(bearer_token("Bearer lpd_1") == "lpd_1");
    CHECK(bearer_token("bearer  lpd_1 ") == "lpd_1");
    CHECK_FALSE(bearer_token(""));
    CHECK_FALSE(bearer_token("Bearer"));
    CHECK_FALSE(bearer_token("Bearer  "));
    CHECK_FALSE(bearer_token("Basic lpd_1"));
    CHECK_FALSE(bearer_token("Bearer " + std::string(201, 'x')));
}

TEST_CASE("The age of a sending is a number of milliseconds, or is not known", "[sync][hub]")
{
    CHECK(parse_sent_age("0") == 0);
    CHECK(parse_sent_age("9007199254740991") == 9'007'199'254'740'991);
    for (char const* wrong :
        {"", "-1", "+1", "1.5", "1s", " 1", "9007199254740992", "99999999999999999999", "x"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_sent_age(wrong));
    }
}

TEST_CASE("A pull's parameters have defaults and limits", "[sync][hub]")
{
    CHECK(parse_pull_query("/v1/responses")->limit == 1'000);
    CHECK(parse_pull_query("/v1/responses?limit=10000&cursor=AbC-_")->limit == 10'000);
    CHECK(parse_pull_query("/v1/responses?limit=10000&cursor=AbC-_")->cursor == "AbC-_");
    for (char const* wrong :
        {"limit=0", "limit=10001", "limit=", "limit=x", "limit=5x", "limit=-1", "limit"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_pull_query("/v1/responses?" + std::string(wrong)));
    }
}

TEST_CASE("A pull's filter is read from its parameters; one that is unknown is refused", "[sync][hub]")
{
    auto const query = parse_pull_query(
        "/v1/responses?store=a&limit=5&store=b%20c&from=1970-01-01T08:00:01+08:00&negative=1");
    REQUIRE(query);
    CHECK(query->limit == 5);
    CHECK(query->filter.stores == std::vector<std::string> {"a", "b c"});
    CHECK(query->filter.from_ms == 1'000);
    CHECK(query->filter.only_negative);
    CHECK_FALSE(query->filter.only_with_comment);
    CHECK(parse_pull_query("/v1/responses?stroe=a").error().detail == "this hub knows no parameter stroe");
    CHECK(parse_pull_query("/v1/responses?Store=a").error().code == listenpost::Errc::Invalid);
    CHECK_FALSE(parse_pull_query("/v1/responses?store=%zz"));
    CHECK_FALSE(parse_pull_query("/v1/responses?from=10&to=9"));
}

TEST_CASE("A reply is packed for who names zstd or gzip and does not refuse it", "[sync][hub]")
{
    using listenpost::sync::Encoding;
    for (char const* gzip :
        {"gzip", "deflate, GZIP;q=0.5", "br,x-gzip", "gzip ; q=1", "gzip;q=0.001", "zstd;q=0, gzip"}) {
        CAPTURE(gzip);
        CHECK(accepted_encoding(gzip) == Encoding::Gzip);
    }
    for (char const* zstd : {"zstd", "gzip, zstd", "zstd, gzip", "ZSTD;q=0.1,gzip", "gzip;q=0, zstd"}) {
        CAPTURE(zstd);
        CHECK(accepted_encoding(zstd) == Encoding::Zstd);
    }
    for (char const* no :
        {"", "identity", "deflate, br", "gzip;q=0", "gzip; q=0.000", "*", "gzipped", "zstd;q=0, gzip;q=0"}) {
        CAPTURE(no);
        CHECK(accepted_encoding(no) == Encoding::Identity);
    }
}

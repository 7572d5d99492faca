#include "sync/agent/retry_policy.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;

namespace {

WallTime const now {std::chrono::milliseconds(784'111'777'000)}; // Sun, 06 Nov 1994 08:49:37 GMT
std::vector<std::int64_t> const seqs {17, 18, 20};
std::string const batch = "00112233445566ff";

Verdict verdict_on(int status, std::string body, std::vector<HttpHeader> headers = {})
{
    return judge(HttpReply {status, std::move(headers), std::move(body)}, seqs, batch, now);
}

/// An object, and in it what the hub names the request by.
std::string about_this_batch(std::string body)
{
    auto const end = body.rfind('}');
    if (end == body.npos || body.find("\"batch\"") != body.npos)
        return body;
    return body.insert(end, (end > 1 ? ",\"batch\":\"" : "\"batch\":\"") + batch + "\"");
}

std::string error_json(std::string const& code)
{
    return R"({"error":{"code":")" + code + R"(","detail":"some detail"}})";
}

std::string const hub_says = error_json("some_code");
std::string const portal = "<html><title>Free WiFi! Please log in</title></html>";

}

TEST_CASE("A batch is done only when the hub's own answer adds up", "[sync][agent]")
{
    auto const all = verdict_on(200, about_this_batch(R"({"acknowledged":3,"duplicates":1,"refused":[]})"));
    CHECK(all.outcome == Outcome::Done);
    CHECK(all.reply.acknowledged == 3);
    CHECK(all.reply.duplicates == 1);
    CHECK(verdict_on(200, R"({"acknowledged":3,"duplicates":0,"refused":[],"batch":"00112233445566ff"})")
              .outcome
        == Outcome::Done);

    auto const some = verdict_on(200,
        about_this_batch(
            R"({"acknowledged":1,"duplicates":0,"refused":[{"seq":20,"code":"invalid","detail":"score is 9"},
            {"seq":17,"code":"conflict","detail":""}],"a_later_version_says":"more"})"));
    REQUIRE(some.outcome == Outcome::Done);
    CHECK(some.reply.refused == std::vector<Refusal> {{20, "invalid", "score is 9"}, {17, "conflict", ""}});

    for (auto const* body :
        {
            "", "{}", "[]", "null", "3", "\"ok\"", R"({"status":"ok"})",
            R"({"acknowledged":18446744073709551615,"duplicates":0,"refused":[]})",
            R"({"acknowledged":3,"duplicates":9223372036854775808,"refused":[]})", // negative as 64 bits
            R"({"acknowledged":3,"duplicates":0})", // no refused
            R"({"acknowledged":3,"refused":[]})", // no duplicates
            R"({"acknowledged":2,"duplicates":0,"refused":[]})", // one is missing
            R"({"acknowledged":4,"duplicates":0,"refused":[]})", // one too many
            R"({"acknowledged":3,"duplicates":4,"refused":[]})",
            R"({"acknowledged":"3","duplicates":0,"refused":[]})",
            R"({"acknowledged":3.0,"duplicates":0,"refused":[]})",
            R"({"acknowledged":-3,"duplicates":0,"refused":[]})",
            R"({"acknowledged":3,"duplicates":0,"refused":{}})",
            R"({"acknowledged":2,"duplicates":0,"refused":[19]})",
            R"({"acknowledged":2,"duplicates":0,"refused":[{"seq":19,"code":"invalid","detail":""}]})", // not
                                                                                                        // sent
            R"({"acknowledged":2,"duplicates":0,"refused":[{"seq":"17","code":"invalid","detail":""}]})",
            R"({"acknowledged":2,"duplicates":0,"refused":[{"seq":17,"code":"","detail":""}]})",
            R"({"acknowledged":2,"duplicates":0,"refused":[{"seq":17,"code":"invalid"}]})",
            R"({"acknowledged":1,"duplicates":0,"refused":[{"seq":17,"code":"a","detail":""},{"seq":17,"code":"a","detail":""}]})",
            R"({"acknowledged":3,"duplicates":0,"refused":[],"batch":"00112233445566fe"})", // another's
            R"({"acknowledged":3,"duplicates":0,"refused":[],"batch":null})",
            R"({"acknowledged":3,"duplicates":0,"refused":[]} trailing)",
            R"({"acknowledged":3,"duplicates":0,"refused":[])", // cut
        }) {
        CAPTURE(body);
        auto const verdict = verdict_on(200, about_this_batch(body));
        CHECK(verdict.outcome == Outcome::Later);
        CHECK(verdict.speaker == Speaker::Unknown);
        CHECK(verdict.code == "not_the_hub");
    }
    CHECK(verdict_on(200, portal).outcome == Outcome::Later);
    CHECK(verdict_on(200, R"({"acknowledged":3,"duplicates":0,"refused":[]})").outcome == Outcome::Later);
}

TEST_CASE("Statuses mean what the protocol's table says", "[sync][agent]")
{
    for (int const status :
        {408, 425, 429, 500, 502, 503, 504, 599, 201, 204, 301, 302, 404, 405, 409, 418, 511}) {
        CAPTURE(status);
        CHECK(verdict_on(status, hub_says).outcome == Outcome::Later);
        CHECK(verdict_on(status, portal).outcome == Outcome::Later);
    }
    CHECK(verdict_on(401, error_json("token_unknown")).outcome == Outcome::NotWelcome);
    CHECK(verdict_on(403, error_json("revoked")).outcome == Outcome::NotWelcome);
    CHECK(verdict_on(413, error_json("too_large")).outcome == Outcome::Split);
    CHECK(verdict_on(413, error_json("too_large")).speaker == Speaker::Hub);
    auto const verdict = verdict_on(400, error_json("bad_batch"));
    CHECK(verdict.outcome == Outcome::Never);
    CHECK(verdict.speaker == Speaker::Hub);
    CHECK(verdict.code == "bad_batch");
    CHECK(verdict.detail == "some detail");
}

TEST_CASE("Nobody but the hub can discard a response or lock the box out", "[sync][agent]")
{
    for (int const status : {400, 401, 403})
        for (auto const& body :
            {portal, std::string(), std::string(R"({"error":"denied"})"), std::string(R"({"error":{}})")}) {
            auto const verdict = verdict_on(status, body);
            CHECK(verdict.outcome == Outcome::Later);
            CHECK(verdict.speaker == Speaker::Unknown);
            CHECK(verdict.code == "http_" + std::to_string(status));
        }
    // API gateways have the hub's JSON, and codes of their own; and the right code belongs to one status.
    for (int const status : {400, 401, 403})
        for (auto const* code : {"INVALID_ARGUMENT", "BadRequest", "bad_request", "AccessDenied", "too_large",
                 status == 400 ? "revoked" : "bad_batch"}) {
            CAPTURE(status, code);
            CHECK(verdict_on(status, error_json(code)).outcome == Outcome::Later);
            CHECK(verdict_on(status, error_json(code)).code == code);
        }
    CHECK(verdict_on(413, error_json("RequestEntityTooLarge")).outcome == Outcome::Split);
    CHECK(verdict_on(413, error_json("RequestEntityTooLarge")).speaker == Speaker::Unknown);
    // A proxy's limit is met by smaller batches; that discards nothing.
    CHECK(verdict_on(413, portal).outcome == Outcome::Split);
    CHECK(verdict_on(413, portal).speaker == Speaker::Unknown);
}

TEST_CASE("What a network wants instead is said in plain words", "[sync][agent]")
{
    auto const moved = verdict_on(302, portal, {{"Location", "http://portal.example/"}});
    CHECK(moved.code == "not_the_hub");
    CHECK(moved.detail.find("http://portal.example/") != std::string::npos);
    CHECK(verdict_on(302, portal, {{"Location", std::string(5'000, 'x')}}).detail.size() < 400);
    CHECK(verdict_on(303, portal).outcome == Outcome::Later);
    CHECK(verdict_on(511, portal).code == "not_the_hub");
    CHECK(verdict_on(407, portal).code == "unreachable");
    CHECK(verdict_on(407, portal).detail.find("user name") != std::string::npos);
    for (int const status : {302, 407, 511}) // the hub's own words count for more
        CHECK(verdict_on(status, hub_says).code == "some_code");
}

TEST_CASE("No reply means later, and keeps the reason", "[sync][agent]")
{
    auto const verdict = judge(fail(Errc::Unreachable, "connecting: refused"), seqs, batch, now);
    CHECK(verdict.outcome == Outcome::Later);
    CHECK(verdict.code == "unreachable");
    CHECK(verdict.detail == "connecting: refused");
    CHECK(judge(fail(Errc::Full, "too long"), seqs, batch, now).outcome == Outcome::Later);
}

TEST_CASE("Retry-After is obeyed within reason", "[sync][agent]")
{
    CHECK(parse_retry_after("0", now) == 0ms);
    CHECK(parse_retry_after("120", now) == 120s);
    CHECK(parse_retry_after("99999999999999999999999", now) == 1h);
    CHECK(parse_retry_after("86400", now) == 1h);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now) == 60s);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:40:00 GMT", now) == 0ms);
    CHECK(parse_retry_after("Mon, 06 Nov 2034 08:40:00 GMT", now) == 1h);
    for (auto const* unreadable :
        {"", "-5", "1.5", "soon", "12 s", "Sun, 06 Nov 1994 08:50:37 CET", "Sun, 32 Nov 1994 08:50:37 GMT",
            "Sun, 06 Foo 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"})
        CHECK_FALSE(parse_retry_after(unreadable, now));

    CHECK(verdict_on(503, "", {{"retry-after", "30"}}).retry_after == 30s);
    CHECK_FALSE(verdict_on(400, error_json("bad_batch"), {{"Retry-After", "30"}}).retry_after);
    // The box's own clock may be years off; the reply's Date is beside the hub's.
    CHECK(verdict_on(429, "",
              {{"Retry-After", "Tue, 22 Sep 2026 00:02:00 GMT"}, {"Date", "Tue, 22 Sep 2026 00:00:00 GMT"}})
              .retry_after
        == 120s);
}

TEST_CASE("Pauses grow from a second to five minutes, and are spread over all of it", "[sync][agent]")
{
    CHECK(backoff(1, 0.999999) < 1s);
    CHECK(backoff(1, 0.5) == 500ms);
    CHECK(backoff(2, 0.5) == 1s);
    CHECK(backoff(5, 0.5) == 8s);
    CHECK(backoff(9, 0.5) == 128s);
    CHECK(backoff(10, 0.5) == 150s);
    for (unsigned const attempt : {11U, 63U, 64U, 65U, 1'000'000U, ~0U}) {
        CHECK(backoff(attempt, 0.5) == 150s);
        CHECK(backoff(attempt, 0.0) == 0s);
        CHECK(backoff(attempt, 1.0) == 5min);
    }
}

TEST_CASE("A file that stays unusable is tried less and less often", "[sync][agent]")
{
    CHECK(stuck_pause(1) == 30s);
    CHECK(stuck_pause(2) == 1min);
    CHECK(stuck_pause(4) == 4min);
    for (unsigned const attempt : {5U, 63U, 64U, 65U, ~0U})
        CHECK(stuck_pause(attempt) == 5min);
}

TEST_CASE("A hub's words are kept short, and never cut inside a character", "[sync][agent]")
{
    std::string detail;
    while (detail.size() < 5'000)
        detail += "错";
    auto const verdict = verdict_on(400, R"({"error":{"code":"bad_batch","detail":")" + detail + R"("}})");
    CHECK(verdict.detail.size() <= 500);
    CHECK(verdict.detail.size() % 3 == 0);
    CHECK(detail.starts_with(verdict.detail));
}

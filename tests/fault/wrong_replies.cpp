#include "tests/fault/fault.h"
#include "tests/support/http_stub.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

namespace listenpost::test {
namespace {

constexpr char login_page[]
    = "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Please accept our terms to use the "
      "Wi-Fi. {\"acknowledged\":1}</body></html>";
constexpr std::size_t more_than_the_agent_takes = 1'100'000;

template <typename List>
auto const& one_of(Random& random, List const& list)
{
    return list[draw(random, std::size(list))];
}

std::vector<std::string> retry_after(Random& random)
{
    static std::vector<std::string> const shapes
        = {"0", "1", "120", "3600", "86400", "-5", "1.5", "1e3", "abc", "", " 7 ", "7 seconds",
            "999999999999999999999999", "9223372036854775807", "Wed, 21 Oct 2015 07:28:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT", "Wed, 21 Oct 2037 07:28:00 GMT", "Thu, 30 Feb 2023 00:00:00 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "\xff\xfe"};
    std::vector<std::string> headers;
    for (auto more = draw(random, 3); more > 0; --more)
        headers.push_back("Retry-After: " + one_of(random, shapes));
    if (chance(random, 30))
        headers.emplace_back("Date: Wed, 21 Oct 2037 07:27:30 GMT");
    return headers;
}

std::string hub_error(std::string const& code)
{
    return nlohmann::json {{"error", {{"code", code}, {"detail", "because"}}}}.dump();
}

Answer error_status(Random& random, SeenBatch const& batch)
{
    static constexpr int statuses[]
        = {201, 202, 203, 204, 205, 206, 226, 299, 300, 304, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
            410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 444,
            451, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 525, 599, 600, 666, 999};
    int const status = one_of(random, statuses);
    // That a single response is bad or too large is the hub's to say: whoever says so in its
    // words is the hub.
    bool const hubs_word = (status == 400 || status == 413) && batch.seqs.size() <= 1;
    std::string body;
    switch (draw(random, hubs_word ? 5 : 6)) {
    case 0:
        break;
    case 1:
        body = login_page;
        break;
    case 2:
        body = R"({"message":"no"})";
        break;
    case 3:
        body = R"({"error":"no"})";
        break;
    case 4: {
        // An API gateway's, which has the hub's JSON and codes of its own.
        static constexpr char const* codes[] = {"INVALID_ARGUMENT", "BadRequest", "AccessDenied",
            "RequestEntityTooLarge", "400", "bad_request", "Bad_Batch"};
        body = hub_error(one_of(random, codes));
        break;
    }
    default:
        static constexpr char const* codes[]
            = {"bad_batch", "token_unknown", "revoked", "too_large", "busy", "storage", "新"};
        body = hub_error(one_of(random, codes));
        break;
    }
    if (status == 204 || status == 304) // these have no body, whatever they say
        body.clear();
    return {http_reply(status, body, retry_after(random)), chance(random, 30)};
}

Answer redirect(Random& random, SeenBatch const&)
{
    static constexpr int statuses[] = {301, 302, 303, 307, 308};
    static constexpr char const* places[] = {"/v1/batches", "http://127.0.0.1:1/login", "file:///etc/passwd",
        "https://portal.example/login", "//", "", "http://[::1", "gopher://127.0.0.1:1/"};
    return {http_reply(one_of(random, statuses), login_page,
                {std::string("Location: ") + one_of(random, places), "Content-Type: text/html"}),
        chance(random, 50)};
}

Answer portal(Random& random, SeenBatch const&)
{
    return {http_reply(200, login_page, {"Content-Type: text/html"}), chance(random, 50)};
}

/// Looks like the hub's 200, and is none for this batch.
Answer wrong_acknowledgement(Random& random, SeenBatch const& batch)
{
    using nlohmann::json;
    auto const count = static_cast<std::int64_t>(batch.seqs.size());
    std::int64_t const last = batch.seqs.empty() ? 0 : batch.seqs.back();
    auto const refusal = [](std::int64_t seq) {
        return json {{"seq", seq}, {"code", "invalid"}, {"detail", "because"}};
    };
    json reply {
        {"acknowledged", count}, {"duplicates", 0}, {"refused", json::array()}, {"batch", batch.digest}};
    std::vector<std::function<void()>> const ways = {
        [&] { reply["acknowledged"] = count - 1; },
        [&] { reply["acknowledged"] = count + 1; },
        [&] { reply["acknowledged"] = -count; },
        [&] { reply["acknowledged"] = static_cast<double>(count); },
        [&] { reply["acknowledged"] = std::to_string(count); },
        [&] { reply["acknowledged"] = true; },
        [&] { reply["acknowledged"] = nullptr; },
        [&] { reply["acknowledged"] = json::array({count}); },
        [&] { reply["acknowledged"] = 18'446'744'073'709'551'615U; },
        [&] { reply["duplicates"] = count + 1; },
        [&] { reply["duplicates"] = -1; },
        [&] { reply.erase("duplicates"); },
        [&] { reply.erase("refused"); },
        [&] { reply.erase("acknowledged"); },
        [&] { reply.erase("batch"); },
        [&] { reply["batch"] = "0123456789abcdef"; },
        [&] { reply["refused"] = json::object(); },
        [&] { reply["refused"] = nullptr; },
        [&] {
            reply["acknowledged"] = std::max<std::int64_t>(count - 1, 0);
            reply["refused"] = json::array({refusal(last + 1)});
        },
        [&] {
            reply["acknowledged"] = std::max<std::int64_t>(count - 1, 0);
            reply["refused"] = json::array({last});
        },
        [&] {
            reply["acknowledged"] = std::max<std::int64_t>(count - 1, 0);
            reply["refused"] = json::array({{{"seq", last}, {"code", ""}, {"detail", ""}}});
        },
        [&] {
            reply["acknowledged"] = std::max<std::int64_t>(count - 2, 0);
            reply["refused"] = json::array({refusal(last), refusal(last)});
        },
        [&] {
            reply["refused"] = json::array({refusal(last)}); // one too many in all
        },
        [&] { reply = json::array({reply}); },
        [&] {
            reply = json {{"result", reply}};
        },
        [&] { reply = count; },
        [&] {
            reply = json {{"status", "ok"}};
        },
    };
    one_of(random, ways)();
    return {http_reply(200, reply.dump(), {"Content-Type: application/json"}), chance(random, 30)};
}

Answer broken_json(Random& random, SeenBatch const& batch)
{
    std::string const whole = R"({"acknowledged":)" + std::to_string(batch.seqs.size())
        + R"(,"duplicates":0,"refused":[],"batch":")" + batch.digest + "\"}";
    std::vector<std::string> const ways = {"", " ", "null", "{}", "[]", "\"ok\"",
        whole.substr(0, whole.size() - 1), whole.substr(1), whole + whole, whole + "<!-- served by proxy -->",
        std::string(whole.size(), '\0'), std::string(50'000, '['), "{\"a\":" + std::string(20'000, '{'),
        "\xff\xfe" + whole, R"({"acknowledged":NaN,"duplicates":0,"refused":[]})",
        R"({"acknowledged":1e400,"duplicates":0,"refused":[]})", "{'acknowledged':1}",
        whole.substr(0, draw(random, whole.size()))};
    return {http_reply(200, one_of(random, ways), {"Content-Type: application/json"}), chance(random, 30)};
}

Answer huge(Random& random, SeenBatch const&)
{
    std::string const head = "HTTP/1.1 200 OK\r\n";
    std::string endless;
    switch (draw(random, 5)) {
    case 0:
        return {http_reply(200, std::string(more_than_the_agent_takes, ' ')), false};
    case 1: // endless headers
        endless.reserve(120'000);
        while (endless.size() < 100'000)
            endless += "X-Filler-" + std::to_string(endless.size())
                + ": aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
        return {head + endless, true};
    case 2: // one endless header line
        return {head + "X-Filler: " + std::string(300'000, 'a'), true};
    case 3: // promises more than there is
        return {head + "Content-Length: 999999999999999999\r\n\r\n{\"acknowledged\":", true};
    default: // interim replies without end
        for (int i = 0; i < 2'000; ++i)
            endless += "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        return {endless, true};
    }
}

Answer wrong_length(Random& random, SeenBatch const& batch)
{
    // Not even whole would it be an acknowledgement of this batch.
    std::string const body = R"({"acknowledged":)" + std::to_string(batch.seqs.size() + 1)
        + R"(,"duplicates":0,"refused":[],"batch":")" + batch.digest + "\"}";
    auto const size = body.size();
    std::vector<std::string> const lengths = {"Content-Length: " + std::to_string(size + 40),
        "Content-Length: " + std::to_string(size - 4), "Content-Length: 0", "Content-Length: -1",
        "Content-Length: 0x20", "Content-Length: 99999999999999999999999", "Content-Length: ten",
        "Content-Length: 5\r\nContent-Length: 7", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "X-No-Length: 1"};
    return {"HTTP/1.1 200 OK\r\n" + one_of(random, lengths) + "\r\n\r\n" + body, true};
}

Answer chunked_garbage(Random& random, SeenBatch const&)
{
    std::vector<std::string> const bodies = {"zz\r\nwhat\r\n0\r\n\r\n", "5\r\n{\"ack\r\n",
        "-1\r\na\r\n0\r\n\r\n", "ffffffffffffffff\r\n{", "5;ext=\"\r\n12345\r\n0\r\n\r\n", "0\r\n\r\n",
        "\r\n\r\n", "5\r\n123456789\r\n0\r\n\r\n", "1\n{\n0\n\n", std::string(20'000, '1') + "\r\n"};
    return {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + one_of(random, bodies), true};
}

Answer false_encoding(Random& random, SeenBatch const&)
{
    static constexpr char const* encodings[]
        = {"gzip", "deflate", "br", "zstd", "gzip, gzip", "identity", "x"};
    std::vector<std::string> const bodies
        = {login_page, std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff", 12), "{}"};
    return {http_reply(
                200, one_of(random, bodies), {std::string("Content-Encoding: ") + one_of(random, encodings)}),
        chance(random, 30)};
}

Answer no_http(Random& random, SeenBatch const&)
{
    std::string noise(draw(random, 3'000), '\0');
    for (char& byte : noise)
        byte = static_cast<char>(random());
    std::vector<std::string> const ways = {"", "\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
        "220 mail.example ESMTP\r\n", "{\"acknowledged\":1,\"duplicates\":0,\"refused\":[]}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/0.9 200 OK\r\n\r\n", "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1\r\n\r\n", "HTTP/1.1 OK 200\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", std::string("\x15\x03\x01\x00\x02\x02\x28", 7),
        std::string("\x00\x00\x12\x04\x00\x00\x00\x00\x00", 9), noise};
    return {one_of(random, ways), true};
}

}

Answer wrong_reply(Random& random, SeenBatch const& batch)
{
    static constexpr Answer (*kinds[])(Random&, SeenBatch const&)
        = {error_status, error_status, error_status, error_status, redirect, portal, wrong_acknowledgement,
            wrong_acknowledgement, broken_json, huge, wrong_length, chunked_garbage, false_encoding, no_http};
    return one_of(random, kinds)(random, batch);
}

Answer odd_reply(Random& random, std::string const& reply)
{
    auto const head_end = reply.find("\r\n\r\n");
    if (head_end == std::string::npos)
        return {reply, true};
    std::string const status_line = reply.substr(0, reply.find("\r\n"));
    std::string const body = reply.substr(head_end + 4);
    std::string const length = std::to_string(body.size());
    switch (draw(random, 8)) {
    case 0: { // in chunks of any size
        std::string chunked;
        for (std::size_t at = 0; at < body.size();) {
            auto const part = body.substr(at, 1 + draw(random, 20));
            char size[32];
            std::snprintf(size, sizeof size, "%zX;x=y\r\n", part.size());
            chunked += size + part + "\r\n";
            at += part.size();
        }
        return {status_line + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked + "0\r\nTrailer: x\r\n\r\n",
            false};
    }
    case 1: // until the connection ends
        return {status_line + "\r\nConnection: close\r\n\r\n" + body, true};
    case 2: // an older HTTP
        return {
            "HTTP/1.0" + status_line.substr(8) + "\r\ncontent-length:" + length + "\r\n\r\n" + body, true};
    case 3: // interim replies before it
        return {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + reply, false};
    case 4: // bare line feeds
        return {status_line + "\nContent-Length: " + length + "\n\n" + body, false};
    case 5: // a continued header, an empty one, a thousand of them
    {
        std::string many;
        for (int i = 0; i < 1'000; ++i)
            many += "X-" + std::to_string(i) + ": y\r\n";
        return {status_line + "\r\nX-Folded: a\r\n b\r\nX-Empty:\r\n" + many + "Content-Length: " + length
                + "\r\n\r\n" + body,
            false};
    }
    case 6: // an encoding that it does not have
        return {status_line + "\r\nContent-Encoding: gzip\r\nContent-Length: " + length + "\r\n\r\n" + body,
            false};
    default: // more than it said behind it
        return {reply + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nextra", false};
    }
}

}

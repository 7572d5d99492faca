#include "sync/hub/router.h"

#include "kiosk/model/response.h"
#include "platform/base/utf8.h"
#include "sync/hub/query.h"
#include "sync/wire/limits.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace listenpost::sync {
namespace {

struct RouteRow {
    Route route;
    std::string_view method;
    std::string_view path;
};

constexpr RouteRow routes[] = {
    {Route::Health, "GET", "/healthz"},
    {Route::Ready, "GET", "/readyz"},
    {Route::Metrics, "GET", "/metrics"},
    {Route::Enrol, "POST", "/v1/enrol"},
    {Route::Batches, "POST", "/v1/batches"},
    {Route::Heartbeat, "POST", "/v1/heartbeat"},
    {Route::Responses, "GET", "/v1/responses"},
    {Route::Summary, "GET", "/v1/summary"},
    {Route::Ranking, "GET", "/v1/ranking"},
};

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_case_start)
{
    return text.size() >= lower_case_start.size()
        && std::ranges::equal(text.substr(0, lower_case_start.size()), lower_case_start,
            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}

char const* name(Route route)
{
    constexpr std::array<char const*, route_count> names {
        "healthz", "readyz", "metrics", "enrol", "batches", "heartbeat", "responses", "summary", "ranking"};
    return names.at(static_cast<std::size_t>(route));
}

ApiReply error_reply(unsigned status, std::string_view code, std::string_view detail)
{
    ApiReply reply;
    reply.status = status;
    reply.body = "{\"error\":{\"code\":";
    kiosk::append_json_string(reply.body, code);
    reply.body += ",\"detail\":";
    kiosk::append_json_string(reply.body, detail);
    reply.body += "}}\n";
    return reply;
}

ApiReply later_reply(std::string_view code, std::string_view detail)
{
    auto reply = error_reply(503, code, detail);
    reply.headers.emplace_back("Retry-After", "5");
    return reply;
}

std::variant<Route, ApiReply> find_route(RequestHead const& head)
{
    std::string_view const path = head.target.substr(0, head.target.find('?'));
    auto const* const row = std::ranges::find(routes, path, &RouteRow::path);
    if (row == std::end(routes))
        return error_reply(404, "not_found", "no such path; see PROTOCOL.md");
    if (head.method != row->method) {
        auto reply = error_reply(405, "method_not_allowed", "this path takes " + std::string(row->method));
        reply.headers.emplace_back("Allow", row->method);
        return reply;
    }
    if (row->method == "GET")
        return row->route;
    if (!head.says_its_length)
        return error_reply(411, "length_required", "say how long the body is");
    if (!head.content_type.empty() && !starts_with_ignoring_case(head.content_type, "application/json"))
        return error_reply(415, "content_type_unknown", "the body must be application/json");
    if (!encoding_from_name(head.content_encoding))
        return error_reply(415, "encoding_unknown", "the body may be packed by zstd or gzip, once");
    return row->route;
}

std::optional<std::string_view> bearer_token(std::string_view authorization)
{
    constexpr std::string_view scheme = "bearer ";
    if (!starts_with_ignoring_case(authorization, scheme))
        return {};
    authorization.remove_prefix(scheme.size());
    while (!authorization.empty() && authorization.front() == ' ')
        authorization.remove_prefix(1);
    while (!authorization.empty() && authorization.back() == ' ')
        authorization.remove_suffix(1);
    if (authorization.empty() || authorization.size() > 200)
        return {};
    return authorization;
}

std::optional<std::int64_t> parse_sent_age(std::string_view text)
{
    std::int64_t age = 0;
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), age);
    if (error != std::errc() || stop != text.data() + text.size() || age < 0 || age > limits::max_integer)
        return {};
    return age;
}

Encoding accepted_encoding(std::string_view accept_encoding)
{
    auto best = Encoding::Identity;
    while (!accept_encoding.empty()) {
        auto const end = std::min(accept_encoding.find(','), accept_encoding.size());
        std::string coding(accept_encoding.substr(0, end));
        accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
        std::erase_if(coding, [](char c) { return c == ' ' || c == '\t'; });
        std::string_view const weight
            = std::string_view(coding).substr(std::min(coding.find(';'), coding.size()));
        auto const encoding = encoding_from_name(coding.substr(0, coding.find(';')));
        if (encoding != Encoding::Zstd && (encoding != Encoding::Gzip || best == Encoding::Zstd))
            continue;
        // q=0, q=0.0 …: not this one.
        bool const is_refused = starts_with_ignoring_case(weight, ";q=0")
            && weight.find_first_not_of("0.", 3) == std::string_view::npos;
        if (!is_refused)
            best = *encoding;
    }
    return best;
}

Result<PullQuery> parse_pull_query(std::string_view target)
{
    PullQuery query {{}, limits::default_pull_rows, {}};
    auto const mark = target.find('?');
    std::string_view rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    while (auto const parameter = take_parameter(rest)) {
        auto const& [name, encoded] = *parameter;
        auto const value = percent_decoded(encoded);
        if (!value)
            return fail(Errc::Invalid, std::string(cut_to(name, 64)) + " is no percent-encoded UTF-8");
        if (name == "cursor") {
            query.cursor = encoded; // letters, digits, - and _ only: read again by cursor_from_text()
        } else if (name == "limit") {
            auto const [stop, error]
                = std::from_chars(value->data(), value->data() + value->size(), query.limit);
            if (error != std::errc() || stop != value->data() + value->size() || query.limit < 1
                || query.limit > limits::max_pull_rows)
                return fail(Errc::Invalid, "limit is 1 to " + std::to_string(limits::max_pull_rows));
        } else {
            auto const taken = take_filter_parameter(query.filter, name, *value);
            if (!taken)
                return fail(taken.error());
            if (!*taken)
                return fail(Errc::Invalid, "this hub knows no parameter " + std::string(cut_to(name, 64)));
        }
    }
    LISTENPOST_TRY(check_filter(query.filter));
    return query;
}

}

#include "sync/agent/retry_policy.h"

#include "platform/base/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_ceiling = 1s;
constexpr std::chrono::milliseconds last_ceiling = 5min;
constexpr std::chrono::milliseconds first_stuck_pause = 30s;
constexpr std::chrono::milliseconds just_booted = 5min;
constexpr std::chrono::milliseconds longest_retry_after = 1h;

/// `first`, doubled with every attempt after the first, at most `last`.
std::chrono::milliseconds doubled(
    std::chrono::milliseconds first, std::chrono::milliseconds last, unsigned attempt)
{
    for (unsigned times = 1; times < attempt && first < last; ++times)
        first *= 2;
    return std::min(first, last);
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text)
{
    Number value {};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<std::chrono::milliseconds> retry_after_of(HttpReply const& reply, WallTime now)
{
    auto const value = reply.header("Retry-After");
    if (!value)
        return std::nullopt;
    // The hub's own clock, when it tells it: the box's may be years off.
    auto const date = parse_http_date(reply.header("Date").value_or(""));
    return parse_retry_after(*value, date.value_or(now));
}

Verdict later(std::string code, std::string detail)
{
    return {Outcome::Later, Speaker::Unknown, std::nullopt, {}, std::move(code), std::move(detail)};
}

/// What somebody on the way wants instead, as networks with a login page do; empty: another status.
std::string detour(HttpReply const& reply)
{
    constexpr std::size_t longest_place = 200;
    if (reply.status == 511)
        return "this network wants a login before it lets anything through";
    if (reply.status < 300 || reply.status > 399)
        return "";
    auto const place = reply.header("Location").value_or("");
    return "what answered is not the hub, but sends us on to "
        + (place.empty() ? "nowhere" : std::string(cut_to(place, longest_place)))
        + " (a network's login page?)";
}

/// PROTOCOL.md's table. The error JSON alone is no sign of the hub: gateways use the same shape. What
/// discards a response or locks the box out takes the hub's own code for it.
Outcome meaning_of(int status, std::string_view code)
{
    if (status == 400 && code == "bad_batch")
        return Outcome::Never;
    if ((status == 401 && code == "token_unknown") || (status == 403 && code == "revoked"))
        return Outcome::NotWelcome;
    // Halving is harmless whoever asks for it, and proxies have limits of their own.
    return status == 413 ? Outcome::Split : Outcome::Later;
}

}

Verdict judge(
    Result<HttpReply> const& reply, std::span<std::int64_t const> seqs, std::string_view batch, WallTime now)
{
    if (!reply)
        return later(name(reply.error().code), reply.error().detail);
    std::string const code = "http_" + std::to_string(reply->status);
    if (reply->status == 200) {
        if (auto parsed = parse_upload_reply(reply->body, seqs, batch))
            return {Outcome::Done, Speaker::Hub, std::nullopt, std::move(*parsed), "", ""};
        return later("not_the_hub",
            "what answered is not a ListenPost hub, or not about this batch (a network's login page?)");
    }

    auto const said_by_hub = parse_hub_error(reply->body);
    if (auto const elsewhere = detour(*reply); !elsewhere.empty() && !said_by_hub)
        return later("not_the_hub", elsewhere);
    if (reply->status == 407 && !said_by_hub)
        return later(name(Errc::Unreachable), "asking the proxy: it wants a user name and a password (407)");

    Verdict verdict;
    verdict.outcome = meaning_of(reply->status, said_by_hub ? said_by_hub->code : "");
    if (said_by_hub) {
        bool const is_foreign = verdict.outcome == Outcome::Split && said_by_hub->code != "too_large";
        verdict.speaker = is_foreign ? Speaker::Unknown : Speaker::Hub;
        verdict.code = said_by_hub->code;
        verdict.detail = said_by_hub->detail;
    } else {
        verdict.code = code;
        verdict.detail = "answered " + std::to_string(reply->status) + " without saying why";
    }
    if (verdict.outcome == Outcome::Later)
        verdict.retry_after = retry_after_of(*reply, now);
    return verdict;
}

std::chrono::milliseconds part_of(std::chrono::milliseconds whole, double random)
{
    double const part = std::clamp(random, 0.0, 1.0) * static_cast<double>(whole.count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(part));
}

std::chrono::milliseconds backoff(unsigned attempt, double random)
{
    return part_of(doubled(first_ceiling, last_ceiling, attempt), random);
}

std::chrono::milliseconds start_window(std::chrono::milliseconds uptime, std::chrono::milliseconds spread)
{
    return uptime <= just_booted ? spread : 0ms;
}

std::chrono::milliseconds stuck_pause(unsigned attempt)
{
    return doubled(first_stuck_pause, last_ceiling, attempt);
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value, WallTime now)
{
    bool const is_number
        = !value.empty() && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
    if (is_number) {
        auto const longest_seconds = std::chrono::duration_cast<std::chrono::seconds>(longest_retry_after);
        auto const seconds = parse_number<std::int64_t>(value).value_or(longest_seconds.count());
        return std::chrono::seconds(std::min<std::int64_t>(seconds, longest_seconds.count()));
    }
    auto const date = parse_http_date(value);
    if (!date)
        return std::nullopt;
    return std::clamp(std::chrono::milliseconds(*date - now), 0ms, longest_retry_after);
}

std::optional<WallTime> parse_http_date(std::string_view text)
{
    // Fixed places: "Sun, 06 Nov 1994 08:49:37 GMT"
    static constexpr std::array<std::string_view, 12> months
        = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" || text[19] != ':'
        || text[22] != ':')
        return std::nullopt;
    auto const month = std::ranges::find(months, text.substr(8, 3));
    auto const day = parse_number<unsigned>(text.substr(5, 2));
    auto const year = parse_number<int>(text.substr(12, 4));
    auto const hour = parse_number<unsigned>(text.substr(17, 2));
    auto const minute = parse_number<unsigned>(text.substr(20, 2));
    auto const second = parse_number<unsigned>(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second || *hour > 23 || *minute > 59
        || *second > 60)
        return std::nullopt;
    std::chrono::year_month_day const date(std::chrono::year(*year),
        std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1), std::chrono::day(*day));
    if (!date.ok())
        return std::nullopt;
    return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute)
        + std::chrono::seconds(*second);
}

}

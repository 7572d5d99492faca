#include "sync/agent/heartbeat.h"

#include "platform/base/log.h"
#include "platform/os/power_supply.h"
#include "sync/agent/box_figures.h"
#include "sync/agent/retry_policy.h"

#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// After the start: soon, for a box that comes back is news; but not all of a chain at once,
/// when the power of a town returns.
constexpr std::chrono::milliseconds first_within = 1min;
/// Five minutes in the middle.
constexpr std::chrono::milliseconds shortest_pause = 4min;
constexpr std::chrono::milliseconds pause_jitter = 2min;
/// A hub that does not know us learns nothing from being asked more often.
constexpr std::chrono::milliseconds not_welcome_pause = 1h;

std::int64_t seconds(std::chrono::milliseconds span) { return span / 1s; }

template <typename Value>
json or_null(std::optional<Value> const& value)
{
    return value ? json(*value) : json();
}

/// A 200 of a portal's or a proxy's is none of the hub's: those never speak of what is to be erased.
bool is_taken(HttpReply const& reply)
{
    auto const body = json::parse(reply.body, nullptr, false);
    return reply.status == 200 && body.is_object() && body.contains("erase");
}

json or_null(std::optional<WallTime> const& time)
{
    return time ? json(time->time_since_epoch().count()) : json();
}

}

Heartbeat::Heartbeat(DataFolder folder, DeliveryStore& delivery, Transport& transport, Clock const& clock,
    std::function<double()> random, std::filesystem::path power_supplies)
    : folder_(std::move(folder))
    , delivery_(delivery)
    , transport_(transport)
    , clock_(clock)
    , random_(std::move(random))
    , power_supplies_(std::move(power_supplies))
    , requests_(folder_)
    , pin_(folder_)
    , started_(clock.steady_now())
    , due_(started_ + part_of(first_within, random_()))
{
}

std::optional<SteadyTime> Heartbeat::due() const { return is_known_ ? std::optional(due_) : std::nullopt; }

void Heartbeat::step()
{
    if (!is_known_ || clock_.steady_now() < due_)
        return;
    due_ = clock_.steady_now() + shortest_pause + part_of(pause_jitter, random_());
    auto const enrolment = delivery_.enrolment();
    if (!enrolment || !*enrolment)
        return;
    auto const text = body();
    if (!text) {
        log(LogLevel::Warn, "no_heartbeat", {{"detail", text.error().detail}});
        return;
    }
    HttpRequest request;
    request.method = "POST";
    request.url = (*enrolment)->hub + "/v1/heartbeat";
    request.headers
        = {{"Authorization", "Bearer " + (*enrolment)->token}, {"Content-Type", "application/json"}};
    request.body = *text;
    request.pinned_key = (*enrolment)->pin;
    auto const reply = transport_.send(request, (*enrolment)->ca_file);
    if (reply || reply.error().code != Errc::Cancelled)
        act_on(reply);
}

void Heartbeat::act_on(Result<HttpReply> const& reply)
{
    std::string code;
    if (!reply) {
        code = name(reply.error().code);
    } else if (reply->status == 204 || is_taken(*reply)) {
        take_requests(*reply);
    } else {
        auto const error = parse_hub_error(reply->body);
        code = error ? error->code : "http_" + std::to_string(reply->status);
        if (auto const value = reply->header("Retry-After"))
            if (auto const pause = parse_retry_after(*value, clock_.wall_now()))
                due_ = std::max(due_, clock_.steady_now() + *pause);
        if (code == "token_unknown" || code == "revoked")
            due_ = std::max(due_, clock_.steady_now() + not_welcome_pause);
        // Login pages and gateways say 404 too, at times; a hub says it in its own word.
        if (reply->status == 404 && code == "not_found")
            is_known_ = false;
    }
    if (!code.empty())
        log(LogLevel::Info, "heartbeat_not_taken", {{"code", code}});
    if (auto const noted = delivery_.record_heartbeat(code, clock_.wall_now()); !noted)
        log(LogLevel::Warn, "heartbeat_not_noted", {{"detail", noted.error().detail}});
}

void Heartbeat::take_requests(HttpReply const& reply)
{
    if (auto const taken = requests_.take(reply.status == 204 ? std::string_view() : reply.body); !taken)
        log(LogLevel::Warn, "request_not_handed_over", {{"detail", taken.error().detail}});
    // One does not wait for the other, whatever is wrong with it. No word of the hash in the log.
    auto const brought = pin_.take(reply.body);
    if (!brought)
        log(LogLevel::Warn, "manager_pin_not_handed_over", {{"detail", brought.error().detail}});
    else if (*brought)
        log(LogLevel::Info, "manager_pin_handed_over");
}

Result<std::string> Heartbeat::body()
{
    auto const box = read_box_figures(folder_, &delivery_);
    if (!box)
        return fail(box.error());
    auto const report = requests_.report();
    if (!report)
        return fail(report.error());
    auto erased = json::array();
    for (auto const& ref : report->erased)
        erased.push_back({{"install", ref.install}, {"seq", ref.seq}});
    auto const pin = pin_.held();
    auto const power = read_power_state(power_supplies_);
    auto const now = Stamp::now(clock_);
    json const all {{"v", 1}, {"version", LISTENPOST_VERSION}, {"install", or_null(box->install)},
        {"installs", report->installs}, {"erased", std::move(erased)},
        {"manager_pin",
            pin.fingerprint.empty() ? json()
                                    : json {{"sha256", pin.fingerprint}, {"in_force", pin.is_in_force}}},
        {"uptime_s", seconds(now.steady.time_since_epoch())},
        {"agent_uptime_s", seconds(now.steady - started_)}, {"disk_free_bytes", box->disk_free_bytes},
        {"disk_total_bytes", box->disk_total_bytes}, {"store_bytes", box->store_bytes},
        {"captured", box->captured}, {"delivered", box->delivered}, {"waiting", box->waiting},
        {"quarantined", box->quarantined}, {"oldest_waiting_ms", or_null(box->oldest_waiting)},
        {"last_tap_ms", or_null(box->last_tap)}, {"battery_pct", or_null(power.battery_pct)},
        {"on_mains", or_null(power.on_mains)},
        {"clock",
            {{"wall_ms", now.wall.time_since_epoch().count()}, {"set", now.wall_is_set},
                {"steady_ms", now.steady.time_since_epoch().count()}, {"boot", now.boot_id}}}};
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

}

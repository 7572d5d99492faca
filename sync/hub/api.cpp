#include "sync/hub/api.h"

#include "kiosk/model/response.h"
#include "platform/base/log.h"
#include "platform/base/random_id.h"
#include "platform/base/utf8.h"
#include "sync/hub/await_callback.h"
#include "sync/hub/secrets.h"
#include "sync/hub/storage_trouble.h"
#include "sync/hub/summary_reply.h"
#include "sync/wire/digest.h"
#include "sync/wire/limits.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

namespace asio = boost::asio;

ApiReply unauthorized()
{
    auto reply = error_reply(401, "token_unknown", "no valid bearer token for this path");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
}

/// `code`: what a 400 says.
ApiReply unreadable(Error const& error, std::string_view code = "bad_batch")
{
    switch (error.code) {
    case Errc::Full:
        return error_reply(413, "too_large", error.detail);
    case Errc::NotFound:
        // 5xx: a newer box keeps its responses until this hub has been updated.
        return error_reply(501, "version_unknown", error.detail);
    default:
        return error_reply(400, code, error.detail);
    }
}

/// Devices of a large chain, and addresses that come by: some 10 MB when all are taken.
constexpr std::size_t max_limited_names = 100'000;

ApiReply too_many_reply(std::chrono::seconds wait)
{
    auto reply = error_reply(429, "too_many_requests", "more requests than one caller may make: come later");
    reply.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return reply;
}

std::size_t max_body_bytes(Route route)
{
    switch (route) {
    case Route::Enrol:
        return limits::max_enrol_bytes;
    case Route::Heartbeat:
        return limits::max_heartbeat_bytes;
    default:
        return limits::max_packed_bytes;
    }
}

/// `request`: see request_digest().
ApiReply batch_reply(IngestReply const& ingested, std::string_view request)
{
    ApiReply reply;
    reply.body = "{\"acknowledged\":" + std::to_string(ingested.acknowledged)
        + ",\"duplicates\":" + std::to_string(ingested.duplicates) + ",\"refused\":[";
    for (auto const& refused : ingested.refused) {
        if (&refused != &ingested.refused.front())
            reply.body += ',';
        reply.body += "{\"seq\":" + std::to_string(refused.seq) + ",\"code\":";
        kiosk::append_json_string(reply.body, refused.refusal.code);
        reply.body += ",\"detail\":";
        kiosk::append_json_string(reply.body, refused.refusal.detail);
        reply.body += '}';
    }
    reply.body += "],\"batch\":\"";
    reply.body += request;
    reply.body += "\"}\n";
    return reply;
}

/// Empty where nothing is asked. `erase` is always in it: boxes know a reply of a hub's by it.
std::string heartbeat_reply(HeartbeatReply const& asked)
{
    if (asked.erase.responses.empty() && asked.pin_hash.empty())
        return {};
    std::string body = to_json(asked.erase);
    if (!asked.pin_hash.empty()) {
        body.back() = ',';
        body += R"("manager_pin":{"hash":)";
        kiosk::append_json_string(body, asked.pin_hash);
        body += "}}";
    }
    return body + "\n";
}

}

Result<Api::Readers> Api::Readers::open(Storage& storage)
{
    Readers readers;
    for (auto* const reader : {&readers.auth, &readers.pages, &readers.summaries}) {
        auto opened = storage.open_reader();
        if (!opened)
            return fail(std::move(opened).error());
        *reader = std::move(*opened);
    }
    return readers;
}

Api::Api(WriterQueue& writer, Readers readers, Clock const& clock, Rates const& rates, Metrics& metrics)
    : writer_(writer)
    , auth_(std::move(readers.auth))
    , pages_(std::move(readers.pages))
    , summaries_(std::move(readers.summaries))
    , clock_(clock)
    , metrics_(metrics)
    , addresses_(rates.address, max_limited_names)
    , devices_(rates.device, max_limited_names)
    , enrolments_(rates.enrolment, max_limited_names)
    , auth_thread_(1)
    , page_thread_(1)
    , summary_thread_(1)
{
}

Api::~Api()
{
    auth_thread_.join();
    page_thread_.join();
    summary_thread_.join();
}

void Api::begin_stop() { stopping_.request_stop(); }

std::int64_t Api::now_ms() const { return clock_.wall_now().time_since_epoch().count(); }

std::optional<ApiReply> Api::limit(RateLimiter& limiter, Metrics::Limit by, std::string_view name)
{
    auto const wait = limiter.take(name, clock_.steady_now());
    if (!wait)
        return {};
    metrics_.limited(by);
    return too_many_reply(std::chrono::ceil<std::chrono::seconds>(*wait));
}

Api::Admitted Api::limit_device(Admitted admitted)
{
    auto const* const admission = std::get_if<Admission>(&admitted);
    if (admission == nullptr || admission->sender.device.empty())
        return admitted;
    if (auto reply = limit(devices_, Metrics::Limit::Device, admission->sender.device))
        return std::move(*reply);
    return admitted;
}

asio::awaitable<Api::Admitted> Api::admit(RequestHead const& head)
{
    if (auto reply = limit(addresses_, Metrics::Limit::Address, head.peer))
        co_return std::move(*reply);
    auto found = find_route(head);
    if (auto* const reply = std::get_if<ApiReply>(&found))
        co_return std::move(*reply);
    Route const route = std::get<Route>(found);
    Admission admission {route, max_body_bytes(route), {}, {}, now_ms()};
    if (route == Route::Enrol)
        if (auto reply = limit(enrolments_, Metrics::Limit::Enrolment, head.peer))
            co_return std::move(*reply);
    if (route == Route::Health || route == Route::Enrol)
        co_return admission;

    // Whether it is ready is everybody's to know; it asks the storage all the same.
    auto const token = route == Route::Ready ? std::string_view() : bearer_token(head.authorization);
    if (!token)
        co_return unauthorized();
    auto const hash = hash_of_secret(*token);
    if (!auth_->is_remote())
        co_return limit_device(authorize(std::move(admission), hash));
    auto start = [&](std::function<void(Admitted)> const& done) {
        asio::post(auth_thread_, [&, done] { done(authorize(std::move(admission), hash)); });
    };
    co_return limit_device(co_await await_callback<Admitted>(start));
}

Api::Admitted Api::authorize(Admission admission, std::string const& token_hash)
{
    if (admission.route != Route::Batches && admission.route != Route::Heartbeat)
        return authorize_reader(std::move(admission), token_hash);
    auto sender = auth_->find_sender(token_hash);
    if (!sender)
        return storage_trouble(sender.error());
    if (!*sender)
        return unauthorized();
    if ((*sender)->revoked)
        return error_reply(403, "revoked", "this box was taken out of service at HQ");
    admission.sender = std::move(**sender);
    return admission;
}

Api::Admitted Api::authorize_reader(Admission admission, std::string const& token_hash)
{
    auto grant = auth_->find_grant(token_hash);
    if (!grant)
        return storage_trouble(grant.error());
    if (admission.route == Route::Ready)
        return admission;
    if (!*grant)
        return unauthorized();
    if ((*grant)->revoked_ms)
        return error_reply(403, "revoked", "this token was revoked at HQ");
    if ((*grant)->is_expired(admission.received_ms))
        return error_reply(403, "expired", "this token has expired: ask HQ for a new one");
    if (admission.route == Route::Metrics && !(*grant)->scope.is_everything())
        return error_reply(
            403, "forbidden", "the hub's figures are of the whole chain, and this token is not");
    admission.scope = std::move((*grant)->scope);
    return admission;
}

asio::awaitable<ApiReply> Api::answer(Admission const& admission, RequestHead const& head, std::string& body)
{
    auto const begun = std::chrono::steady_clock::now();
    auto reply = co_await dispatch(admission, head, body);
    metrics_.answered(admission.route, std::chrono::steady_clock::now() - begun);
    co_return reply;
}

asio::awaitable<ApiReply> Api::dispatch(
    Admission const& admission, RequestHead const& head, std::string& body)
{
    ApiReply reply;
    switch (admission.route) {
    case Route::Health:
        reply.body = "{\"status\":\"ok\"}\n";
        co_return reply;
    case Route::Ready:
        if (stopping_.stop_requested())
            co_return later_reply("stopping", "this hub is about to stop");
        reply.body = "{\"status\":\"ready\"}\n";
        co_return reply;
    case Route::Metrics:
        reply.content_type = Metrics::content_type;
        reply.body = metrics_.text();
        co_return reply;
    case Route::Enrol:
        co_return co_await enrol(head.content_encoding, body);
    case Route::Batches:
        co_return co_await take_batch(admission, head, body);
    case Route::Heartbeat:
        co_return co_await take_heartbeat(admission, head.content_encoding, body);
    case Route::Summary:
    case Route::Ranking:
        co_return co_await summarize(admission, head);
    case Route::Responses:
        break;
    }
    co_return co_await pull(admission, head);
}

Result<std::string> Api::unpack(std::string_view encoding, std::string& body, std::size_t max_bytes)
{
    auto const known = encoding_from_name(encoding); // find_route() let no unknown one pass
    if (known == Encoding::Identity)
        return std::move(body);
    std::string text;
    LISTENPOST_TRY(decompressor_.decompress(*known, body, max_bytes, text));
    return text;
}

asio::awaitable<ApiReply> Api::take_batch(
    Admission const& admission, RequestHead const& head, std::string& body)
{
    auto const& sender = admission.sender;
    std::string const digest = request_digest(body); // unpack() may take the body away
    auto text = unpack(head.content_encoding, body, limits::max_unpacked_bytes);
    if (!text)
        co_return unreadable(text.error());
    auto batch = parser_.parse(std::move(*text));
    if (!batch)
        co_return unreadable(batch.error());

    IngestRequest request {
        sender.device, sender.store, admission.received_ms, std::move(*batch), parse_sent_age(head.sent_age)};
    auto start = [&](std::function<void(Result<IngestReply>)> const& done) {
        if (writer_.submit(std::move(request), done) == WriterQueue::Submitted::Full)
            done(fail(Errc::Busy, "the queue is full"));
    };
    auto const ingested = co_await await_callback<Result<IngestReply>>(start);
    if (!ingested && ingested.error().code == Errc::Busy)
        co_return later_reply("busy", "the hub has more to store than it can at the moment");
    if (!ingested)
        co_return later_reply("storage", "the hub cannot store at the moment");
    metrics_.ingested(*ingested);
    if (!ingested->refused.empty())
        log(LogLevel::Warn, "refused",
            {{"device", sender.device}, {"count", ingested->refused.size()},
                {"first_seq", ingested->refused.front().seq},
                {"code", ingested->refused.front().refusal.code}});
    co_return batch_reply(*ingested, digest);
}

asio::awaitable<ApiReply> Api::take_heartbeat(
    Admission const& admission, std::string_view encoding, std::string& body)
{
    auto const text = unpack(encoding, body, limits::max_heartbeat_bytes);
    if (!text)
        co_return unreadable(text.error(), "bad_heartbeat");
    auto heartbeat = parse_heartbeat(*text);
    if (!heartbeat)
        co_return unreadable(heartbeat.error(), "bad_heartbeat");
    HeartbeatRequest request {admission.sender.device, admission.received_ms, std::move(*heartbeat)};
    auto start = [&](std::function<void(Result<HeartbeatReply>)> const& done) {
        if (writer_.submit(std::move(request), done) == WriterQueue::Submitted::Full)
            done(fail(Errc::Busy, "the queue is full"));
    };
    auto const kept = co_await await_callback<Result<HeartbeatReply>>(start);
    if (!kept)
        co_return later_reply("busy", "the hub has more to store than it can at the moment");
    ApiReply reply;
    reply.body = heartbeat_reply(*kept);
    reply.status = reply.body.empty() ? 204 : 200;
    co_return reply;
}

asio::awaitable<ApiReply> Api::enrol(std::string_view encoding, std::string& body)
{
    auto const text = unpack(encoding, body, limits::max_enrol_bytes);
    if (!text && text.error().code == Errc::Full)
        co_return unreadable(text.error());
    auto const request = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    auto const field = [&](char const* name, std::size_t max_bytes) -> std::string {
        auto const found = request.is_object() ? request.find(name) : request.end();
        if (found == request.end() || !found->is_string())
            return {};
        std::string value(cut_to(found->get_ref<std::string const&>(), max_bytes));
        std::erase(value, '\0'); // PostgreSQL takes none in a text
        return value;
    };
    std::string const code = normalized_invite_code(field("code", 40));
    if (code.empty())
        co_return error_reply(400, "bad_request", "the body is {\"code\":…, \"name\":…}");

    std::string const device = "dev_" + random_hex(8);
    std::string const token = new_token("lpd_");
    auto start = [&](std::function<void(Result<EnrolledDevice>)> const& done) {
        writer_.submit([done, device, code_hash = hash_of_secret(code), token_hash = hash_of_secret(token),
                           name = field("name", 200), now = now_ms()](Storage& storage) {
            done(storage.registry().enrol(code_hash, device, token_hash, name, now));
        });
    };
    auto const enrolment = co_await await_callback<Result<EnrolledDevice>>(start);
    if (!enrolment && enrolment.error().code == Errc::Unauthorized)
        co_return error_reply(
            403, "code_unknown", "the code is unknown, used or expired: ask HQ for a new one");
    if (!enrolment)
        co_return storage_trouble(enrolment.error());
    log(LogLevel::Info, "enrolled", {{"device", device}, {"store", enrolment->store.id}});
    ApiReply reply;
    nlohmann::ordered_json told {{"device", device}, {"token", token},
        {"store",
            {{"id", enrolment->store.id}, {"name", enrolment->store.name},
                {"timezone", enrolment->store.timezone}}}};
    reply.body = told.dump() + "\n";
    co_return reply;
}

asio::awaitable<ApiReply> Api::pull(Admission const& admission, RequestHead const& head)
{
    auto query = parse_pull_query(head.target);
    if (!query)
        co_return error_reply(400, "bad_request", query.error().detail);
    PageRequest request {{}, query->limit, intersection(std::move(query->filter), admission.scope),
        head.accept.find("text/csv") != std::string_view::npos ? PageFormat::Csv : PageFormat::Ndjson,
        accepted_encoding(head.accept_encoding)};
    if (!query->cursor.empty()) {
        auto const cursor = cursor_from_text(query->cursor);
        if (!cursor)
            co_return error_reply(400, "bad_cursor", cursor.error().detail);
        request.from = *cursor;
    }
    auto start = [&](std::function<void(ApiReply)> const& done) {
        asio::post(page_thread_, [&, done] { done(read_page_reply(*pages_, request, page_compressor_)); });
    };
    co_return co_await await_callback<ApiReply>(start);
}

asio::awaitable<ApiReply> Api::summarize(Admission const& admission, RequestHead const& head)
{
    if (summaries_asked_ == max_summaries)
        co_return later_reply("busy", "the hub has more summaries to count than it can at the moment");
    ++summaries_asked_;
    auto start = [&](std::function<void(ApiReply)> const& done) {
        asio::post(summary_thread_, [&, done] {
            auto const reply = admission.route == Route::Summary ? summary_reply : ranking_reply;
            auto const may_see = [&](Store const& store) {
                StorePlace const place {store.region, store.city};
                return admission.scope.allows(store.id, &place);
            };
            done(reply(*summaries_, head.target, may_see, now_ms(), stopping_.get_token()));
        });
    };
    auto reply = co_await await_callback<ApiReply>(start);
    --summaries_asked_;
    co_return reply;
}

}

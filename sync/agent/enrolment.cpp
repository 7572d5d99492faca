#include "sync/agent/enrolment.h"

#include "platform/os/files.h"
#include "sync/agent/delivery_opener.h"
#include "sync/agent/pending_file.h"
#include "sync/agent/upload_reply.h"

#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

constexpr std::size_t max_pending_bytes = 64UL * 1024;

std::string dump(json const& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Empty if there is no such text.
std::string text_in(json const& object, char const* key)
{
    auto const found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<Enrolment> read_reply(std::string_view body)
{
    auto const reply = json::parse(body, nullptr, false);
    if (!reply.is_object() || !reply.contains("store") || !reply["store"].is_object())
        return std::nullopt;
    Enrolment enrolment;
    enrolment.device = text_in(reply, "device");
    enrolment.token = text_in(reply, "token");
    enrolment.store_id = text_in(reply["store"], "id");
    enrolment.store_name = text_in(reply["store"], "name");
    enrolment.store_timezone = text_in(reply["store"], "timezone");
    for (auto const* text : {&enrolment.device, &enrolment.token, &enrolment.store_id, &enrolment.store_name,
             &enrolment.store_timezone})
        if (text->empty())
            return std::nullopt;
    return enrolment;
}

tl::unexpected<Error> explain_refusal(HttpReply const& reply)
{
    auto const error = parse_hub_error(reply.body);
    if (!error)
        return fail(Errc::Invalid,
            "what answered there is not a ListenPost hub (it said " + std::to_string(reply.status) + ")");
    if (reply.status == 403)
        return fail(Errc::Unauthorized,
            "the hub does not take this code (" + error->code
                + "): it is mistyped, used already or expired. Ask head office for a new one");
    return fail(Errc::Invalid, "the hub refused: " + error->code + ": " + error->detail);
}

}

std::string enrolment_to_json(Enrolment const& enrolment)
{
    return dump({{"hub", enrolment.hub}, {"device", enrolment.device}, {"token", enrolment.token},
        {"ca_file", enrolment.ca_file}, {"store_id", enrolment.store_id},
        {"store_name", enrolment.store_name}, {"store_timezone", enrolment.store_timezone},
        {"enrolled_ms", enrolment.enrolled.time_since_epoch().count()}, {"pin", enrolment.pin}});
}

std::optional<Enrolment> enrolment_from_json(std::string_view text)
{
    auto const pending = json::parse(text, nullptr, false);
    if (!pending.is_object() || !pending.contains("enrolled_ms")
        || !pending["enrolled_ms"].is_number_integer())
        return std::nullopt;
    Enrolment enrolment {
        .hub = text_in(pending, "hub"),
        .device = text_in(pending, "device"),
        .token = text_in(pending, "token"),
        .ca_file = text_in(pending, "ca_file"),
        .store_id = text_in(pending, "store_id"),
        .store_name = text_in(pending, "store_name"),
        .store_timezone = text_in(pending, "store_timezone"),
        .enrolled = WallTime(std::chrono::milliseconds(pending["enrolled_ms"].get<std::int64_t>())),
        .pin = text_in(pending, "pin"),
    };
    if (enrolment.hub.empty() || enrolment.token.empty())
        return std::nullopt;
    return enrolment;
}

Result<Enrolment> enrol(Transport& transport, EnrolRequest const& request, WallTime now)
{
    json body {{"code", request.code}};
    if (request.install)
        body["install"] = *request.install;
    if (!request.name.empty())
        body["name"] = request.name;
    std::string const text = dump(body);
    HttpRequest post;
    post.method = "POST";
    post.url = request.hub + "/v1/enrol";
    post.headers = {{"Content-Type", "application/json"}};
    post.body = text;
    post.pinned_key = request.pin;
    auto const reply = transport.send(post, request.ca_file);
    if (!reply)
        return fail(reply.error());
    if (reply->status != 200)
        return explain_refusal(*reply);
    auto enrolment = read_reply(reply->body);
    if (!enrolment)
        return fail(
            Errc::Invalid, "what answered there is not a ListenPost hub (its reply is not understood)");
    enrolment->hub = request.hub;
    enrolment->ca_file = request.ca_file.string();
    enrolment->enrolled = now;
    enrolment->pin = request.pin;
    return std::move(*enrolment);
}

Result<> leave_enrolment(DataFolder const& folder, Enrolment const& enrolment)
{
    return write_file_atomically(
        folder.pending_enrolment(), enrolment_to_json(enrolment), FileAccess::OwnerOnly);
}

Result<bool> adopt_enrolment(DataFolder const& folder, DeliveryStore& delivery)
{
    auto const text = take_pending(folder.pending_enrolment(), max_pending_bytes);
    if (!text)
        return fail(text.error());
    if (!*text)
        return false;
    auto const enrolment = enrolment_from_json(**text);
    if (!enrolment) {
        LISTENPOST_TRY(finish_pending(folder.pending_enrolment()));
        return fail(Errc::Corrupt, "an enrolment was left unreadable, and removed: enrol again");
    }
    LISTENPOST_TRY(delivery.set_enrolment(*enrolment));
    LISTENPOST_TRY(keep_enrolment_copy(folder, *enrolment));
    LISTENPOST_TRY(make_private_folder(folder.inbox()));
    std::string const profile = dump({{"id", enrolment->store_id}, {"name", enrolment->store_name},
        {"timezone", enrolment->store_timezone}});
    LISTENPOST_TRY(write_file_atomically(folder.store_profile(), profile, FileAccess::Everyone));
    LISTENPOST_TRY(finish_pending(folder.pending_enrolment()));
    return true;
}

}

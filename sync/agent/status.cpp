#include "sync/agent/status.h"

#include "platform/os/files.h"
#include "sync/agent/plain_text.h"

#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

constexpr std::size_t quarantine_shown = 20;
/// Below it SQLite soon finds no room for its next page.
constexpr std::int64_t full_below_bytes = 256L * 1024;

json milliseconds_or_null(std::optional<WallTime> time)
{
    return time ? json(time->time_since_epoch().count()) : json();
}

/// Of `delivery`, all that is no figure.
Result<> read_delivery(DeliveryStore& delivery, Status& status)
{
    auto enrolment = delivery.enrolment();
    auto contact = delivery.contact();
    auto quarantine = delivery.quarantined(quarantine_shown);
    auto const quarantined = delivery.quarantined_count();
    if (!enrolment)
        return fail(enrolment.error());
    if (!contact)
        return fail(contact.error());
    if (!quarantine)
        return fail(quarantine.error());
    if (!quarantined)
        return fail(quarantined.error());
    status.enrolment = std::move(*enrolment);
    status.contact = std::move(*contact);
    status.quarantine = std::move(*quarantine);
    status.quarantined = *quarantined;
    return {};
}

/// What became of a damaged store.db.
std::string in_words(kiosk::SalvageReport const& report)
{
    std::string missing = "none missing";
    if (report.missing > 0)
        missing = std::to_string(report.missing) + " missing, of which "
            + (report.undelivered ? std::to_string(*report.undelivered) + " had not been delivered"
                                  : "it is not known how many had not been delivered");
    return local_time(WallTime(std::chrono::milliseconds(report.at_ms))) + ": "
        + std::to_string(report.recovered) + " responses recovered, " + missing + "; kept as "
        + report.kept_as + " (" + report.reason + ")";
}

json salvage_to_json(kiosk::SalvageReport const& report)
{
    return {{"at_ms", report.at_ms}, {"kept_as", report.kept_as}, {"reason", report.reason},
        {"recovered", report.recovered}, {"missing", report.missing},
        {"undelivered", report.undelivered ? json(*report.undelivered) : json()}};
}

/// What is wrong with the files of this box and what to do, by Uploader's code; empty: another code.
std::string file_trouble(std::string_view code)
{
    if (code == "delivery_corrupt")
        return "delivery.db is damaged: the agent mends it when it starts, so restart the agent";
    if (!code.starts_with("file_"))
        return "";
    code.remove_prefix(5);
    if (code == "corrupt")
        return "store.db is damaged: restart the kiosk: it mends store.db at its start; what can still be "
               "read waits until then and is kept";
    if (code == "full")
        return "no room on this box's disk: make some";
    if (code == "io")
        return "a file of this box cannot be read or written: look at the disk, and at who owns the data "
               "folder and what is in it";
    if (code == "busy")
        return "a file of this box is in use by another program: it is tried again by itself";
    if (code == "invalid")
        return "a file of this box is of another version: install the same ListenPost for kiosk and agent";
    if (code == "not_found")
        return "a file of this box is missing: restart kiosk and agent";
    return "a file of this box cannot be used (" + std::string(code) + "): the agent's log says more";
}

Result<Status> read_files(DataFolder const& folder)
{
    Status status;
    auto delivery = DeliveryStore::open_reader(folder.delivery());
    if (!delivery && delivery.error().code != Errc::NotFound)
        return fail(delivery.error());
    if (delivery)
        LISTENPOST_TRY(read_delivery(*delivery, status));
    auto figures = read_box_figures(folder, delivery ? &*delivery : nullptr);
    if (!figures)
        return fail(figures.error());
    status.box = std::move(*figures);
    return status;
}

}

Result<Status> read_status(DataFolder const& folder, Clock const& clock)
{
    std::error_code ignored;
    bool const is_there = std::filesystem::is_directory(folder.path, ignored);
    auto const writable = is_there ? check_writable(folder.delivery()) : Result<>();
    auto status = read_files(folder);
    // SQLite cannot even read a WAL where it may write nothing, and has no better words for it.
    if (!status && status.error().code == Errc::Io && !writable)
        return fail(Errc::Io, writable.error().detail + " (" + status.error().detail + ")");
    if (!status)
        return status;
    status->clock_is_set = clock.wall_is_set();
    if (!writable)
        status->disk_trouble = writable.error().detail;
    else if (is_there && status->box.disk_total_bytes > 0 && status->box.disk_free_bytes < full_below_bytes)
        status->disk_trouble = "the disk is full";
    return status;
}

std::string plain_words(Contact const& contact)
{
    std::string const& code = contact.error_code;
    std::string const because = contact.error_detail.empty() ? "" : ": " + contact.error_detail;
    if (code.empty())
        return "";
    if (code == "unreachable")
        return "the hub could not be reached" + because;
    if (code == "token_unknown" || code == "revoked")
        return "the hub does not know this box any more (" + code + "); enrol it again";
    if (code == "not_the_hub" || code == "starting")
        return contact.error_detail;
    if (auto const words = file_trouble(code); !words.empty())
        return contact.error_detail.empty() ? words : contact.error_detail + ": " + words;
    if (code == "busy")
        return "the hub has much to do and could not take it for now; it is sent again by itself";
    if (code == "version_unknown")
        return "the hub is older than this box: bring the hub up to date";
    if (code == "full") // the reply, see HttpOptions
        return "what answered is not the hub, or not in order" + because;
    return "the hub could not take it for now (" + code + ")" + because;
}

std::string to_json(Status const& status)
{
    json quarantine = json::array();
    for (auto const& item : status.quarantine)
        quarantine.push_back(
            {{"install", item.install}, {"seq", item.refusal.seq}, {"code", item.refusal.code},
                {"detail", item.refusal.detail}, {"at_ms", milliseconds_or_null(item.at)}});
    auto const& contact = status.contact;
    json error;
    if (!contact.error_code.empty())
        error = {{"code", contact.error_code}, {"detail", contact.error_detail},
            {"text", plain_words(contact)}, {"at_ms", milliseconds_or_null(contact.error_at)}};
    json enrolled;
    if (auto const& enrolment = status.enrolment)
        enrolled = {{"hub", enrolment->hub}, {"device", enrolment->device},
            {"store",
                {{"id", enrolment->store_id}, {"name", enrolment->store_name},
                    {"timezone", enrolment->store_timezone}}},
            {"at_ms", milliseconds_or_null(enrolment->enrolled)}};
    auto const& box = status.box;
    json salvages = json::array();
    for (auto const& report : box.salvages)
        salvages.push_back(salvage_to_json(report));
    json const all {{"enrolled", enrolled}, {"install", box.install ? json(*box.install) : json()},
        {"captured", box.captured}, {"delivered", box.delivered}, {"waiting", box.waiting},
        {"quarantined", status.quarantined}, {"quarantine", quarantine},
        {"last_contact_ms", milliseconds_or_null(contact.last_contact)}, {"error", error},
        {"next_attempt_ms", milliseconds_or_null(contact.next_attempt)},
        {"oldest_ms", milliseconds_or_null(box.oldest)},
        {"oldest_waiting_ms", milliseconds_or_null(box.oldest_waiting)},
        {"last_tap_ms", milliseconds_or_null(box.last_tap)}, {"store_bytes", box.store_bytes},
        {"disk_free_bytes", box.disk_free_bytes}, {"disk_total_bytes", box.disk_total_bytes},
        {"disk_trouble", status.disk_trouble.empty() ? json() : json(status.disk_trouble)},
        {"salvages", salvages},
        {"heartbeat",
            {{"last_ms", milliseconds_or_null(contact.last_heartbeat)}, {"error", contact.heartbeat_code}}},
        {"clock_set", status.clock_is_set}};
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string to_text(Status const& status, WallTime now)
{
    std::string out;
    auto const line = [&out](char const* label, std::string const& value) {
        out += label;
        out += value;
        out += '\n';
    };
    if (auto const& enrolment = status.enrolment) {
        line("store         ", enrolment->store_name + " (" + enrolment->store_id + ")");
        line("hub           ", enrolment->hub + ", as " + enrolment->device);
    } else {
        line("store         ", "not enrolled: listenpost-sync enrol --data DIR --hub URL --code CODE");
    }
    line("captured      ",
        std::to_string(status.box.captured)
            + (status.box.install ? "" : " (the kiosk has not run here yet)"));
    line("delivered     ", std::to_string(status.box.delivered));
    line("waiting       ", std::to_string(status.box.waiting));
    line("quarantined   ", std::to_string(status.quarantined));
    for (auto const& item : status.quarantine)
        line("  ",
            "response " + std::to_string(item.refusal.seq) + ", " + local_time(item.at) + ": "
                + item.refusal.code + ": " + item.refusal.detail);
    if (status.quarantined > static_cast<std::int64_t>(status.quarantine.size()))
        line("  ", "and older ones");
    if (auto const& oldest = status.box.oldest)
        line("store.db      ",
            short_size(status.box.store_bytes) + ", oldest response of " + local_time(*oldest));
    if (auto const& waits = status.box.oldest_waiting)
        line("oldest waiting", " " + local_time(*waits));
    if (status.box.disk_total_bytes > 0)
        line("disk free     ",
            short_size(status.box.disk_free_bytes) + " of " + short_size(status.box.disk_total_bytes));
    if (!status.disk_trouble.empty())
        line("disk trouble  ",
            status.disk_trouble
                + ": what the hub takes cannot be recorded, and no more is sent until it can");
    for (auto const& report : status.box.salvages)
        line("store.db was damaged ", in_words(report));
    line("clock         ",
        status.clock_is_set ? "set" : "not set since this machine started: the hub works the times out");
    auto const& contact = status.contact;
    if (!contact.heartbeat_code.empty())
        line("heartbeat     ", "the hub has not taken the last one (" + contact.heartbeat_code + ")");
    line("last contact  ",
        contact.last_contact
            ? local_time(*contact.last_contact) + ", " + short_duration(now - *contact.last_contact) + " ago"
            : "never");
    if (contact.error_code.empty())
        return out;
    line("trouble       ", plain_words(contact));
    if (contact.next_attempt)
        line("next attempt  ", "in " + short_duration(*contact.next_attempt - now));
    return out;
}

}

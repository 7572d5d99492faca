#include "sync/agent/status.h"

#include "kiosk/store/response_store.h"

#include <ctime>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

constexpr std::size_t quarantine_shown = 20;

json milliseconds_or_null(std::optional<WallTime> time)
{
    return time ? json(time->time_since_epoch().count()) : json();
}

std::string local_time(WallTime time)
{
    std::time_t const seconds = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
    std::tm local {};
    ::localtime_r(&seconds, &local);
    char text[32];
    std::size_t const length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    return {text, length};
}

std::string short_duration(std::chrono::milliseconds span)
{
    auto const seconds = std::max<std::int64_t>(0, span.count() / 1000);
    if (seconds < 120)
        return std::to_string(seconds) + " s";
    if (seconds < 7200)
        return std::to_string(seconds / 60) + " min";
    if (seconds < 172'800)
        return std::to_string(seconds / 3600) + " h";
    return std::to_string(seconds / 86400) + " days";
}

Result<> read_store(DataFolder const& folder, Status& status)
{
    auto reader = kiosk::ResponseReader::open(folder.store());
    if (!reader && reader.error().code == Errc::NotFound)
        return {};
    if (!reader)
        return fail(reader.error());
    auto installs = reader->installs();
    if (!installs)
        return fail(installs.error());
    auto const last = reader->last_seq();
    if (!last)
        return fail(last.error());
    status.install = std::move(installs->back().id);
    status.captured = *last;
    return {};
}

Result<> read_delivery(DataFolder const& folder, Status& status)
{
    auto delivery = DeliveryStore::open_reader(folder.delivery());
    if (!delivery && delivery.error().code == Errc::NotFound)
        return {};
    if (!delivery)
        return fail(delivery.error());
    auto enrolment = delivery->enrolment();
    auto contact = delivery->contact();
    auto quarantine = delivery->quarantined(quarantine_shown);
    auto const quarantined = delivery->quarantined_count();
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
    if (!status.install)
        return {};
    auto const mark = delivery->mark(*status.install);
    auto const refused = delivery->quarantined_count(*status.install);
    if (!mark)
        return fail(mark.error());
    if (!refused)
        return fail(refused.error());
    status.delivered = *mark - *refused;
    // store.db was read first, so the mark may have moved beyond what it said then.
    status.captured = std::max(status.captured, *mark);
    status.waiting = status.captured - *mark;
    return {};
}

}

Result<Status> read_status(DataFolder const& folder)
{
    Status status;
    LISTENPOST_TRY(read_store(folder, status));
    status.waiting = status.captured;
    LISTENPOST_TRY(read_delivery(folder, status));
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
    if (code == "not_the_hub")
        return contact.error_detail;
    if (code == "full")
        return "no room" + because;
    if (code == "corrupt" || code == "io" || code == "invalid" || code == "busy" || code == "not_found")
        return "a file of this box cannot be used" + because;
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
    json const all {{"enrolled", enrolled}, {"install", status.install ? json(*status.install) : json()},
        {"captured", status.captured}, {"delivered", status.delivered}, {"waiting", status.waiting},
        {"quarantined", status.quarantined}, {"quarantine", quarantine},
        {"last_contact_ms", milliseconds_or_null(contact.last_contact)}, {"error", error},
        {"next_attempt_ms", milliseconds_or_null(contact.next_attempt)}};
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
        std::to_string(status.captured) + (status.install ? "" : " (the kiosk has not run here yet)"));
    line("delivered     ", std::to_string(status.delivered));
    line("waiting       ", std::to_string(status.waiting));
    line("quarantined   ", std::to_string(status.quarantined));
    for (auto const& item : status.quarantine)
        line("  ",
            "response " + std::to_string(item.refusal.seq) + ", " + local_time(item.at) + ": "
                + item.refusal.code + ": " + item.refusal.detail);
    if (status.quarantined > static_cast<std::int64_t>(status.quarantine.size()))
        line("  ", "and older ones");
    auto const& contact = status.contact;
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

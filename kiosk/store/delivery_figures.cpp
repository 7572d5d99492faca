#include "kiosk/store/delivery_figures.h"

#include "kiosk/store/delivery_record.h"
#include "platform/os/files.h"
#include "platform/sqlite/database.h"

#include <algorithm>
#include <array>
#include <utility>

namespace listenpost::kiosk {
namespace {

/// Below it SQLite soon finds no room for its next page.
constexpr std::int64_t full_below_bytes = 256L * 1024;
/// The agent calls HQ about every five minutes, and tries again when it said: a few of both have failed to
/// come.
constexpr std::chrono::minutes silent_after {30};
/// After the start of the machine: until then the agent need not have called.
constexpr std::chrono::minutes starting_for {10};

std::optional<WallTime> wall_in(sqlite::Statement& row, int column)
{
    if (row.is_null(column))
        return std::nullopt;
    return WallTime(std::chrono::milliseconds(row.integer(column)));
}

/// `delivery`: nothing where the agent has never run.
Result<> read_counts(std::filesystem::path const& store, sqlite::Database* delivery, DeliveryFigures& figures)
{
    auto reader = ResponseReader::open(store);
    if (!reader && reader.error().code == Errc::NotFound) {
        figures.counts.emplace();
        return {};
    }
    if (!reader)
        return fail(reader.error());
    auto counts
        = count_deliveries(*reader, [delivery](std::string const& install) -> Result<InstallDelivery> {
              return delivery ? read_install_delivery(*delivery, install) : InstallDelivery();
          });
    if (!counts)
        return fail(counts.error());
    if (delivery) {
        auto const installs = reader->installs();
        auto refused = installs ? read_refused(*delivery, *installs) : fail(installs.error());
        if (!refused)
            return fail(refused.error());
        figures.refused = std::move(*refused);
    }
    figures.counts = *counts;
    return {};
}

/// Whether the agent has not done for long what it would do. `seen`: its last sign of life where nothing is
/// wrong.
bool is_silent(DeliveryFigures const& figures, std::optional<WallTime> seen, WallTime now)
{
    if (figures.trouble != SendingTrouble::None)
        return !figures.next_attempt || now - *figures.next_attempt > silent_after;
    // The clock may have been set meanwhile: a moment far ahead is as long past as one far behind.
    return !seen || std::chrono::abs(now - *seen) > silent_after;
}

/// What nobody has noted, for who should is not there.
SendingTrouble after_silence(SendingTrouble noted, std::string_view heartbeat_code, Clock const& clock)
{
    if (clock.steady_now().time_since_epoch() < starting_for) // it counts from the boot
        return SendingTrouble::Starting;
    if (noted != SendingTrouble::None || heartbeat_code.empty())
        return SendingTrouble::Stopped;
    // It runs, has nothing to send, and its heartbeats do not arrive.
    if (heartbeat_code == "not_found")
        return SendingTrouble::HubOlder;
    auto const why = trouble_of(heartbeat_code, {}, clock.wall_is_set());
    return why == SendingTrouble::HubBusy ? SendingTrouble::Unreachable : why;
}

Result<> read_contact(sqlite::Database& delivery, Clock const& clock, DeliveryFigures& figures)
{
    auto contact = delivery.prepare(
        "SELECT last_contact_ms, error_code, error_detail, error_ms, next_attempt_ms, heartbeat_code, "
        "(SELECT max(enrolled_ms) FROM enrolment) FROM contact");
    if (!contact)
        return fail(contact.error());
    auto const row = contact->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(Errc::Corrupt, "delivery.db has no contact row");
    figures.last_contact = wall_in(*contact, 0);
    figures.trouble_code = contact->text(1);
    figures.trouble = trouble_of(contact->text(1), contact->text(2), figures.clock_is_set);
    if (figures.trouble != SendingTrouble::None) {
        figures.trouble_at = wall_in(*contact, 3);
        figures.next_attempt = wall_in(*contact, 4);
    }
    auto const enrolled = wall_in(*contact, 6);
    if (!enrolled) {
        figures.trouble = SendingTrouble::NotEnrolled;
        return {};
    }
    if (is_silent(figures, std::max(figures.last_contact, enrolled), clock.wall_now()))
        figures.trouble = after_silence(figures.trouble, contact->text(5), clock);
    return {};
}

void read_disk(std::filesystem::path const& data, DeliveryFigures& figures)
{
    std::error_code unknown;
    auto const space = std::filesystem::space(data, unknown);
    if (unknown)
        return;
    figures.disk_free_bytes = static_cast<std::int64_t>(space.available);
    figures.disk_total_bytes = static_cast<std::int64_t>(space.capacity);
}

struct KnownCode {
    std::string_view code;
    SendingTrouble trouble;
};
constexpr std::array known_codes {KnownCode {"", SendingTrouble::None},
    KnownCode {"starting", SendingTrouble::Starting}, KnownCode {"unreachable", SendingTrouble::Unreachable},
    KnownCode {"not_the_hub", SendingTrouble::NotTheHub}, KnownCode {"full", SendingTrouble::NotTheHub},
    KnownCode {"token_unknown", SendingTrouble::UnknownBox},
    KnownCode {"revoked", SendingTrouble::UnknownBox},
    KnownCode {"version_unknown", SendingTrouble::HubOlder},
    KnownCode {"file_full", SendingTrouble::DiskFull}, KnownCode {"delivery_full", SendingTrouble::DiskFull}};

/// As platform/http says at which step it failed.
constexpr std::string_view while_proving = "setting up TLS";

}

char const* name(SendingTrouble trouble)
{
    switch (trouble) {
    case SendingTrouble::None:
        return "none";
    case SendingTrouble::Unknown:
        return "unknown";
    case SendingTrouble::NeverRan:
        return "never_ran";
    case SendingTrouble::NotEnrolled:
        return "not_enrolled";
    case SendingTrouble::Starting:
        return "starting";
    case SendingTrouble::Unreachable:
        return "unreachable";
    case SendingTrouble::NotTheHub:
        return "not_the_hub";
    case SendingTrouble::Certificate:
        return "certificate";
    case SendingTrouble::Clock:
        return "clock";
    case SendingTrouble::UnknownBox:
        return "unknown_box";
    case SendingTrouble::HubBusy:
        return "hub_busy";
    case SendingTrouble::HubOlder:
        return "hub_older";
    case SendingTrouble::DiskFull:
        return "disk_full";
    case SendingTrouble::OwnFile:
        return "own_file";
    case SendingTrouble::Stopped:
        return "stopped";
    }
    return "unknown";
}

SendingTrouble trouble_of(std::string_view code, std::string_view detail, bool clock_is_set)
{
    if (code == "unreachable" && detail.starts_with(while_proving))
        return clock_is_set ? SendingTrouble::Certificate : SendingTrouble::Clock;
    auto const known = std::ranges::find(known_codes, code, &KnownCode::code);
    if (known != known_codes.end())
        return known->trouble;
    return code.starts_with("file_") || code.starts_with("delivery_") ? SendingTrouble::OwnFile
                                                                      : SendingTrouble::HubBusy;
}

DeliveryFigures read_delivery_figures(std::filesystem::path const& data, Clock const& clock)
{
    DeliveryFigures figures;
    figures.clock_is_set = clock.wall_is_set();
    figures.version = LISTENPOST_VERSION;
    read_disk(data, figures);
    auto delivery = open_delivery(data / "delivery.db");
    bool const never_ran = !delivery && delivery.error().code == Errc::NotFound;
    if (!delivery && !never_ran)
        return figures;
    bool const is_counted
        = read_counts(data / "store.db", delivery ? &*delivery : nullptr, figures).has_value();
    bool const is_known = is_counted && (never_ran || read_contact(*delivery, clock, figures));
    if (!is_known)
        figures.trouble = SendingTrouble::Unknown;
    else if (never_ran)
        figures.trouble = SendingTrouble::NeverRan;
    if (figures.disk_free_bytes && *figures.disk_free_bytes < full_below_bytes)
        figures.trouble = SendingTrouble::DiskFull;
    else if (is_known && !check_writable(data / "delivery.db"))
        figures.trouble = SendingTrouble::OwnFile;
    return figures;
}

}

#include "sync/agent/commands.h"

#include "kiosk/store/response_reader.h"
#include "platform/base/log.h"
#include "platform/os/acting_user.h"
#include "platform/os/files.h"
#include "platform/os/stop_signal.h"
#include "platform/os/system_clock.h"
#include "platform/os/wake.h"
#include "sync/agent/certificate_clock.h"
#include "sync/agent/delivery_opener.h"
#include "sync/agent/heartbeat.h"
#include "sync/agent/pending_file.h"
#include "sync/agent/status.h"
#include "sync/agent/uploader.h"
#include "sync/agent/wait_for_reason.h"
#include "sync/wire/hub_url.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <random>

namespace listenpost::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds takeover_wait = 5s;
constexpr std::chrono::milliseconds takeover_look = 100ms;
/// While the disk takes nothing an agent cannot start; it looks this often, and says so at every so
/// many looks.
constexpr std::chrono::milliseconds start_look = 2s;
constexpr unsigned looks_a_word = 150;

int failed(std::string_view event, Error const& error)
{
    log(LogLevel::Error, event, {{"code", name(error.code)}, {"detail", error.detail}});
    return 1;
}

std::function<double()> random_source()
{
    auto engine = std::make_shared<std::mt19937_64>(std::random_device {}());
    return [engine] { return std::uniform_real_distribution<double>()(*engine); };
}

/// `clock` must outlive whoever is given them.
HttpOptions http_options(Clock const& clock)
{
    HttpOptions options;
    options.earliest_now = [&clock] { return earliest_now(clock, build_time()); };
    return options;
}

/// The agent of this folder: there is one at most, and it alone writes delivery.db.
struct Agent {
    static Result<Agent> start(DataFolder const& folder)
    {
        LISTENPOST_TRY(make_private_folder(folder.path));
        auto lock = FileLock::try_acquire(folder.lock());
        if (!lock && lock.error().code == Errc::Busy)
            return fail(Errc::Busy, "another listenpost-sync works on " + folder.path.string() + " already");
        if (!lock)
            return fail(lock.error());
        auto delivery = open_delivery(folder);
        if (!delivery)
            return fail(delivery.error());
        return Agent {std::move(*lock), std::move(*delivery)};
    }

    FileLock lock;
    DeliveryStore delivery;
};

/// Agent::start() of the service: a disk that is full or may not be written is waited for, as the
/// kiosk does; ending would only have it started again and again. Errors: those that no waiting mends,
/// and Cancelled (a stop was asked for).
Result<Agent> start_patiently(DataFolder const& folder, StopSignal const& stop)
{
    for (unsigned look = 0;; ++look) {
        auto agent = Agent::start(folder);
        if (agent) {
            if (look > 0)
                log(LogLevel::Info, "started_after_all");
            return agent;
        }
        auto const& error = agent.error();
        if (error.code != Errc::Full && error.code != Errc::Io)
            return agent;
        if (look % looks_a_word == 0)
            log(LogLevel::Error, "cannot_start_yet", {{"code", name(error.code)}, {"detail", error.detail}});
        if (stop.wait_for(start_look))
            return fail(Errc::Cancelled, "stopped on request");
    }
}

/// What other commands have left for whoever holds the lock.
void adopt_pending(DataFolder const& folder, DeliveryStore& delivery, Uploader& uploader)
{
    for (bool more = true; more;) {
        auto const enrolled = adopt_enrolment(folder, delivery);
        more = enrolled && *enrolled; // another may have been left meanwhile
        if (!enrolled) {
            failed("enrolment_not_taken_over", enrolled.error());
        } else if (*enrolled) {
            log(LogLevel::Info, "enrolled");
            uploader.forget_troubles(Change::Operator);
        }
    }
    for (bool more = true; more;) {
        auto const retry = adopt_retry(folder, delivery);
        more = retry && *retry;
        if (!retry) {
            failed("retry_not_taken_over", retry.error());
        } else if (*retry) {
            log(LogLevel::Info, "retry_asked_for", {{"responses", **retry}});
            uploader.forget_troubles(Change::Operator);
        }
    }
}

int not_taken_over()
{
    std::printf("not taken over yet: the agent that runs has been told, and takes it over at its next look; "
                "if \"status\" does not show it in a minute, restart the agent\n");
    return 1;
}

enum class Takeover { Done, LeftToTheAgent };

/// Either the agent that runs takes `pending` over, or nobody holds the lock and we do.
template <typename Adopt>
Result<Takeover> hand_over(
    DataFolder const& folder, std::filesystem::path const& pending, StopSignal const& stop, Adopt adopt)
{
    SystemClock const clock;
    auto const give_up_at = clock.steady_now() + takeover_wait;
    auto waker = Waker::create(stop.descriptor(), folder.path);
    if (!waker)
        return fail(waker.error());
    while (is_pending(pending)) {
        if (auto agent = Agent::start(folder)) {
            if (auto const adopted = adopt(agent->delivery); !adopted)
                return fail(adopted.error());
        } else if (agent.error().code != Errc::Busy) {
            return fail(agent.error());
        } else if (clock.steady_now() > give_up_at || waker->wait(takeover_look).stop) {
            return Takeover::LeftToTheAgent;
        }
    }
    return Takeover::Done;
}

}

int run_command(DataFolder const& folder, RunOptions const& options)
{
    StopSignal const stop;
    auto agent = start_patiently(folder, stop);
    if (!agent && agent.error().code == Errc::Cancelled)
        return 0;
    if (!agent)
        return failed("not_started", agent.error());
    auto waker = Waker::create(stop.descriptor(), folder.path);
    if (!waker)
        return failed("not_started", waker.error());
    SystemClock const clock;
    auto http = http_options(clock);
    http.max_upload_bytes_per_second = options.max_upload_bytes_per_second;
    HttpTransport transport([&stop] { return stop.requested(); }, std::move(http));
    auto const random = random_source();
    Uploader uploader(folder.store(), agent->delivery, transport, clock, random);
    uploader.spread_start(start_window(clock.steady_now().time_since_epoch(), options.start_spread));
    Heartbeat heartbeat(folder, agent->delivery, transport, clock, random);
    log(LogLevel::Info, "agent_started", {{"data", folder.path.string()}, {"version", LISTENPOST_VERSION}});

    auto const wait = [&waker](auto timeout) { return waker->wait(timeout); };
    bool said_not_enrolled = false;
    while (!stop.requested()) {
        adopt_pending(folder, agent->delivery, uploader);
        auto const step = uploader.step();
        if (step.delivery_is_damaged)
            return failed("delivery_damaged", {Errc::Corrupt, "ending, so that the next start mends it"});
        if (step.state == UploadState::NotEnrolled && !said_not_enrolled)
            log(LogLevel::Warn, "not_enrolled", {{"detail", "waiting for: listenpost-sync enrol"}});
        said_not_enrolled = step.state == UploadState::NotEnrolled;
        auto next = step.next;
        if (step.state == UploadState::Idle) {
            heartbeat.step();
            next = heartbeat.due();
        }
        if (step.state == UploadState::Delivering)
            continue;
        if (wait_for_reason(wait, clock, next).network)
            uploader.forget_troubles(Change::Network);
    }
    log(LogLevel::Info, "agent_stopped");
    return 0;
}

int once_command(DataFolder const& folder)
{
    StopSignal const stop;
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder.path, ignored))
        return failed("not_started", {Errc::NotFound, folder.path.string() + " is not a folder"});
    if (auto const acting = act_as_owner(folder.path); !acting)
        return failed("not_started", acting.error());
    auto agent = Agent::start(folder);
    if (!agent)
        return failed("not_started", agent.error());
    SystemClock const clock;
    HttpTransport transport([&stop] { return stop.requested(); }, http_options(clock));
    Uploader uploader(folder.store(), agent->delivery, transport, clock, random_source());
    adopt_pending(folder, agent->delivery, uploader);
    for (;;) {
        auto const step = uploader.step();
        if (step.state == UploadState::Idle) {
            log(LogLevel::Info, "nothing_waits");
            return 0;
        }
        if (step.state != UploadState::Delivering) {
            log(LogLevel::Error, "not_all_delivered", {{"detail", step.detail}});
            return 1;
        }
    }
}

int status_command(DataFolder const& folder, StatusFormat format)
{
    SystemClock const clock;
    auto const status = read_status(folder, clock);
    if (!status)
        return failed("no_status", status.error());
    std::string text
        = format == StatusFormat::Json ? to_json(*status) + "\n" : to_text(*status, clock.wall_now());
    std::fputs(text.c_str(), stdout);
    return 0;
}

int quarantine_list_command(DataFolder const& folder, StatusFormat format)
{
    std::vector<Quarantined> list;
    auto delivery = DeliveryStore::open_reader(folder.delivery());
    if (!delivery && delivery.error().code != Errc::NotFound)
        return failed("no_list", delivery.error());
    if (delivery) {
        auto found = delivery->quarantined(std::numeric_limits<std::int32_t>::max());
        if (!found)
            return failed("no_list", found.error());
        list.assign(found->rbegin(), found->rend());
    }
    std::fputs(
        (format == StatusFormat::Json ? quarantine_to_json(list) : quarantine_to_text(list)).c_str(), stdout);
    return 0;
}

int quarantine_retry_command(DataFolder const& folder, RetryRequest const& request, StatusFormat format)
{
    if (auto const acting = act_as_owner(folder.path); !acting)
        return failed("not_retried", acting.error());
    auto reader = DeliveryStore::open_reader(folder.delivery());
    if (!reader)
        return failed("nothing_to_retry", reader.error());
    auto const list = reader->quarantined(std::numeric_limits<std::int32_t>::max());
    if (!list)
        return failed("nothing_to_retry", list.error());
    auto const will_be_sent = [&](Quarantined const& item) { return item.refusal.code != conflict_code; };
    for (auto const seq : request.seqs) {
        auto const named = [seq](Quarantined const& item) { return item.refusal.seq == seq; };
        if (std::ranges::none_of(*list, named))
            return failed("nothing_to_retry",
                {Errc::NotFound, "response " + std::to_string(seq) + " is not in quarantine"});
        if (std::ranges::none_of(*list, [&](auto const& item) { return named(item) && will_be_sent(item); }))
            return failed("nothing_to_retry",
                {Errc::Invalid,
                    "response " + std::to_string(seq)
                        + " has the number of another box's; the kiosk gives it a new one by itself"});
    }
    auto const asked = std::ranges::count_if(*list, [&](Quarantined const& item) {
        return will_be_sent(item)
            && (request.all || std::ranges::find(request.seqs, item.refusal.seq) != request.seqs.end());
    });
    if (asked > 0) {
        StopSignal const stop;
        if (auto const left = leave_retry(folder, request); !left)
            return failed("not_retried", left.error());
        auto const handed = hand_over(folder, folder.pending_retry(), stop,
            [&](DeliveryStore& delivery) { return adopt_retry(folder, delivery); });
        if (!handed)
            return failed("not_retried", handed.error());
        if (*handed == Takeover::LeftToTheAgent)
            return not_taken_over();
    }
    if (format == StatusFormat::Json)
        std::printf("{\"retried\":%td}\n", asked);
    else
        std::printf("%td to be sent again\n", asked);
    return 0;
}

int enrol_command(DataFolder const& folder, EnrolRequest request)
{
    auto hub = hub_url(request.hub);
    if (!hub)
        return failed("not_enrolled", hub.error());
    request.hub = std::move(*hub);
    if (!request.ca_file.empty())
        request.ca_file = std::filesystem::absolute(request.ca_file); // the agent's folder may be another
    if (auto const made = make_private_folder(folder.path); !made)
        return failed("not_enrolled", made.error());
    if (auto const acting = act_as_owner(folder.path); !acting)
        return failed("not_enrolled", acting.error());
    if (auto reader = kiosk::ResponseReader::open(folder.store()))
        if (auto installs = reader->installs())
            request.install = std::move(installs->back().id);

    StopSignal const stop;
    SystemClock const clock;
    HttpTransport transport([&stop] { return stop.requested(); }, http_options(clock));
    auto const enrolment = enrol(transport, request, clock.wall_now());
    if (!enrolment)
        return failed("not_enrolled", enrolment.error());
    if (auto const left = leave_enrolment(folder, *enrolment); !left)
        return failed("not_enrolled", left.error());

    auto const handed = hand_over(folder, folder.pending_enrolment(), stop,
        [&](DeliveryStore& delivery) { return adopt_enrolment(folder, delivery); });
    if (!handed)
        return failed("not_enrolled", handed.error());
    if (*handed == Takeover::LeftToTheAgent)
        return not_taken_over();
    std::printf("enrolled as %s in store %s (%s)\n", enrolment->device.c_str(), enrolment->store_name.c_str(),
        enrolment->store_id.c_str());
    return 0;
}

}

#include "kiosk/manager/manager_pin.h"
#include "platform/base/log.h"
#include "platform/os/files.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/enrolment.h"
#include "sync/agent/heartbeat.h"
#include "sync/agent/retry_policy.h"
#include "sync/wire/digest.h"
#include "tests/fuzz/require.h"
#include "tests/support/fake_clock.h"
#include "tests/support/must.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

using listenpost::test::require;

namespace {

using namespace listenpost;
using namespace std::chrono_literals;

/// As a reply begins on the wire, but for its first line, which is the status alone:
/// "200\nRetry-After: 5\n\nBODY".
HttpReply read_reply(std::string_view bytes)
{
    auto const line = [&bytes] {
        auto const end = std::min(bytes.find('\n'), bytes.size());
        auto const text = bytes.substr(0, end);
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        return text;
    };
    HttpReply reply;
    auto const status = line();
    std::from_chars(status.data(), status.data() + status.size(), reply.status);
    for (auto header = line(); !header.empty(); header = line()) {
        auto const colon = std::min(header.find(": "), header.size());
        reply.headers.push_back({std::string(header.substr(0, colon)),
            std::string(header.substr(std::min(colon + 2, header.size())))});
    }
    reply.body = bytes;
    return reply;
}

class AnswersThis final : public sync::Transport {
public:
    explicit AnswersThis(HttpReply const& reply)
        : reply_(reply)
    {
    }
    Result<HttpReply> send(HttpRequest const&, std::filesystem::path const&) override { return reply_; }

private:
    HttpReply const& reply_;
};

std::vector<std::int64_t> const seqs {3, 4, 7, 9};
constexpr std::string_view batch = "9f0c1a2b3c4d5e6f";

/// An acknowledgement is the hub's own, of this batch; everything that it does not refuse by name is
/// forgotten on the strength of it.
void check_upload(HttpReply const& reply, WallTime now)
{
    auto const verdict = sync::judge(reply, seqs, batch, now);
    require(!verdict.retry_after || (*verdict.retry_after >= 0ms && *verdict.retry_after <= 1h));
    bool const only_the_hub_may
        = verdict.outcome == sync::Outcome::Never || verdict.outcome == sync::Outcome::NotWelcome;
    require(!only_the_hub_may || verdict.speaker == sync::Speaker::Hub);
    if (verdict.outcome != sync::Outcome::Done) {
        require(!verdict.code.empty());
        return;
    }
    require(reply.status == 200);
    auto const said = nlohmann::json::parse(reply.body, nullptr, false);
    require(said.is_object() && said.contains("batch") && said["batch"] == batch);
    auto const& read = verdict.reply;
    require(read.duplicates >= 0 && read.duplicates <= read.acknowledged);
    require(static_cast<std::size_t>(read.acknowledged) + read.refused.size() == seqs.size());
    std::set<std::int64_t> refused;
    for (auto const& each : read.refused) {
        require(std::ranges::binary_search(seqs, each.seq) && refused.insert(each.seq).second);
        require(!each.code.empty() && each.code.size() <= 500 && each.detail.size() <= 500);
    }
    for (auto const& item : said["refused"])
        require(refused.contains(item["seq"].get<std::int64_t>()));
}

/// What is taken for an enrolment has all that the agent needs of one.
void check_enrolment(HttpReply const& reply, WallTime now)
{
    AnswersThis transport(reply);
    auto const enrolment
        = sync::enrol(transport, {"https://hub.example", "K7QM3WZX9FHD", "", "", {}, ""}, now);
    if (!enrolment) {
        require(!enrolment.error().detail.empty());
        return;
    }
    require(reply.status == 200 && enrolment->hub == "https://hub.example");
    require(!enrolment->device.empty() && !enrolment->token.empty() && !enrolment->store_id.empty());
}

/// The agent's own files, in memory, for as long as the fuzzer runs.
struct Box {
    Box()
        : delivery(test::must(sync::DeliveryStore::open(folder / "delivery.db"), "delivery.db"))
    {
        test::must(delivery.set_enrolment({"https://hub.example", "dev_1", "lpd_secret", "", "sh-001", "店",
                       "Asia/Shanghai", clock.wall}),
            "enrol");
    }
    test::TempFolder folder {test::in_memory()};
    test::FakeClock clock;
    sync::DeliveryStore delivery;
};

/// Whatever a reply asks for, what the kiosk finds is what it takes, and the box says what it has.
void check_inbox(Box const& box, HttpReply const& reply)
{
    sync::DataFolder const files {box.folder.path()};
    auto const held = sync::PinInbox(files).held();
    auto const text = read_file(files.sent_pin(), 4096);
    auto const pin = text ? kiosk::parse_manager_pin(*text) : fail(text.error());
    require(pin.has_value() == !held.fingerprint.empty());
    require(!pin || (held.fingerprint == sync::sha256_hex(pin->hash) && pin->adopted.empty()));
    auto const asked = read_file(files.erase_request(), kiosk::EraseRequest::max_bytes);
    require(asked ? kiosk::parse_erase_request(*asked).has_value() : asked.error().code == Errc::NotFound);
    // What it brings is there afterwards.
    auto const said = nlohmann::json::parse(reply.body, nullptr, false);
    if (reply.status != 200 || !said.is_object() || !said.contains("erase") || !said.contains("manager_pin"))
        return;
    auto const sent = kiosk::parse_manager_pin(
        said["manager_pin"].dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    require(!sent || (pin && pin->hash == sent->hash));
}

/// Only a hub's reply counts as taken, and no pause is longer than it may be.
void check_heartbeat(HttpReply const& reply)
{
    static Box box;
    AnswersThis transport(reply);
    sync::Heartbeat heartbeat(
        {box.folder.path()}, box.delivery, transport, box.clock, [] { return 0.5; }, box.folder / "none");
    box.clock.advance(1min);
    heartbeat.step();
    auto const due = heartbeat.due();
    require(due ? *due > box.clock.steady && *due <= box.clock.steady + 1h + 6min : reply.status == 404);
    auto const contact = box.delivery.contact();
    auto const said = nlohmann::json::parse(reply.body, nullptr, false);
    bool const asks = reply.status == 200 && said.is_object() && said.contains("erase");
    require(contact && contact->heartbeat_code.empty() == (reply.status == 204 || asks));
    check_inbox(box, reply);
}

}

// Whatever a hub, a proxy or a stranger answers: no crash, and nothing taken for the hub's word that is none.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const quiet = [] { return set_log_level(LogLevel::Off), true; }();
    static_cast<void>(quiet);
    auto const reply = read_reply({reinterpret_cast<char const*>(data), size});
    WallTime const now {std::chrono::milliseconds(1'790'000'000'000)};
    check_upload(reply, now);
    check_enrolment(reply, now);
    // It writes to a database each time; statuses beyond the few that it tells apart are all one to it.
    if (reply.status == 200 || reply.status == 204 || reply.status >= 400)
        check_heartbeat(reply);
    return 0;
}

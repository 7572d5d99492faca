#include "tests/fault/simulated_box.h"

#include "kiosk/store/conflict_request.h"
#include "platform/os/files.h"
#include "platform/sqlite/file_check.h"
#include "sync/agent/data_folder.h"
#include "sync/agent/delivery_opener.h"
#include "tests/fault/simulated_hub.h"

namespace listenpost::test {
namespace {

using namespace std::chrono_literals;

sync::Enrolment sample_enrolment(WallTime now)
{
    return {"https://hub.example", "dev_1", SimulatedHub::token, "", "sh-001", "人民广场店", "Asia/Shanghai",
        now};
}

}

Result<std::map<std::int64_t, Said>> read_responses(std::filesystem::path const& path)
{
    auto reader = kiosk::ResponseReader::open(path);
    if (!reader)
        return fail(reader.error());
    auto const last = reader->last_seq();
    if (!last)
        return fail(last.error());
    std::map<std::int64_t, Said> said;
    reader->seek(0, *last);
    for (;;) {
        auto const response = reader->next();
        if (!response)
            return fail(response.error());
        if (!*response)
            return said;
        said[(*response)->seq] = said_in(**response);
    }
}

Result<std::vector<Said>> read_store(std::filesystem::path const& path)
{
    auto const by_seq = read_responses(path);
    if (!by_seq)
        return fail(by_seq.error());
    std::vector<Said> said;
    for (auto const& [seq, each] : *by_seq) {
        said.push_back(each);
        if (seq != static_cast<std::int64_t>(said.size()))
            return fail(Errc::Corrupt,
                "seq " + std::to_string(seq) + " stands where " + std::to_string(said.size()) + " belongs");
    }
    auto reader = kiosk::ResponseReader::open(path);
    auto const last = reader ? reader->last_seq() : fail(reader.error());
    if (!last)
        return fail(last.error());
    if (static_cast<std::size_t>(*last) != said.size())
        return fail(Errc::Corrupt, "the walk ends at " + std::to_string(said.size()) + ", before the last");
    return said;
}

SimulatedBox::SimulatedBox(
    std::filesystem::path const& folder, sync::Transport& hub, FakeClock& clock, int tries, Opening opening)
    : machine_(folder)
    , hub_(hub)
    , clock_(clock)
    , tries_(tries)
    , opening_(opening)
{
}

template <typename Call>
bool SimulatedBox::insist(char const* what, Call const& call)
{
    Result<> done;
    for (int attempt = 0; attempt < tries_ && machine_.is_on(); ++attempt) {
        done = call();
        if (done)
            return true;
    }
    if (machine_.is_on())
        findings.add_stuck(std::string(what) + " goes on failing: " + done.error().detail);
    return false;
}

bool SimulatedBox::start_kiosk()
{
    if (store_)
        return true;
    return insist("opening store.db", [this] { return open_store(); });
}

Result<> SimulatedBox::open_store()
{
    if (opening_ == Opening::AsOnABox) {
        if (!opener_)
            opener_.emplace(machine_.folder(), std::nullopt, clock_);
        auto store = opener_->open();
        if (!store)
            return fail(store.error());
        store_.emplace(std::move(*store));
        return {};
    }
    LISTENPOST_TRY(sqlite::check_wal(store_path())); // whatever a power cut leaves, it is no damage
    auto store = kiosk::ResponseStore::open(store_path());
    if (!store)
        return fail(store.error());
    if (install_.empty())
        install_ = store->install_id();
    else if (install_ != store->install_id())
        findings.add_lost("the box has forgotten its install id");
    store_.emplace(std::move(*store));
    return {};
}

void SimulatedBox::stop_kiosk()
{
    store_.reset();
    opener_.reset();
}

bool SimulatedBox::start_agent()
{
    if (delivery_)
        return true;
    return insist("opening delivery.db", [this] { return open_delivery(); });
}

Result<> SimulatedBox::open_delivery()
{
    sync::DataFolder const folder {machine_.folder()};
    auto delivery = opening_ == Opening::AsOnABox ? sync::open_delivery(folder)
                                                  : sync::DeliveryStore::open(folder.delivery());
    if (!delivery)
        return fail(delivery.error());
    auto const enrolment = delivery->enrolment();
    if (!enrolment)
        return fail(enrolment.error());
    if (!*enrolment) {
        if (enrolled_)
            findings.add_lost("delivery.db has forgotten the enrolment");
        LISTENPOST_TRY(delivery->set_enrolment(sample_enrolment(clock_.wall)));
        if (opening_ == Opening::AsOnABox)
            LISTENPOST_TRY(sync::keep_enrolment_copy(folder, sample_enrolment(clock_.wall)));
    }
    enrolled_ = true;
    delivery_ = std::make_unique<sync::DeliveryStore>(std::move(*delivery));
    uploader_ = std::make_unique<sync::Uploader>(store_path(), *delivery_, hub_, clock_, [] { return 0.5; });
    return {};
}

/// The housekeeper's part that matters here.
Result<> SimulatedBox::adopt_conflicts()
{
    auto const text = read_file(
        sync::DataFolder {machine_.folder()}.conflict_request(), kiosk::ConflictRequest::max_bytes);
    if (!text)
        return {};
    auto const request = kiosk::parse_conflict_request(*text);
    if (!request)
        return fail(request.error());
    auto const moved = store_->adopt(*request);
    return moved ? Result<>() : fail(moved.error());
}

void SimulatedBox::stop()
{
    stop_agent();
    stop_kiosk();
}

void SimulatedBox::stop_agent()
{
    uploader_.reset();
    delivery_.reset();
}

bool SimulatedBox::cut_off_customer(int taps)
{
    if (!store_)
        return false;
    promises_.next_customer();
    for (int tap = 0; tap < taps; ++tap) {
        auto const draft = promises_.next_tap();
        if (!insist("saving", [&] { return store_->save_draft(draft, kiosk::Outcome::Partial); }))
            return false;
        promises_.tap_stored();
    }
    return true;
}

bool SimulatedBox::serve_customer(int taps)
{
    if (!cut_off_customer(taps))
        return false;
    promises_.closing();
    bool failed_before = false;
    bool const closed = insist("closing", [&]() -> Result<> {
        auto const seq = store_->close_draft(kiosk::ClosedBy::Finish, promises_.last_draft().touched);
        if (!seq && seq.error().code == Errc::NotFound && failed_before)
            findings.add_stuck("a closing that failed was done: the store's thread would try for ever");
        failed_before = !seq;
        if (!seq)
            return fail(seq.error());
        return {};
    });
    if (!closed)
        return false;
    promises_.thanked();
    return opening_ == Opening::MustBeWhole || insist("adopting", [this] { return adopt_conflicts(); });
}

bool SimulatedBox::handle_comment()
{
    if (!store_)
        return false;
    auto const event = promises_.next_event();
    auto const now = Promises::moment_of_event(promises_.events());
    if (!insist("writing an event", [&] { return store_->add_event(event, now); }))
        return false;
    promises_.event_kept();
    return true;
}

bool SimulatedBox::deliver()
{
    if (!uploader_)
        return false;
    clock_.advance(2h);
    auto const state = uploader_->step().state;
    return state == sync::UploadState::Delivering || state == sync::UploadState::Idle;
}

bool SimulatedBox::drain()
{
    constexpr int enough = 200;
    for (int step = 0; uploader_ && step < enough; ++step) {
        clock_.advance(2h);
        if (uploader_->step().state != sync::UploadState::Idle)
            continue;
        // A conflict is settled for now; the kiosk answers it, and then it waits again.
        std::error_code ignored;
        if (!std::filesystem::exists(sync::DataFolder {machine_.folder()}.conflict_request(), ignored))
            return true;
        if (!store_ || !insist("adopting", [this] { return adopt_conflicts(); }))
            return false;
    }
    return false;
}

std::optional<SimulatedBox::Delivered> SimulatedBox::delivered()
{
    if (!delivery_ || install_.empty())
        return std::nullopt;
    auto const mark = delivery_->mark(install_);
    if (!mark)
        return std::nullopt;
    return Delivered {install_, *mark};
}

}

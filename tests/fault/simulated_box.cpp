#include "tests/fault/simulated_box.h"

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

Result<std::vector<Said>> read_store(std::filesystem::path const& path)
{
    auto reader = kiosk::ResponseReader::open(path);
    if (!reader)
        return fail(reader.error());
    auto const last = reader->last_seq();
    if (!last)
        return fail(last.error());
    std::vector<Said> said;
    reader->seek(0, *last);
    std::int64_t previous = 0;
    for (;;) {
        auto const response = reader->next();
        if (!response)
            return fail(response.error());
        if (!*response)
            break;
        if ((*response)->seq != previous + 1)
            return fail(Errc::Corrupt,
                "seq " + std::to_string((*response)->seq) + " follows " + std::to_string(previous));
        previous = (*response)->seq;
        said.push_back({std::string((*response)->comment), std::string((*response)->closed_by)});
    }
    if (previous != *last)
        return fail(Errc::Corrupt, "the walk ends at " + std::to_string(previous) + ", before the last");
    return said;
}

SimulatedBox::SimulatedBox(
    std::filesystem::path const& folder, sync::Transport& hub, FakeClock& clock, int tries)
    : machine_(folder)
    , hub_(hub)
    , clock_(clock)
    , tries_(tries)
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
    return insist("opening store.db", [this]() -> Result<> {
        auto store = kiosk::ResponseStore::open(store_path());
        if (!store)
            return fail(store.error());
        if (install_.empty())
            install_ = store->install_id();
        else if (install_ != store->install_id())
            findings.add_lost("the box has forgotten its install id");
        store_.emplace(std::move(*store));
        return {};
    });
}

bool SimulatedBox::start_agent()
{
    if (delivery_)
        return true;
    return insist("opening delivery.db", [this]() -> Result<> {
        auto delivery = sync::DeliveryStore::open(machine_.folder() / "delivery.db");
        if (!delivery)
            return fail(delivery.error());
        auto const enrolment = delivery->enrolment();
        if (!enrolment)
            return fail(enrolment.error());
        if (!*enrolment) {
            if (enrolled_)
                findings.add_lost("delivery.db has forgotten the enrolment");
            LISTENPOST_TRY(delivery->set_enrolment(sample_enrolment(clock_.wall)));
        }
        enrolled_ = true;
        delivery_ = std::make_unique<sync::DeliveryStore>(std::move(*delivery));
        uploader_
            = std::make_unique<sync::Uploader>(store_path(), *delivery_, hub_, clock_, [] { return 0.5; });
        return {};
    });
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

bool SimulatedBox::serve_customer(int taps)
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
    if (closed)
        promises_.thanked();
    return closed;
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
    for (int step = 0; step < enough; ++step) {
        clock_.advance(2h);
        if (uploader_->step().state == sync::UploadState::Idle)
            return true;
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

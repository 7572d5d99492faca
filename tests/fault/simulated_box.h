#pragma once

#include "kiosk/store/response_store.h"
#include "kiosk/store/store_opener.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/uploader.h"
#include "tests/fault/power_cut_vfs.h"
#include "tests/fault/promises.h"
#include "tests/support/fake_clock.h"

#include <map>
#include <memory>
#include <optional>

namespace listenpost::test {

/// Everything that is on `path`, read as the agent reads it, by seq. Errors: the reader's.
Result<std::map<std::int64_t, Said>> read_responses(std::filesystem::path const& path);
/// The same in order; their seqs must count up. Errors: Corrupt too.
Result<std::vector<Said>> read_store(std::filesystem::path const& path);

/// How the processes open their files.
enum class Opening {
    MustBeWhole, ///< a file that is damaged is a finding
    AsOnABox, ///< salvaged, as the programs do
};

/// The kiosk's and the agent's own code on one machine, with the customers in front of it.
/// The kiosk's part does what its StoreThread does, without the thread: what could not be written
/// is tried again until it is.
class SimulatedBox {
public:
    /// `tries`: how often a call is made before it counts as stuck, unless the power is off.
    SimulatedBox(std::filesystem::path const& folder, sync::Transport& hub, FakeClock& clock, int tries,
        Opening opening = Opening::MustBeWhole);

    Machine& machine() { return machine_; }
    Promises const& promises() const { return promises_; }
    Promises& promises() { return promises_; }

    /// The processes start, where they do not run. False: they could not.
    bool start_kiosk();
    bool start_agent();
    void stop();
    void stop_kiosk();
    void stop_agent();

    /// So many taps, and the thank-you. False: broken off.
    bool serve_customer(int taps);
    /// Staff marks a comment. False: broken off.
    bool handle_comment();
    /// Some taps, and the power goes, or the process.
    bool cut_off_customer(int taps);
    /// One step of the agent, after a pause that lets any back-off pass. False: not enrolled yet
    /// or in trouble.
    bool deliver();
    /// Until nothing waits. False: there is no end to it.
    bool drain();

    /// Install and mark as delivery.db has them. Nothing: they cannot be read.
    struct Delivered {
        std::string install;
        std::int64_t mark;
    };
    std::optional<Delivered> delivered();

    Findings findings; ///< what was seen on the way

private:
    Result<> open_store();
    Result<> open_delivery();
    Result<> adopt_conflicts();
    template <typename Call>
    bool insist(char const* what, Call const& call);

    std::filesystem::path store_path() const { return machine_.folder() / "store.db"; }

    Machine machine_;
    sync::Transport& hub_;
    FakeClock& clock_;
    int tries_;
    Opening opening_;
    std::optional<kiosk::StoreOpener> opener_; ///< of the kiosk process that runs
    Promises promises_;
    bool enrolled_ = false; ///< and told so: it must stay
    std::string install_; ///< once it was shown
    std::optional<kiosk::ResponseStore> store_;
    std::unique_ptr<sync::DeliveryStore> delivery_;
    std::unique_ptr<sync::Uploader> uploader_;
};

}

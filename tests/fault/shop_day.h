#pragma once

#include "tests/fault/scenario.h"
#include "tests/fault/simulated_box.h"
#include "tests/fault/simulated_hub.h"

namespace listenpost::test {

/// Where a scenario has its two machines.
struct ShopFolders {
    explicit ShopFolders(std::filesystem::path const& parent);

    std::filesystem::path box;
    std::filesystem::path hub;
};

/// A shop's day on simulated machines: customers, an agent that comes and goes, a hub that does too, HQ
/// that pulls.
class ShopDay {
public:
    /// `before`: who has been at the box already.
    ShopDay(Plan const& plan, ShopFolders const& folders, Opening opening, Promises before);

    /// At its end all is delivered, and found at the hub once; the machines are gone, and the simulator
    /// too. Once.
    Course run(std::uint64_t steps);
    /// All of them, once it has run.
    Promises const& promises() const { return promises_; }

private:
    void do_something();
    bool bring_up();
    bool start_all();
    void finish();

    Plan const& plan_;
    Stage stage_;
    FakeClock clock_;
    std::optional<SimulatedHub> hub_;
    std::optional<SimulatedBox> box_;
    Promises promises_;
};

}

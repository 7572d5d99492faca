#pragma once

#include "kiosk/manager/pin_store.h"

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace listenpost::kiosk {

/// The PIN's disk and hash, beside the screen: what is asked is answered by take(), after `wake`.
/// Threads: the screen's; `wake` is called from another.
class PinDesk {
public:
    struct Failed { }; ///< the log has the reason
    using Answer = std::variant<PinState, PinJudgement, Failed>;

    PinDesk(std::filesystem::path data, Clock const& clock, std::function<void()> wake);
    ~PinDesk();
    PinDesk(PinDesk const&) = delete;
    PinDesk& operator=(PinDesk const&) = delete;

    void look(); ///< PinStore::look()
    void judge(std::string pin); ///< PinStore::judge()
    /// What was answered since the last call, in the order asked.
    std::vector<Answer> take();

private:
    struct Thread;
    std::unique_ptr<Thread> thread_;
};

}

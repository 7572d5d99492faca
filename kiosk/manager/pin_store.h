#pragma once

#include "kiosk/manager/lockout.h"
#include "kiosk/manager/manager_pin.h"
#include "kiosk/model/pin_state.h"
#include "platform/base/result.h"

#include <filesystem>
#include <optional>
#include <string_view>

namespace listenpost::kiosk {

/// The manager's PIN in the data folder: manager_pin.json (its hash) and manager_attempts.json (wrong ones in
/// a row), both 0600, see kiosk/manager/FORMAT.md.
///
/// An attempt is on disk before it is judged, so that pulling the plug gives nobody a free one; where it
/// cannot be written, also not over the last one, it is not judged. What cannot be read is never taken for
/// "no PIN" or "no attempts". Threads: one at a time. All of it waits for the disk, and judging computes 30
/// ms.
class PinStore {
public:
    /// `data`: the box's data folder; need not be there yet. The clock is borrowed.
    PinStore(std::filesystem::path data, Clock const& clock);

    /// Takes what has come into the inbox meanwhile, if it is right and new. Errors: Io, Full, Corrupt.
    Result<PinState> look();

    /// Right also where that cannot be noted: the attempts before it stay counted then.
    /// Errors: Io, Full, Corrupt: it was not judged.
    Result<PinJudgement> judge(std::string_view pin);

    /// A PIN for the box, instead of the one it has; wrong attempts are forgotten with the old one.
    /// Errors: as check_new_pin, Io, Full.
    Result<> set(std::string_view pin);

private:
    Result<std::optional<ManagerPin>> read_pin() const;
    Result<> write_pin(ManagerPin const& pin) const;
    Result<std::optional<ManagerPin>> adopt(std::optional<ManagerPin> current);
    PinAttempts read_attempts(ManagerPin const& pin) const;
    Result<> write_attempts(ManagerPin const& pin, PinAttempts const& attempts) const;
    PinState state(PinAttempts const& attempts) const;

    std::filesystem::path data_;
    Clock const& clock_;
};

}

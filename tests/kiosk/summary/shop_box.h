#pragma once

#include "kiosk/store/response_store.h"
#include "tests/kiosk/summary/recount.h"
#include "tests/support/temp_folder.h"

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace listenpost::test {

/// A box with a real store.db on which some months pass: reboots, clocks that are set late, wrongly or
/// never, copied disks, old responses that leave; and all that was ever said, for recounting.
class ShopBox {
public:
    /// `begin_ms`: when the first day begins.
    ShopBox(unsigned seed, std::int64_t begin_ms);

    std::filesystem::path data() const { return folder_.path(); }
    std::filesystem::path store_file() const { return folder_ / "store.db"; }
    std::int64_t now_ms() const { return now_ms_; }

    /// A few days with some customers each, and staff that marks what they said.
    void live(int days);
    /// Some responses of one install get another seq, as after inbox/conflict.json.
    void adopt();
    /// All that was said before leaves, of what can be placed in time.
    void remove_before(std::int64_t at_ms);
    /// The kiosk starts anew.
    void restart();

    /// All that was ever said, placed by what store.db knows now.
    std::vector<Told> told() const;

    std::int64_t below(std::int64_t count)
    {
        return std::uniform_int_distribution<std::int64_t>(0, count - 1)(random_);
    }
    bool chance(int percent) { return below(100) < percent; }
    std::mt19937& random() { return random_; }

private:
    enum class BootsClock { Set, SetLate, Wrong, Never, Unconfirmed };
    void boot();
    Stamp stamp() const;
    void customer();
    void staff();
    kiosk::Draft draft();

    TempFolder folder_;
    std::mt19937 random_;
    std::optional<kiosk::ResponseStore> store_;
    std::vector<Told> told_;
    std::int64_t now_ms_;
    std::int64_t booted_ms_ = 0;
    std::string boot_id_;
    BootsClock clock_ = BootsClock::Set;
    std::int64_t wrong_by_ms_ = 0;
    std::int64_t unset_off_ms_ = 0; ///< what the clock is off before anybody has set it
    std::int64_t put_right_ms_ = 0;
};

}

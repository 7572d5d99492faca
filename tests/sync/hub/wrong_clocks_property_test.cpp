#include "sync/hub/place_in_time.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <random>

// Boxes with every trouble that clocks have, simulated beside the true time, against the
// promise: within 2 s of the truth wherever the information exists. What "exists" means is
// said here by what the simulation knows of each clock, not by the hub's rules.

using namespace listenpost;
using namespace listenpost::sync;
using namespace std::chrono_literals;

namespace {

using Span = std::chrono::milliseconds;

constexpr std::int64_t start_ms = 1'790'000'000'000;
/// The kernel forgets that a clock was set so long after the time service's last word.
constexpr Span kernel_patience = 9h;

struct Reading {
    std::int64_t steady_ms;
    std::int64_t wall_ms;
    std::int64_t wrong_by_ms;
    bool is_set;
    bool honest() const { return is_set && std::abs(wrong_by_ms) <= 1'000; }
};

struct Tap {
    ParsedResponse response;
    Reading reading;
    std::int64_t true_ms;
};

struct Note {
    kiosk::BootClock clock;
    bool honest;
};

struct Judged {
    int in_this_boot = 0;
    int in_another_boot = 0;
    int under_a_wrong_clock = 0; ///< of both
    int nobody_can_know = 0;
};

class Box {
public:
    explicit Box(unsigned seed)
        : random_(seed)
        , says_age_(chance(80))
        , notes_boots_(chance(80))
        , drift_ppm_(chance(50) ? 0 : between(-20, 20))
    {
        boot();
    }

    Judged live(Span life)
    {
        std::int64_t const end = now_ + life / 1ms;
        while (now_ < end) {
            now_ += between(1'000, 40 * 60'000);
            if (set_ && now_ - last_sync_ > kernel_patience / 1ms)
                set_ = false;
            something_happens();
        }
        online_ = true;
        deliver();
        return judged_;
    }

private:
    bool chance(int percent) { return between(0, 99) < percent; }
    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return std::uniform_int_distribution(low, high)(random_);
    }
    /// Hours or minutes: more than a slow request takes, less or more than a day.
    std::int64_t wrong() { return between(10 * 60'000, 30 * 3'600'000) * (chance(50) ? 1 : -1); }

    std::int64_t steady() const
    {
        std::int64_t const up = now_ - booted_;
        return up + up * drift_ppm_ / 1'000'000;
    }
    Reading read() const
    {
        std::int64_t const wall = wall_base_ + steady() - steady_base_;
        return {steady(), std::max<std::int64_t>(0, wall), wall - now_, set_};
    }
    void set_wall(std::int64_t wall, bool is_set)
    {
        wall_base_ = wall;
        steady_base_ = steady();
        set_ = is_set;
        last_sync_ = now_;
    }

    void boot()
    {
        booted_ = now_ - between(5'000, 60'000);
        boot_id_ = "boot" + std::to_string(++boots_);
        batch_.reset(); // the agent starts anew
        std::int64_t const rtc[] = {now_, now_ + wrong(), steady(), start_ms - 86'400'000LL * 400};
        set_wall(rtc[between(0, 3)], false);
    }

    void something_happens()
    {
        auto const dice = between(0, 99);
        if (dice < 55)
            tap();
        else if (dice < 75)
            deliver();
        else if (dice < 82)
            online_ = !online_;
        else if (dice < 91 && online_)
            set_wall(now_ + between(-300, 300), true); // the time service answers
        else if (dice < 93)
            set_wall(now_ + wrong(), true); // it answers nonsense
        else if (dice < 95)
            set_wall(now_ + wrong(), false); // somebody sets the clock by hand
        else if (dice < 98)
            boot();
    }

    void tap()
    {
        auto const reading = read();
        auto& made = taps_.emplace_back();
        made.true_ms = now_;
        made.reading = reading;
        made.response.opened_ms = reading.wall_ms;
        made.response.steady_ms = reading.steady_ms;
        made.response.clock_set = reading.is_set;
        made.response.boot = boot_id_;
        if (!reading.is_set || !notes_boots_)
            return;
        auto const offset = [](kiosk::BootClock const& clock) { return clock.wall_ms - clock.steady_ms; };
        kiosk::BootClock const clock {boot_id_, reading.steady_ms, reading.wall_ms};
        auto const known = notes_.find(boot_id_);
        if (known == notes_.end() || std::abs(offset(known->second.clock) - offset(clock)) > 1'000)
            notes_[boot_id_] = {clock, reading.honest()};
    }

    void deliver()
    {
        if (!batch_ || !batch_->reading.is_set)
            batch_ = Batch {read(), boot_id_, now_, taps_.size()};
        if (!online_)
            return;
        std::int64_t const left_ms = now_;
        now_ += chance(85) ? between(5, 1'200) : between(1'200, 60'000);
        receive(left_ms);
        taps_.erase(taps_.begin(), taps_.begin() + static_cast<std::ptrdiff_t>(batch_->count));
        batch_.reset();
    }

    void receive(std::int64_t left_ms)
    {
        SentClocks const sent {
            batch_->reading.wall_ms, batch_->reading.steady_ms, batch_->boot, batch_->reading.is_set};
        std::vector<kiosk::BootClock> clocks;
        for (auto const& [boot, note] : notes_)
            if (boot != sent.boot)
                clocks.push_back(note.clock); // a std::map: sorted
        std::optional<std::int64_t> age;
        if (says_age_)
            age = left_ms - batch_->read_ms;
        for (std::size_t i = 0; i < batch_->count; ++i) {
            std::int64_t const placed = place_in_time(taps_[i].response, Sending {sent, age, clocks, now_});
            judge(taps_[i], placed, left_ms);
        }
    }

    void judge(Tap const& tap, std::int64_t placed, std::int64_t left_ms)
    {
        bool const same_boot = tap.response.boot == batch_->boot;
        CAPTURE(same_boot, tap.reading.is_set, tap.reading.wrong_by_ms, batch_->reading.is_set,
            batch_->reading.wrong_by_ms, says_age_, notes_boots_, now_ - left_ms, now_ - tap.true_ms);
        REQUIRE(placed <= now_);
        REQUIRE(placed >= start_ms - 86'400'000LL * 400);
        auto const late = same_boot ? known_in_this_boot(tap, left_ms) : known_in_another_boot(tap);
        if (!late) {
            ++judged_.nobody_can_know;
            return;
        }
        std::int64_t const drift = drift_ppm_ == 0 ? 0 : (now_ - tap.true_ms) / 10'000;
        std::int64_t const error = placed - tap.true_ms;
        CAPTURE(error, drift, *late);
        REQUIRE(error >= -2'000 - drift);
        REQUIRE(error <= 2'000 + drift + *late);
        ++(same_boot ? judged_.in_this_boot : judged_.in_another_boot);
        judged_.under_a_wrong_clock += !tap.reading.honest();
    }

    /// By how much the best there is to know may be late; nothing: nobody can know.
    std::optional<std::int64_t> known_in_this_boot(Tap const& tap, std::int64_t left_ms) const
    {
        // Right and waiting, or wrong and at once: without the age they look the same.
        bool const lies = batch_->reading.is_set && !batch_->reading.honest();
        if (!says_age_ && lies)
            return {};
        if (tap.reading.honest() || batch_->reading.honest())
            return 0;
        return now_ - left_ms; // from the receipt alone, a slow request cannot be seen
    }
    std::optional<std::int64_t> known_in_another_boot(Tap const& tap) const
    {
        auto const note = notes_.find(tap.response.boot);
        if (note == notes_.end())
            return tap.reading.honest() ? std::optional(0) : std::nullopt;
        return note->second.honest ? std::optional(0) : std::nullopt;
    }

    struct Batch {
        Reading reading;
        std::string boot;
        std::int64_t read_ms;
        std::size_t count;
    };

    std::mt19937 random_;
    bool says_age_;
    bool notes_boots_;
    std::int64_t drift_ppm_;

    std::int64_t now_ = start_ms; ///< the truth
    std::int64_t booted_ = 0;
    std::string boot_id_;
    int boots_ = 0;
    std::int64_t wall_base_ = 0;
    std::int64_t steady_base_ = 0;
    bool set_ = false;
    std::int64_t last_sync_ = 0;
    bool online_ = true;

    std::vector<Tap> taps_; ///< not delivered
    std::map<std::string, Note> notes_;
    std::optional<Batch> batch_;
    Judged judged_;
};

}

TEST_CASE("Wherever the information exists, a tap is placed within 2 s of the truth", "[sync][hub]")
{
    Judged all;
    for (unsigned seed = 1; seed <= 1'000; ++seed) {
        CAPTURE(seed);
        auto const one = Box(seed).live(72h);
        all.in_this_boot += one.in_this_boot;
        all.in_another_boot += one.in_another_boot;
        all.under_a_wrong_clock += one.under_a_wrong_clock;
        all.nobody_can_know += one.nobody_can_know;
    }
    CAPTURE(all.in_this_boot, all.in_another_boot, all.under_a_wrong_clock, all.nobody_can_know);
    CHECK(all.in_this_boot > 50'000);
    CHECK(all.in_another_boot > 2'000);
    CHECK(all.under_a_wrong_clock > 10'000);
    CHECK(all.nobody_can_know < (all.in_this_boot + all.in_another_boot) / 2);
}

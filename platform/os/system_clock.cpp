#include "platform/os/system_clock.h"

#include "platform/base/random_id.h"
#include "platform/os/files.h"

#include <algorithm>
#include <ctime>
#include <sys/timex.h>

namespace listenpost {
namespace {

std::chrono::milliseconds read_clock(clockid_t id)
{
    timespec now {};
    ::clock_gettime(id, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::milliseconds(now.tv_nsec / 1'000'000);
}

std::string read_boot_id()
{
    auto text = read_file("/proc/sys/kernel/random/boot_id", 64);
    if (!text)
        // Steady times of two starts must not be compared, so without the kernel's
        // id every start counts as a boot of its own.
        return random_hex(8);
    // 64 of the 128 bits tell one box's boots apart, and are half as long to send.
    std::erase_if(*text, [](char c) { return c == '-' || c == '\n'; });
    return text->substr(0, 16);
}

}

SystemClock::SystemClock()
    : boot_id_(read_boot_id())
{
}

WallTime SystemClock::wall_now() const { return WallTime(read_clock(CLOCK_REALTIME)); }

SteadyTime SystemClock::steady_now() const { return SteadyTime(read_clock(CLOCK_BOOTTIME)); }

bool SystemClock::wall_is_set() const
{
    timex state {};
    return ::adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
}

}

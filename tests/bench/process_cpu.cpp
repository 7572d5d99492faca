#include "tests/bench/process_cpu.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace listenpost::bench {
namespace {

struct Status {
    pid_t parent = 0;
    double own_ticks = 0;
    double ended_children_ticks = 0;
};

/// /proc/PID/stat, see proc(5). Nothing: the process has gone.
std::optional<Status> status_of(std::string const& process)
{
    std::ifstream file("/proc/" + process + "/stat");
    std::string text;
    if (!std::getline(file, text))
        return {};
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    Status status;
    std::string skipped;
    fields >> skipped >> status.parent;
    for (int field = 5; field <= 13; ++field)
        fields >> skipped;
    double user = 0, system = 0, ended_user = 0, ended_system = 0;
    fields >> user >> system >> ended_user >> ended_system;
    status.own_ticks = user + system;
    status.ended_children_ticks = ended_user + ended_system;
    return status;
}

}

double own_cpu_us()
{
    rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const microseconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

double tree_cpu_us(pid_t process)
{
    double ticks = 0;
    for (auto const& entry : std::filesystem::directory_iterator("/proc")) {
        std::string const name = entry.path().filename().string();
        pid_t number = 0;
        auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error != std::errc() || end != name.data() + name.size())
            continue;
        auto const status = status_of(name);
        if (status && number == process)
            ticks += status->own_ticks + status->ended_children_ticks;
        else if (status && status->parent == process)
            ticks += status->own_ticks;
    }
    return ticks * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}

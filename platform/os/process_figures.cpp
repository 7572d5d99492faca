#include "platform/os/process_figures.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <time.h>
#include <unistd.h>

namespace listenpost {

Result<ProcessFigures> process_figures()
{
    ProcessFigures figures;
    timespec used {};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    figures.cpu = std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);

    std::uint64_t total_pages = 0;
    std::uint64_t resident_pages = 0;
    std::ifstream memory("/proc/self/statm");
    if (!(memory >> total_pages >> resident_pages))
        return fail(Errc::Io, "/proc/self/statm cannot be read");
    figures.resident_bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

    std::error_code error;
    std::filesystem::directory_iterator const descriptors("/proc/self/fd", error);
    if (error)
        return fail(Errc::Io, "/proc/self/fd: " + error.message());
    // Without the one that looks.
    figures.open_descriptors
        = static_cast<std::uint64_t>(std::distance(begin(descriptors), end(descriptors))) - 1;
    return figures;
}

}

#include "sync/agent/plain_text.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace listenpost::sync {

std::string local_time(WallTime time)
{
    std::time_t const seconds = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
    std::tm local {};
    ::localtime_r(&seconds, &local);
    char text[32];
    std::size_t const length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
    return {text, length};
}

std::string short_duration(std::chrono::milliseconds span)
{
    auto const seconds = std::max<std::int64_t>(0, span.count() / 1000);
    if (seconds < 120)
        return std::to_string(seconds) + " s";
    if (seconds < 7200)
        return std::to_string(seconds / 60) + " min";
    if (seconds < 172'800)
        return std::to_string(seconds / 3600) + " h";
    return std::to_string(seconds / 86400) + " days";
}

std::string short_size(std::int64_t bytes)
{
    if (bytes < 1000)
        return std::to_string(bytes) + " bytes";
    char const* unit = "kB";
    double shown = static_cast<double>(bytes) / 1e3;
    for (auto const* larger : {"MB", "GB", "TB"}) {
        if (shown < 1000)
            break;
        shown /= 1000;
        unit = larger;
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %s", shown, unit);
    return text;
}

}

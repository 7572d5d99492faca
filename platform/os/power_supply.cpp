#include "platform/os/power_supply.h"

#include "platform/os/files.h"

#include <algorithm>
#include <charconv>

namespace listenpost {
namespace {

/// The first line of a small file; empty if there is none.
std::string line_of(std::filesystem::path const& file)
{
    constexpr std::size_t page = 4096; // what sysfs gives at most
    auto const text = read_file(file, page);
    return text ? text->substr(0, text->find('\n')) : "";
}

std::optional<int> percent_of(std::filesystem::path const& file)
{
    std::string const text = line_of(file);
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > 100)
        return std::nullopt;
    return value;
}

}

PowerState read_power_state(std::filesystem::path const& supplies)
{
    PowerState state;
    std::error_code none;
    for (auto const& supply : std::filesystem::directory_iterator(supplies, none)) {
        auto const& path = supply.path();
        if (line_of(path / "scope") == "Device")
            continue;
        if (line_of(path / "type") == "Battery") {
            auto const percent = percent_of(path / "capacity");
            if (percent)
                state.battery_pct = std::min(*percent, state.battery_pct.value_or(100));
        } else if (auto const online = line_of(path / "online"); !online.empty()) {
            state.on_mains = state.on_mains.value_or(false) || online != "0";
        }
    }
    return state;
}

}

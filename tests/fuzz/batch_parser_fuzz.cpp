#include "kiosk/model/staff_event.h"
#include "sync/wire/batch_parser.h"
#include "tests/fuzz/require.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

using listenpost::test::require;

// Whatever the bytes: no crash, and what is accepted is one line of JSON that another
// reader takes too, with the seq we read.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static listenpost::sync::BatchParser parser;
    auto const batch = parser.parse(std::string(reinterpret_cast<char const*>(data), size));
    if (!batch)
        return 0;
    auto const& clocks = batch->clocks;
    auto const out_of_order = std::ranges::adjacent_find(
        clocks, std::ranges::greater_equal(), &listenpost::kiosk::BootClock::boot_id);
    require(out_of_order == clocks.end());
    std::int64_t previous = 0;
    for (auto const& response : batch->responses) {
        require(response.seq > previous);
        previous = response.seq;
        require(!response.is_emptied || (response.refusal && response.refusal->detail == "answers is empty"));
        if (response.is_emptied) {
            auto const emptied = nlohmann::json::parse(response.raw_json, nullptr, false);
            require(emptied.is_object() && emptied["answers"].is_array() && emptied["answers"].empty());
        }
        if (response.refusal)
            continue;
        require(response.raw_json.find('\n') == std::string_view::npos);
        auto const parsed = nlohmann::json::parse(response.raw_json, nullptr, false);
        require(parsed.is_object());
        require(parsed["seq"] == response.seq);
        require(!parsed.contains("store"));
        require(response.is_event == parsed.contains("event"));
        require(!response.is_event || listenpost::kiosk::event_from_json(response.raw_json));
    }
    return 0;
}

#include "sync/hub/rollup_counts.h"

#include "platform/base/crc32.h"

#include <cstdint>
#include <cstdlib>

// Rollups as a damaged or changed database may have them, with a CRC-32 that is right: what is taken can be
// written and read again, and the day's three readers agree.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace listenpost::sync;
    std::string const body(reinterpret_cast<char const*>(data), size);
    std::uint32_t const crc = listenpost::crc32(body);
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>(crc >> shift & 0xff);
    bytes += body;
    auto const require = [](bool held) {
        if (!held)
            std::abort();
    };

    Tally totals;
    if (add_encoded_tally(bytes, totals)) {
        Tally again;
        require(add_encoded_tally(encode(totals), again).has_value() && again == totals);
    }
    Tally sum;
    QuarterTallies everywhere;
    everywhere.fill(&sum);
    bool const is_added = add_encoded_day(bytes, everywhere).has_value();
    auto const day = decode_day(bytes);
    require(is_added == day.has_value());
    if (day) {
        require(decode_day(encode(*day)).value() == *day);
        auto limited = *day;
        limited.limit_questions();
        require(decode_day(encode(limited)).value() == limited);
        require(sum.responses() == day->tally().responses());
    }
    return 0;
}

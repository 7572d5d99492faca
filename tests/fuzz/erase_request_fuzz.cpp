#include "kiosk/model/erase_request.h"
#include "tests/fuzz/require.h"

using listenpost::test::require;

// Whatever the bytes: no crash, no exception; and what is read is what the store relies on.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace listenpost::kiosk;
    auto const request = parse_erase_request({reinterpret_cast<char const*>(data), size});
    if (!request) {
        require(!request.error().detail.empty());
        return 0;
    }
    require(request->responses.size() + request->unreadable.size() <= EraseRequest::max_responses);
    require(request->unreadable.empty() || !request->responses.empty());
    for (auto const& each : request->responses)
        require(check(each).has_value());
    auto const again = parse_erase_request(to_json(*request));
    require(again && again->responses == request->responses && again->unreadable.empty());
    return 0;
}

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
    require(request->responses.size() <= EraseRequest::max_responses);
    for (auto const& each : request->responses)
        require(check(each).has_value());
    require(parse_erase_request(to_json(*request)) == *request);
    return 0;
}

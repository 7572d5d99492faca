#include "kiosk/model/install_id.h"
#include "kiosk/store/conflict_request.h"
#include "tests/fuzz/require.h"

#include <algorithm>

using listenpost::test::require;

// Whatever the bytes: no crash, no exception; and what is read is what the store relies on.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace listenpost::kiosk;
    auto const request = parse_conflict_request({reinterpret_cast<char const*>(data), size});
    if (!request) {
        require(!request.error().detail.empty());
        return 0;
    }
    require(is_install_id(request->install));
    require(!request->seqs.empty() && request->seqs.size() <= ConflictRequest::max_seqs);
    require(request->seqs.front() >= 1);
    require(std::ranges::adjacent_find(request->seqs, std::greater_equal<>()) == request->seqs.end());
    require(parse_conflict_request(to_json(*request)) == *request);
    return 0;
}

#include "kiosk/store/conflict_request.h"

#include <catch2/catch.hpp>
#include <numeric>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

std::string const install = "0123456789abcdef0123456789abcdef";

std::string request_with(std::string const& seqs)
{
    return R"({"install":")" + install + R"(","seqs":)" + seqs + "}";
}

}

TEST_CASE("A conflict request reads back as it was written", "[store]")
{
    ConflictRequest const request {install, {1, 7, 9'007'199'254'740'991}};
    CHECK(to_json(request) == request_with("[1,7,9007199254740991]"));
    CHECK(parse_conflict_request(to_json(request)).value() == request);
}

TEST_CASE("The longest request allowed fits the file allowed", "[store]")
{
    ConflictRequest request {install, std::vector<std::int64_t>(ConflictRequest::max_seqs)};
    std::iota(request.seqs.begin(), request.seqs.end(),
        (std::int64_t {1} << 53) - static_cast<std::int64_t>(ConflictRequest::max_seqs));
    auto const text = to_json(request);
    CHECK(text.size() <= ConflictRequest::max_bytes);
    CHECK(parse_conflict_request(text).value() == request);

    request.seqs.insert(request.seqs.begin(), 1);
    auto const refused = parse_conflict_request(to_json(request));
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().detail, Catch::Contains("seqs has 10001 entries; 1 to 10000"));
}

TEST_CASE("A conflict request may have members of a newer agent", "[store]")
{
    CHECK(parse_conflict_request(R"({"v":2,"install":")" + install + R"(","seqs":[3],"why":{}})").value()
        == ConflictRequest {install, {3}});
}

TEST_CASE("A conflict request that is wrong is refused, and says where", "[store]")
{
    auto const [text, reason] = GENERATE(table<std::string, std::string>({
        {"", "not a JSON object"},
        {"[1]", "not a JSON object"},
        {R"({"install":)", "not a JSON object"},
        {R"({"seqs":[1]})", "install is not 32 hexadecimal digits"},
        {R"({"install":7,"seqs":[1]})", "install is not 32 hexadecimal digits"},
        {R"({"install":"0123456789ABCDEF0123456789ABCDEF","seqs":[1]})", "install is not 32 hexadecimal"},
        {R"({"install":"0123","seqs":[1]})", "install is not 32 hexadecimal digits"},
        {R"({"install":"0123456789abcdef0123456789abcdef"})", "seqs is not a list"},
        {request_with("{}"), "seqs is not a list"},
        {request_with("[]"), "seqs has 0 entries; 1 to 10000"},
        {request_with("[0]"), "seqs[0] is not a number from 1"},
        {request_with("[1,-2]"), "seqs[1] is not a number from 1"},
        {request_with("[1,2.5]"), "seqs[1] is not a number from 1"},
        {request_with("[1,\"2\"]"), "seqs[1] is not a number from 1"},
        {request_with("[9007199254740992]"), "seqs[0] is not a number from 1 to 9007199254740991"},
        {request_with("[99999999999999999999]"), "seqs[0] is not a number from 1"},
        {request_with("[1,3,3]"), "seqs[2] does not ascend"},
        {request_with("[2,1]"), "seqs[1] does not ascend"},
        {std::string(ConflictRequest::max_bytes + 1, ' '), "longer than 262144 bytes"},
    }));
    INFO(text.substr(0, 200));
    auto const refused = parse_conflict_request(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Invalid);
    CHECK_THAT(refused.error().detail,
        Catch::StartsWith("the request about conflicts: ") && Catch::Contains(reason));
}

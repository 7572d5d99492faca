#include "kiosk/model/erase_request.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

ResponseRef const some {"0123456789abcdef0123456789abcdef", 17, "9c1b", 86'390'000};

}

TEST_CASE("A request to erase reads back as it was written", "[store]")
{
    EraseRequest const request {{some, {some.install, 9'007'199'254'740'991, "", 0}}};
    CHECK(parse_erase_request(to_json(request)).value() == request);
    CHECK(to_json({{some}})
        == R"({"erase":[{"install":"0123456789abcdef0123456789abcdef","seq":17,"boot":"9c1b","steady_ms":86390000}]})");
}

TEST_CASE("The longest request to erase fits the file allowed", "[store]")
{
    ResponseRef const longest {
        some.install, 9'007'199'254'740'991, std::string(40, 'b'), 9'007'199'254'740'991};
    EraseRequest request {std::vector<ResponseRef>(EraseRequest::max_responses, longest)};
    CHECK(parse_erase_request(to_json(request)).value() == request);
    request.responses.push_back(some);
    auto const refused = parse_erase_request(to_json(request));
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().detail, Catch::Contains("erase has 17 entries; at most 16"));
}

TEST_CASE("A request of a newer hub may have other members, and none for this program", "[store]")
{
    CHECK(parse_erase_request(R"({"dance":[1],"erase":[]})").value() == EraseRequest {});
    CHECK(parse_erase_request(R"({"dance":[1]})").value() == EraseRequest {});
    auto text = to_json({{some}});
    text.insert(text.size() - 3, R"(,"why":{})");
    CHECK(parse_erase_request(text).value() == EraseRequest {{some}});
}

TEST_CASE("An entry that cannot be read holds up none of the others, and is reported", "[store]")
{
    auto text = to_json({{some, {some.install, 18, "9c1b", 5}}});
    text.insert(text.find("]}"), R"(,{"install":"of a newer hub","seq":1,"boot":"b","steady_ms":1})");
    text.insert(text.find('{', 1), "7,");
    auto const request = parse_erase_request(text);
    REQUIRE(request);
    CHECK(request->responses == std::vector<ResponseRef> {some, {some.install, 18, "9c1b", 5}});
    REQUIRE(request->unreadable.size() == 2);
    CHECK(request->unreadable[0] == "erase[0]: not a JSON object");
    CHECK_THAT(request->unreadable[1], Catch::StartsWith("erase[3]: install is not 32 hexadecimal"));
    CHECK(to_json(*request) == to_json({request->responses}));
}

TEST_CASE("A request to erase that is wrong is refused, and says where", "[store]")
{
    auto const [text, reason] = GENERATE(table<std::string, std::string>({
        {"", "not a JSON object"},
        {"[1]", "not a JSON object"},
        {R"({"erase":7})", "erase is not a list"},
        {R"({"erase":[7]})", "erase[0]: not a JSON object"},
        {R"({"erase":[{}]})", "erase[0]: lacks install, seq, boot or steady_ms"},
        {R"({"erase":[{"install":"x","seq":1,"boot":"b","steady_ms":1}]})", "install is not 32 hexadecimal"},
        {R"({"erase":[{"install":"0123456789abcdef0123456789abcdef","seq":0,"boot":"b","steady_ms":1}]})",
            "seq is no number of a response"},
        {R"({"erase":[{"install":"0123456789abcdef0123456789abcdef","seq":1,"boot":"b","steady_ms":-1}]})",
            "steady_ms is no time"},
        {std::string(EraseRequest::max_bytes + 1, ' '), "longer than 16384 bytes"},
    }));
    auto const refused = parse_erase_request(text);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Invalid);
    CHECK_THAT(
        refused.error().detail, Catch::StartsWith("the request to erase: ") && Catch::Contains(reason));
}

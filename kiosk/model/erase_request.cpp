#include "kiosk/model/erase_request.h"

#include <nlohmann/json.hpp>

namespace listenpost::kiosk {
namespace {

tl::unexpected<Error> refuse(std::string reason)
{
    return fail(Errc::Invalid, "the request to erase: " + std::move(reason));
}

}

Result<EraseRequest> parse_erase_request(std::string_view json)
{
    if (json.size() > EraseRequest::max_bytes)
        return refuse("longer than " + std::to_string(EraseRequest::max_bytes) + " bytes");
    auto const root = nlohmann::json::parse(json, nullptr, false);
    if (!root.is_object())
        return refuse("not a JSON object");
    EraseRequest request;
    auto const list = root.find("erase");
    if (list == root.end())
        return request;
    if (!list->is_array())
        return refuse("erase is not a list");
    if (list->size() > EraseRequest::max_responses)
        return refuse("erase has " + std::to_string(list->size()) + " entries; at most "
            + std::to_string(EraseRequest::max_responses));
    for (auto const& each : *list) {
        auto ref = ref_from_json(each);
        if (!ref)
            return refuse("erase[" + std::to_string(request.responses.size()) + "]: " + ref.error().detail);
        request.responses.push_back(std::move(*ref));
    }
    return request;
}

std::string to_json(EraseRequest const& request)
{
    std::string out = R"({"erase":[)";
    for (auto const& ref : request.responses) {
        if (&ref != &request.responses.front())
            out += ',';
        append_json(out, ref);
    }
    return out + "]}";
}

}

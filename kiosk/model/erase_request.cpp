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
    for (std::size_t index = 0; index < list->size(); ++index) {
        auto ref = ref_from_json((*list)[index]);
        if (ref)
            request.responses.push_back(std::move(*ref));
        else
            request.unreadable.push_back("erase[" + std::to_string(index) + "]: " + ref.error().detail);
    }
    if (request.responses.empty() && !request.unreadable.empty())
        return refuse(request.unreadable.front());
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

#include "kiosk/store/conflict_request.h"

#include "kiosk/model/install_id.h"
#include "kiosk/store/install_list.h"

#include <nlohmann/json.hpp>

namespace listenpost::kiosk {
namespace {

tl::unexpected<Error> refuse(std::string reason)
{
    return fail(Errc::Invalid, "the request about conflicts: " + std::move(reason));
}

}

Result<ConflictRequest> parse_conflict_request(std::string_view json)
{
    if (json.size() > ConflictRequest::max_bytes)
        return refuse("longer than " + std::to_string(ConflictRequest::max_bytes) + " bytes");
    auto const root = nlohmann::json::parse(json, nullptr, false);
    if (!root.is_object())
        return refuse("not a JSON object");
    auto const install = root.find("install");
    if (install == root.end() || !install->is_string()
        || !is_install_id(install->get_ref<std::string const&>()))
        return refuse("install is not 32 hexadecimal digits");
    auto const seqs = root.find("seqs");
    if (seqs == root.end() || !seqs->is_array())
        return refuse("seqs is not a list");
    if (seqs->empty() || seqs->size() > ConflictRequest::max_seqs)
        return refuse("seqs has " + std::to_string(seqs->size()) + " entries; 1 to "
            + std::to_string(ConflictRequest::max_seqs));

    ConflictRequest request {install->get<std::string>(), {}};
    request.seqs.reserve(seqs->size());
    for (auto const& seq : *seqs) {
        std::string const place = "seqs[" + std::to_string(request.seqs.size()) + "]";
        if (!seq.is_number_unsigned() || seq.get<std::uint64_t>() == 0
            || seq.get<std::uint64_t>() > static_cast<std::uint64_t>(greatest_seq))
            return refuse(place + " is not a number from 1 to " + std::to_string(greatest_seq));
        auto const value = seq.get<std::int64_t>();
        if (!request.seqs.empty() && value <= request.seqs.back())
            return refuse(place + " does not ascend");
        request.seqs.push_back(value);
    }
    return request;
}

std::string to_json(ConflictRequest const& request)
{
    return nlohmann::json {{"install", request.install}, {"seqs", request.seqs}}.dump();
}

}

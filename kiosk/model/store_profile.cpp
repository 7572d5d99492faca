#include "kiosk/model/store_profile.h"

#include <nlohmann/json.hpp>

namespace listenpost::kiosk {

Result<StoreProfile> parse_store_profile(std::string_view text)
{
    auto const root = nlohmann::json::parse(text, nullptr, false);
    if (!root.is_object())
        return fail(Errc::Invalid, "the store's profile is not a JSON object");
    StoreProfile profile;
    for (auto const& [key, target] :
        {std::pair {"id", &profile.id}, {"name", &profile.name}, {"timezone", &profile.timezone}}) {
        auto const found = root.find(key);
        if (found == root.end() || !found->is_string() || found->get_ref<std::string const&>().empty())
            return fail(Errc::Invalid, std::string("the store's profile lacks ") + key);
        *target = found->get<std::string>();
    }
    return profile;
}

}

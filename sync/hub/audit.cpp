#include "sync/hub/audit.h"

namespace listenpost::sync {
namespace {

void append(std::string& detail, std::string_view name, std::string_view value)
{
    detail.append(detail.empty() ? "" : ", ").append(name).append(" ").append(value);
}

}

std::string audit_detail(Store const& added)
{
    return audit_detail(StoreChange {added.name, added.region, added.city});
}

std::string audit_detail(StoreChange const& change)
{
    std::string detail;
    if (change.name)
        append(detail, "name", *change.name);
    if (change.region)
        append(detail, "region", *change.region);
    if (change.city)
        append(detail, "city", *change.city);
    return detail;
}

std::string audit_detail(Grant const& added)
{
    std::string detail = name(added.role);
    for (auto const& store : added.scope.stores)
        append(detail, "store", store);
    for (auto const& region : added.scope.regions)
        append(detail, "region", region);
    for (auto const& city : added.scope.cities)
        append(detail, "city", city);
    if (added.expires_ms)
        append(detail, "expires_ms", std::to_string(*added.expires_ms));
    return detail;
}

std::string response_name(std::string_view install, std::int64_t seq)
{
    return std::string(install) + ":" + std::to_string(seq);
}

}

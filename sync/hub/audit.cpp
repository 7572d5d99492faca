#include "sync/hub/audit.h"

#include "platform/os/system_clock.h"
#include "platform/os/user_name.h"

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

Act act_of_this_user()
{
    return {"unix:" + name_of_this_user(), SystemClock().wall_now().time_since_epoch().count()};
}

AuditLine rebuild_line(RollupScan const& scan, Act const& act)
{
    return {act.at_ms, act.who, "rollup.rebuild", "", std::to_string(scan.responses) + " responses"};
}

AuditLine restore_line(Act const& act) { return {act.at_ms, act.who, "hub.restore", "", "from a backup"}; }

std::string response_name(std::string_view install, std::int64_t seq)
{
    return std::string(install) + ":" + std::to_string(seq);
}

}

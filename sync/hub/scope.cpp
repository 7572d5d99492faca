#include "sync/hub/scope.h"

#include "sync/hub/pull_filter.h"
#include "sync/hub/query.h"

#include <algorithm>

namespace listenpost::sync {

bool is_one_of(std::vector<std::string> const& names, std::string_view value)
{
    return names.empty() || std::find(names.begin(), names.end(), value) != names.end();
}

bool Scope::allows(std::string_view store, StorePlace const* place) const
{
    if (!is_one_of(stores, store))
        return false;
    if (!needs_places())
        return true;
    return place != nullptr && is_one_of(regions, place->region) && is_one_of(cities, place->city);
}

std::string to_text(Scope const& scope)
{
    PullFilter filter;
    static_cast<Scope&>(filter) = scope;
    return to_query(filter);
}

Result<Scope> scope_from_text(std::string_view text)
{
    PullFilter filter;
    while (auto const parameter = take_parameter(text)) {
        auto const value = percent_decoded(parameter->value);
        auto const taken
            = value ? take_filter_parameter(filter, parameter->name, *value) : Result<bool>(false);
        if (!taken || !*taken)
            return fail(Errc::Corrupt, "a token's limits are not what was written");
    }
    Scope scope = filter;
    static_cast<Scope&>(filter) = {};
    if (!filter.is_empty())
        return fail(Errc::Corrupt, "a token's limits hold more than stores, regions and cities");
    return scope;
}

}

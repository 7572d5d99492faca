#pragma once

#include "platform/base/result.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// Where a store is, as the hub's table of stores says.
struct StorePlace {
    std::string region;
    std::string city;
};

/// By the store's id.
using StorePlaces = std::map<std::string, StorePlace, std::less<>>;

/// Whether nothing is named, or `value` is.
bool is_one_of(std::vector<std::string> const& names, std::string_view value);

/// Some of the chain's stores: those that fulfil every kind of which something is named; of several
/// values of one kind any will do. Names are compared byte by byte. Pure.
struct Scope {
    std::vector<std::string> stores; ///< ids; empty: all, here and below
    std::vector<std::string> regions;
    std::vector<std::string> cities;

    bool is_everything() const { return *this == Scope(); }
    bool needs_places() const { return !regions.empty() || !cities.empty(); }
    /// `place`: null for a store that no table has, which is in no region and no city.
    bool allows(std::string_view store, StorePlace const* place) const;
    friend bool operator==(Scope const&, Scope const&) = default;
};

/// As a pull's parameters say it: `store=a&region=%E5%8D%8E…`; empty for everything. The same for all
/// that allow the same.
std::string to_text(Scope const& scope);
/// Errors: Corrupt: what is not understood must not be taken for more than it says.
Result<Scope> scope_from_text(std::string_view text);

}

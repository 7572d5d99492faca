#pragma once

#include "sync/hub/pull_filter.h"
#include "sync/hub/storage.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

namespace listenpost::sync {

/// A PullFilter at work on the rows of a page, as the storage hands them over.
/// Threads: one at a time.
class RowFilter {
public:
    /// Both must outlive it. `places` is asked only where a region or a city is.
    RowFilter(PullFilter const& filter, StorePlaces const& places);
    ~RowFilter();

    /// Whether the reader wants it. A row of a store that `places` does not have has no region and no
    /// city; see unknown_stores(). Errors: Corrupt (its JSON cannot be read, as no row in the log).
    Result<bool> wants(LogRow const& row);

    /// Stores that were asked for their place and not known: too young for `places`, perhaps.
    std::set<std::string> const& unknown_stores() const { return unknown_stores_; }

private:
    struct Reader; // simdjson's
    bool wants_store(std::string_view store);

    PullFilter const& filter_;
    StorePlaces const& places_;
    std::set<std::string> unknown_stores_;
    std::unique_ptr<Reader> reader_;
};

}

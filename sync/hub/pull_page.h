#pragma once

#include "sync/hub/api_types.h"
#include "sync/hub/router.h"
#include "sync/hub/row_filter.h"
#include "sync/wire/compression.h"

#include <set>
#include <string>

namespace listenpost::sync {

enum class PageFormat { Ndjson, Csv };

/// What a reader asks for, in full.
struct PageRequest {
    Cursor from;
    std::size_t max_rows = 0; ///< read from the log; a filter leaves fewer
    PullFilter filter;
    PageFormat format = PageFormat::Ndjson;
    Encoding encoding = Encoding::Identity;
};

struct PageOutcome {
    ApiReply reply;
    /// Stores whose place the filter needed and `places` did not have. The page is right only if
    /// the hub has no such stores: a row of one that was added a moment ago is left out else.
    std::set<std::string> unknown_stores;
};

/// Reads a page of the log and writes it out as the reader wants it, with its headers.
/// Blocks for as long as the storage does.
PageOutcome read_page_reply(
    StorageReader& pages, PageRequest const& request, StorePlaces const& places, Compressor& compressor);

}

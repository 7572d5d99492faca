#pragma once

#include "sync/hub/api_types.h"
#include "sync/hub/router.h"
#include "sync/hub/storage.h"
#include "sync/wire/compression.h"

namespace listenpost::sync {

enum class PageFormat { Ndjson, Csv };

/// What a reader asks for, in full.
struct PageRequest {
    Cursor from;
    std::size_t max_rows = 0; ///< read from the log; a filter leaves fewer
    PullFilter filter; ///< within the reader's part
    PageFormat format = PageFormat::Ndjson;
    Encoding encoding = Encoding::Identity;
};

/// Reads a page of the log and writes it out as the reader wants it, with its headers.
/// Blocks for as long as the storage does.
ApiReply read_page_reply(StorageReader& pages, PageRequest const& request, Compressor& compressor);

}

#include "sync/hub/pull_page.h"

#include "sync/hub/csv.h"
#include "sync/hub/row_filter.h"
#include "sync/hub/row_format.h"
#include "sync/hub/storage_trouble.h"

#include <set>

namespace listenpost::sync {
namespace {

/// Below this, packing saves less than the header that tells of it costs.
constexpr std::size_t min_packed_bytes = 512;

void append_row(std::string& out, LogRow const& row, PageFormat format)
{
    if (format == PageFormat::Ndjson) {
        append_ndjson(out, row);
        return;
    }
    if (out.empty())
        out = csv_header();
    append_csv(out, row);
}

Result<> pack(ApiReply& reply, Encoding encoding, Compressor& compressor)
{
    if (encoding == Encoding::Identity || reply.body.size() < min_packed_bytes)
        return {};
    std::string packed;
    LISTENPOST_TRY(compressor.compress(encoding, reply.body, packed));
    reply.body = std::move(packed);
    reply.headers.emplace_back("Content-Encoding", name(encoding));
    return {};
}

/// A page as it is read, and whether it is right.
struct PageOutcome {
    ApiReply reply;
    /// Stores whose place the filter needed and `places` did not have: a row of one that was added a moment
    /// ago was left out.
    std::set<std::string> unknown_stores;
};

PageOutcome read_page(
    StorageReader& pages, PageRequest const& request, StorePlaces const& places, Compressor& compressor)
{
    PageOutcome outcome;
    auto& reply = outcome.reply;
    reply.content_type
        = request.format == PageFormat::Csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
    RowFilter filter(request.filter, places);
    PageLimits const limits {request.max_rows};
    std::size_t rows = 0;
    std::size_t bytes = 0;
    Result<> readable;
    auto const next = pages.read_page(request.from, limits, [&](LogRow const& row) {
        ++rows;
        bytes += row.raw_json.size();
        auto const wanted = filter.wants(row);
        if (!wanted && readable)
            readable = fail(wanted.error());
        if (wanted && *wanted)
            append_row(reply.body, row, request.format);
    });
    if (!next && next.error().code == Errc::Invalid)
        return {error_reply(409, "cursor_foreign", next.error().detail), {}};
    if (!next)
        return {storage_trouble(next.error()), {}};
    if (readable)
        readable = pack(reply, request.encoding, compressor);
    if (!readable)
        return {storage_trouble(readable.error()), {}};
    reply.headers.emplace_back("ListenPost-Cursor", to_text(*next));
    // As read_page() ends a page: what it did not fill has come to the log's end.
    bool const is_full = rows >= limits.max_rows || bytes >= limits.max_bytes;
    reply.headers.emplace_back("ListenPost-Log-End", is_full ? "false" : "true");
    outcome.unknown_stores = filter.unknown_stores();
    return outcome;
}

}

ApiReply read_page_reply(StorageReader& pages, PageRequest const& request, Compressor& compressor)
{
    if (!request.filter.asks_for_places())
        return read_page(pages, request, {}, compressor).reply;
    auto places = pages.places();
    for (;;) {
        if (!places)
            return storage_trouble(places.error());
        auto outcome = read_page(pages, request, **places, compressor);
        if (outcome.unknown_stores.empty())
            return std::move(outcome.reply);
        auto newer = pages.places();
        // Stores that are in no table are in no region: that is all there is to know of them.
        if (newer && *newer == *places)
            return std::move(outcome.reply);
        places = std::move(newer);
    }
}

}

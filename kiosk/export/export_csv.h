#pragma once

#include "kiosk/export/response_table.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// What is to be taken along.
struct ExportRequest {
    WallTime from {}; ///< first taps from here …
    WallTime to {}; ///< … to before here
    std::string zone; ///< the store's, an IANA name; empty: the machine's
    std::string store_id; ///< for the file's name; may be empty
    std::shared_ptr<Survey const> survey; ///< never null
    std::string language; ///< of the survey's words
    TableWords words;
    Stamp now;
};

struct ExportReport {
    std::string file; ///< its name, without the folder
    std::int64_t responses = 0;
    /// Of these: by a clock that nobody has confirmed (place_on_box()).
    std::int64_t provisional = 0;
    /// Whose moment the box does not know, or that would lie in the future: in no period, and left out.
    std::int64_t unplaced = 0;
};

/// listenpost-STORE-KIND2026… .ending: by the store's dates of a time, of letters that every stick's file
/// system takes. Errors: Invalid (no such zone).
Result<std::string> export_name(
    ExportRequest const& request, std::string_view kind, WallTime from, WallTime to, std::string_view ending);

/// Writes one line for each response of the period into a new file of `folder`, listenpost-STORE-FROM-TO.csv
/// by the store's dates, over one that is there already: whole and durable when it returns, or not at all.
/// Reads all of store.db: 2 to 3 s with 1,000,000 responses, so never on the screen's thread. Now and then
/// `is_cancelled` is asked and `on_rows` told how many of the box's rows were read; `on_written` comes before
/// what was written is made durable; all may be empty. Errors: Invalid (no such zone, a store.db of another
/// format), NotFound (no folder, no store.db), Full (no room), Corrupt (store.db), Cancelled, Busy, Io.
Result<ExportReport> export_csv(std::filesystem::path const& store, ExportRequest const& request,
    std::filesystem::path const& folder, std::function<bool()> const& is_cancelled = {},
    std::function<void(std::int64_t done, std::int64_t of)> const& on_rows = {},
    std::function<void()> const& on_written = {});

}

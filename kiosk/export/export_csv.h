#pragma once

#include "kiosk/export/response_table.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "platform/os/removable_drives.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

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

/// Writes one line for each response of the period into a new file of `folder`, listenpost-STORE-FROM-TO.csv
/// by the store's dates, over one that is there already: whole and durable when it returns, or not at all.
/// Reads all of store.db: 2 to 3 s with 1,000,000 responses, so never on the screen's thread. `is_cancelled`
/// is asked now and then; may be empty. Errors: Invalid (no such zone, a store.db of another format),
/// NotFound (no folder, no store.db), Full (no room), Corrupt (store.db), Cancelled, Busy, Io.
Result<ExportReport> export_csv(std::filesystem::path const& store, ExportRequest const& request,
    std::filesystem::path const& folder, std::function<bool()> const& is_cancelled = {});

/// What came of it, as a code that a sentence can be written for.
enum class ExportOutcome {
    Done,
    NoDrive, ///< put a stick in
    DriveReadOnly, ///< it cannot be written: a switch on it, or a fault that the system has met
    DriveFull,
    DrivePulledOut, ///< before all was on it: there is nothing on it, or nothing new
    StoreUnreadable, ///< store.db: the log says more
    Cancelled,
    Failed, ///< anything else: the log says more
};

/// For strings and scripts: done, no_drive, drive_read_only, …
char const* name(ExportOutcome outcome);

/// What an error of export_csv() means for who put the stick in. It was pulled out where it is no longer
/// mounted, or where its device no longer answers.
ExportOutcome outcome_of(Error const& error, RemovableDrive const& drive);

struct ExportResult {
    ExportOutcome outcome = ExportOutcome::Failed;
    std::string drive; ///< its name; empty: none
    ExportReport report; ///< where it is done
};

/// export_csv() to the drive that was put in last. Failures stand in the log too.
ExportResult export_to_drive(std::filesystem::path const& store, ExportRequest const& request,
    std::function<bool()> const& is_cancelled = {}, MountSources const& sources = {});

}

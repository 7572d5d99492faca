#pragma once

#include "kiosk/export/export_csv.h"
#include "platform/os/removable_drives.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// What came of it, as a code that a sentence can be written for.
enum class ExportOutcome {
    Done, ///< and the stick may be pulled out
    NoDrive, ///< put a stick in
    ChooseDrive, ///< there are several, or the chosen one is no longer there: see ExportResult::drives
    DriveReadOnly, ///< it cannot be written: a switch on it, or a fault that the system has met
    DriveFull,
    DrivePulledOut, ///< before all was on it
    StoreUnreadable, ///< store.db: the log says more
    Cancelled,
    Failed, ///< anything else: the log says more
};

/// For strings and scripts: done, no_drive, choose_drive, …
char const* name(ExportOutcome outcome);

/// What an error of export_csv() means for who put the stick in. It was pulled out where it is no longer
/// mounted, or where its device no longer answers.
ExportOutcome outcome_of(Error const& error, RemovableDrive const& drive);

/// A stick to choose.
struct ExportDrive {
    std::string name;
    std::string place; ///< for ExportOrder::drive; opaque, see identity_of()
    std::optional<DriveRoom> room; ///< nothing: it does not say
    bool is_read_only = false;
    friend bool operator==(ExportDrive const&, ExportDrive const&) = default;
};

struct ExportResult {
    ExportOutcome outcome = ExportOutcome::Failed;
    std::string drive {}; ///< its name; empty: none
    ExportReport report {}; ///< where it is done
    bool has_week = false; ///< the page is on it too
    std::vector<ExportDrive> drives {}; ///< to choose from, in the order in which they were put in
    bool is_exchanged
        = false; ///< with ChooseDrive: what was chosen is no longer there, or another is in its place
};

/// The week as a PNG; see week_picture(). Asks `is_cancelled` now and then.
using DrawWeek = std::function<Result<std::string>(std::function<bool()> const& is_cancelled)>;

struct ExportOrder {
    ExportRequest request;
    std::string drive {}; ///< ExportDrive::place; empty: the only one that is in
    DrawWeek draw_week {}; ///< empty: the table alone
    WallTime week_from {}; ///< for the page's name: its first day begins here
};

/// How far it is.
struct ExportProgress {
    enum class Phase {
        Looking, ///< for a stick
        Drawing, ///< the week
        Writing, ///< the table: `percent` of the rows on the box
        Finishing, ///< all is written; the stick is not yet done with it
    };
    Phase phase = Phase::Looking;
    int percent = 0;
    friend bool operator==(ExportProgress const&, ExportProgress const&) = default;
};

struct ExportWatch {
    std::function<bool()> is_cancelled {}; ///< asked now and then; may be empty
    std::function<void(ExportProgress const&)> on_progress {}; ///< where something has changed; may be empty
};

/// Puts export_csv()'s table, and the week as listenpost-STORE-week-FROM-TO.png and .pdf, on a stick. Each
/// file is there whole or not at all; with Done they are all on the stick's own memory, which nobody has to
/// unmount. A week that cannot be drawn keeps no table back. Failures stand in the log too.
ExportResult export_to_drive(std::filesystem::path const& store, ExportOrder const& order,
    ExportWatch const& watch = {}, MountSources const& sources = {});

}

#pragma once

#include "kiosk/store/response_store.h"
#include "platform/base/clock.h"
#include "platform/os/files.h"

#include <filesystem>
#include <optional>

namespace listenpost::kiosk {

/// Opens store.db in whatever state the box's folder is: makes the folder, holds its lock,
/// finishes a salvage that a crash cut short, checks the file and its WAL, and salvages a damaged
/// one. What it cannot mend (no room, no rights, a disk that is read-only or gone) may pass:
/// ask again.
/// The whole file is checked once in the life of an opener, and also after a clean shutdown: bytes rot
/// while nobody looks, and the customers do not wait for it.
/// Threads: one at a time; on the box that is StoreThread's. `clock` must outlive it.
class StoreOpener {
public:
    /// `lock`: of the folder, if the caller has got it; else open() takes it.
    StoreOpener(std::filesystem::path data, std::optional<FileLock> lock, Clock const& clock);

    /// Called again after it has opened one, it takes that for damaged, whatever a check would say:
    /// a read or write has met it. Its files must be closed, see
    /// ResponseStore::leave_files_as_they_are(). The draft is kept then: a customer may be in front
    /// of the screen. The first time it is an earlier run's, and closed.
    /// Errors: Busy (another kiosk has the folder), Invalid (written by a newer version), Full, Io.
    Result<ResponseStore> open();

private:
    Result<> prepare();
    Result<ResponseStore> open_as_it_is();

    std::filesystem::path data_;
    std::filesystem::path store_;
    std::optional<FileLock> lock_;
    Clock const* clock_;
    bool is_checked_ = false;
    bool has_opened_ = false;
    LeftDraft left_ = LeftDraft::Close;
};

}

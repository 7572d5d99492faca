#pragma once

#include "kiosk/export/export_drive.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace listenpost::kiosk {

/// Writes exports on a thread of its own, one at a time: a slow stick keeps no screen waiting.
/// Threads: all calls from the screen's; `wake` is called from the export's own.
class ExportThread {
public:
    /// `store`: store.db. `wake`: there is a result, or it is further; must be callable from any thread.
    ExportThread(std::filesystem::path store, std::function<void()> wake, MountSources sources = {})
        : store_(std::move(store))
        , wake_(std::move(wake))
        , sources_(std::move(sources))
    {
    }
    /// Gives up what is under way, and waits until the drive lets go of it.
    ~ExportThread();
    ExportThread(ExportThread const&) = delete;
    ExportThread& operator=(ExportThread const&) = delete;

    /// Forgets the last result. False: one is under way.
    bool start(ExportOrder order);
    void cancel() { is_cancelled_ = true; }
    bool is_running() const;
    /// Of the one that is under way.
    ExportProgress progress() const;
    /// Of the last one; nothing: none has ended yet.
    std::optional<ExportResult> result() const;
    /// There is no result to show any more.
    void forget();

private:
    void tell(ExportProgress const& progress);

    std::filesystem::path store_;
    std::function<void()> wake_;
    MountSources sources_;
    std::atomic<bool> is_cancelled_ = false;
    mutable std::mutex mutex_;
    bool is_running_ = false;
    ExportProgress progress_;
    std::optional<ExportResult> result_;
    std::thread thread_;
};

}

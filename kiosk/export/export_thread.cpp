#include "kiosk/export/export_thread.h"

#include "platform/base/log.h"

#include <system_error>
#include <utility>

namespace listenpost::kiosk {

ExportThread::~ExportThread()
{
    cancel();
    if (thread_.joinable())
        thread_.join();
}

bool ExportThread::start(ExportOrder order)
{
    {
        std::lock_guard const lock(mutex_);
        if (is_running_)
            return false;
        is_running_ = true;
        progress_ = {};
        result_.reset();
    }
    if (thread_.joinable())
        thread_.join(); // it has told its result already
    is_cancelled_ = false;
    auto work = [this, order = std::move(order)] {
        ExportWatch const watch {[this] { return is_cancelled_.load(); },
            [this](ExportProgress const& progress) { tell(progress); }};
        auto result = export_to_drive(store_, order, watch, sources_);
        {
            std::lock_guard const lock(mutex_);
            result_ = std::move(result);
            is_running_ = false;
        }
        wake_();
    };
    try {
        thread_ = std::thread(std::move(work));
    } catch (std::system_error const& error) {
        log(LogLevel::Error, "export_failed", {{"code", "no_thread"}, {"detail", error.what()}});
        std::lock_guard const lock(mutex_);
        result_ = ExportResult {};
        is_running_ = false;
    }
    return true;
}

void ExportThread::tell(ExportProgress const& progress)
{
    {
        std::lock_guard const lock(mutex_);
        progress_ = progress;
    }
    wake_();
}

ExportProgress ExportThread::progress() const
{
    std::lock_guard const lock(mutex_);
    return progress_;
}

void ExportThread::forget()
{
    std::lock_guard const lock(mutex_);
    result_.reset();
}

bool ExportThread::is_running() const
{
    std::lock_guard const lock(mutex_);
    return is_running_;
}

std::optional<ExportResult> ExportThread::result() const
{
    std::lock_guard const lock(mutex_);
    return result_;
}

}

#pragma once

#include "sync/agent/data_folder.h"
#include "sync/agent/enrolment.h"
#include "sync/agent/quarantine.h"
#include "sync/agent/retry_policy.h"

#include <chrono>
#include <cstdint>

/// The commands of listenpost-sync. Each returns the program's exit code: 0 done,
/// 1 failed (and stderr says why).
namespace listenpost::sync {

struct RunOptions {
    std::int64_t max_upload_bytes_per_second = 0; ///< 0: no limit
    std::chrono::milliseconds start_spread = usual_start_spread; ///< see start_window()
};

/// Delivers for as long as it lives: at once when the kiosk has written something or
/// the network changed, and otherwise when a pause ends. A disk that takes nothing is waited for.
/// Ends at SIGTERM or SIGINT.
int run_command(DataFolder const& folder, RunOptions const& options);

/// Delivers all there is and ends. 1: something still waits.
int once_command(DataFolder const& folder);

enum class StatusFormat { Text, Json };
int status_command(DataFolder const& folder, StatusFormat format);

/// All that is in quarantine, oldest first.
int quarantine_list_command(DataFolder const& folder, StatusFormat format);
/// Has quarantined responses sent again: by the agent that runs, at once, or by the next one.
int quarantine_retry_command(DataFolder const& folder, RetryRequest const& request, StatusFormat format);

int enrol_command(DataFolder const& folder, EnrolRequest request);

}

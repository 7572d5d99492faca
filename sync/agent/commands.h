#pragma once

#include "sync/agent/data_folder.h"
#include "sync/agent/enrolment.h"
#include "sync/agent/quarantine.h"
#include "sync/agent/retry_policy.h"

#include <chrono>
#include <cstdint>

/// The commands of listenpost-sync. Each returns the program's exit code: 0 done,
/// 1 failed (and stderr says why). Those that write and are given by root for a folder of another user
/// (once, enrol, retry) go on as that user, whose agent is to use what they leave there.
namespace listenpost::sync {

struct RunOptions {
    std::int64_t max_upload_bytes_per_second = 0; ///< 0: no limit
    std::chrono::milliseconds start_spread = usual_start_spread; ///< see start_window()
};

/// Delivers for as long as it lives: at once when the kiosk has written something or
/// the network changed, and otherwise when a pause ends. A disk that takes nothing is waited for.
/// Ends at SIGTERM or SIGINT; and with 1 when delivery.db turns out to be damaged, so that its supervisor
/// starts it anew: the start mends the file. Mending it here would leave a connection to the old file,
/// whose closing removes the WAL of that name, the new file's.
int run_command(DataFolder const& folder, RunOptions const& options);

/// Delivers all there is and ends. 1: something still waits.
int once_command(DataFolder const& folder);

enum class StatusFormat { Text, Json };
int status_command(DataFolder const& folder, StatusFormat format);

/// All that is in quarantine, oldest first.
int quarantine_list_command(DataFolder const& folder, StatusFormat format);
/// Has quarantined responses sent again: by the agent that runs, at once, or by the next one. 1 too where
/// the agent that runs has not taken it over within 5 s.
int quarantine_retry_command(DataFolder const& folder, RetryRequest const& request, StatusFormat format);

/// 1 too where the agent that runs has not taken the enrolment over within 5 s; it stands in the folder then.
int enrol_command(DataFolder const& folder, EnrolRequest request);

}

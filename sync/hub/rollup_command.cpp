#include "platform/os/files.h"
#include "sync/hub/audit.h"
#include "sync/hub/commands.h"
#include "sync/hub/data_folder.h"
#include "sync/hub/engine.h"
#include "sync/hub/postgres_rollups.h"
#include "sync/hub/sqlite_rollups.h"

#include <cstdio>

namespace listenpost::sync {
namespace {

int complain_of(Error const& error)
{
    return complain(error.code == Errc::Invalid ? exit_bad_use : exit_failed, error.detail);
}

int tell_damaged(RollupScan const& scan)
{
    if (scan.damaged == 0)
        return exit_done;
    return complain(exit_failed,
        std::to_string(scan.damaged)
            + " responses are not what was written, and in no figure: the log says which");
}

int tell_check(Result<RollupScan> const& scan)
{
    if (!scan)
        return complain_of(scan.error());
    std::printf("%lld responses, %lld rollups: %lld differ\n", static_cast<long long>(scan->responses),
        static_cast<long long>(scan->rollups), static_cast<long long>(scan->different));
    for (auto const& example : scan->examples)
        std::printf("  %s\n", example.c_str());
    if (scan->different > 0)
        return complain(
            exit_failed, "the rollups are not what the responses add up to: `rollup rebuild` mends it");
    return tell_damaged(*scan);
}

int tell_rebuild(Result<RollupScan> const& scan)
{
    if (!scan)
        return complain_of(scan.error());
    std::printf("%lld responses counted anew, %lld rollups\n", static_cast<long long>(scan->responses),
        static_cast<long long>(scan->rollups));
    return tell_damaged(*scan);
}

}

int run_rollup(RollupOptions const& options)
{
    bool const is_check = options.action == RollupAction::Check;
    if (options.postgres)
        return is_check ? tell_check(check_rollups(*options.postgres))
                        : tell_rebuild(rebuild_rollups(*options.postgres, act_of_this_user()));
    DataFolder const data {options.data};
    if (auto const engine = check_engine(data, Engine::Sqlite); !engine)
        return complain_of(engine.error());
    if (is_check)
        return tell_check(check_rollups(data.database()));
    auto const lock = FileLock::try_acquire(data.lock());
    if (!lock)
        return complain(exit_failed,
            lock.error().code == Errc::Busy ? "a hub serves " + data.root.string() + ": stop it first"
                                            : lock.error().detail);
    return tell_rebuild(rebuild_rollups(data.database(), act_of_this_user()));
}

}

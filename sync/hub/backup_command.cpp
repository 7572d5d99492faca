#include "platform/os/files.h"
#include "sync/hub/audit.h"
#include "sync/hub/commands.h"
#include "sync/hub/data_folder.h"
#include "sync/hub/engine.h"
#include "sync/hub/sqlite_backup.h"

#include <cstdio>

namespace listenpost::sync {
namespace {

int tell(char const* what, Result<BackupContent> const& content)
{
    if (!content)
        return complain(
            content.error().code == Errc::Invalid ? exit_bad_use : exit_failed, content.error().detail);
    std::printf("%s: %lld responses, %lld stores, %lld boxes\n", what,
        static_cast<long long>(content->responses), static_cast<long long>(content->stores),
        static_cast<long long>(content->devices));
    return exit_done;
}

}

int run_backup(BackupOptions const& options)
{
    DataFolder const data {options.data};
    if (auto const engine = check_engine(data, Engine::Sqlite); !engine)
        return complain(
            exit_bad_use, engine.error().detail + "; PostgreSQL has backups of its own, see POSTGRES.md");
    return tell("backed up and checked", back_up(data.database(), options.file));
}

int run_restore(BackupOptions const& options)
{
    DataFolder const data {options.data};
    if (auto const made = make_private_folder(data.root); !made)
        return complain(exit_failed, made.error().detail);
    if (auto const engine = check_engine(data, Engine::Sqlite); !engine)
        return complain(exit_bad_use, engine.error().detail);
    auto const lock = FileLock::try_acquire(data.lock());
    if (!lock)
        return complain(exit_failed,
            lock.error().code == Errc::Busy ? "a hub serves " + data.root.string() + ": stop it first"
                                            : lock.error().detail);
    int const code = tell("restored and checked", restore(options.file, data.database(), act_of_this_user()));
    if (code == exit_done)
        std::puts(
            "HQ's pulls begin anew (409 cursor_foreign tells them): drop by (install, seq) what is there "
            "already.\nWhat boxes were acknowledged after the backup is not in it.");
    return code;
}

}

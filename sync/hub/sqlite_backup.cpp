#include "sync/hub/sqlite_backup.h"

#include "platform/os/files.h"
#include "platform/sqlite/database.h"
#include "platform/sqlite/file_check.h"
#include "sync/hub/audit.h"
#include "sync/hub/schema.h"
#include "sync/hub/sqlite_audit.h"

#include <array>
#include <functional>
#include <string>

namespace listenpost::sync {
namespace {

using sqlite::Database;
using sqlite::OpenMode;

constexpr std::array parts {"", "-wal", "-shm"};

Result<> refuse_existing(std::filesystem::path const& path, std::string const& advice)
{
    std::error_code ignored;
    for (auto const* part : parts)
        if (std::filesystem::exists(path.string() + part, ignored))
            return fail(Errc::Invalid, path.string() + part + " is there already: " + advice);
    return {};
}

void remove_parts(std::filesystem::path const& path)
{
    std::error_code ignored;
    for (auto const* part : parts)
        std::filesystem::remove(path.string() + part, ignored);
}

/// Everything in `from` at one moment, into a new file.
Result<> copy_into(std::filesystem::path const& from, std::filesystem::path const& to)
{
    auto source = Database::open(from, OpenMode::Reader);
    if (!source)
        return fail(std::move(source).error());
    auto copy = source->prepare("VACUUM INTO ?");
    if (!copy)
        return fail(std::move(copy).error());
    return copy->bind(1, to.string()).run();
}

Result<std::int64_t> count(Database& database, std::string const& what)
{
    return database.query_integer("SELECT count(*) FROM " + what);
}

/// Reads all of it.
Result<BackupContent> check(Database& database)
{
    LISTENPOST_TRY(sqlite::quick_check(database));
    auto const damaged = count(database, "log WHERE row_check IS NOT " LISTENPOST_LOG_CHECK);
    auto const strange = count(database, "installs WHERE row_check IS NOT " LISTENPOST_INSTALL_CHECK);
    auto const given = database.query_integer("SELECT sum(next_off) FROM partitions");
    auto const responses = count(database, "log");
    auto const stores = count(database, "stores");
    auto const devices = count(database, "devices");
    for (auto const* each : {&damaged, &strange, &given, &responses, &stores, &devices})
        if (!*each)
            return fail(each->error());
    if (*damaged > 0)
        return fail(Errc::Corrupt, std::to_string(*damaged) + " responses are not what was written");
    if (*strange > 0)
        return fail(Errc::Corrupt, std::to_string(*strange) + " installs are not what was written");
    if (*given != *responses)
        return fail(Errc::Corrupt,
            std::to_string(*given) + " responses were given a place, and " + std::to_string(*responses)
                + " are there");
    return BackupContent {*responses, *stores, *devices};
}

/// Copies `from` to `partial`, changes that and reads it; whole, closed and on the disk when it returns.
Result<BackupContent> make(std::filesystem::path const& from, std::filesystem::path const& partial,
    std::function<Result<>(Database&)> const& change)
{
    LISTENPOST_TRY(copy_into(from, partial));
    {
        auto database = Database::open(partial, OpenMode::Writer);
        if (!database)
            return fail(std::move(database).error());
        LISTENPOST_TRY(migrate(*database)); // an older hub's; a newer one's is refused
        LISTENPOST_TRY(change(*database));
        auto const content = check(*database);
        if (!content)
            return content;
        LISTENPOST_TRY(
            database->execute("PRAGMA journal_mode = DELETE")); // one file, also for who looks into it
        return *content;
    }
}

Result<BackupContent> put_in_place(
    Result<BackupContent> content, std::filesystem::path const& partial, std::filesystem::path const& path)
{
    auto const placed = [&]() -> Result<> {
        if (!content)
            return fail(content.error());
        LISTENPOST_TRY(sync_file(partial));
        return rename_durably(partial, path);
    }();
    if (!placed) {
        remove_parts(partial);
        return fail(placed.error());
    }
    return content;
}

std::filesystem::path partial_of(std::filesystem::path const& path) { return path.string() + ".partial"; }

Result<> leave_as_it_is(Database&) { return {}; }

}

Result<BackupContent> back_up(std::filesystem::path const& database, std::filesystem::path const& backup)
{
    LISTENPOST_TRY(refuse_existing(backup, "give another name, or remove it"));
    auto const partial = partial_of(backup);
    remove_parts(partial); // of one that was broken off
    return put_in_place(make(database, partial, leave_as_it_is), partial, backup);
}

Result<BackupContent> restore(
    std::filesystem::path const& backup, std::filesystem::path const& database, Act const& act)
{
    LISTENPOST_TRY(refuse_existing(database, "move it away first, it may hold what the backup does not"));
    auto const partial = partial_of(database);
    remove_parts(partial);
    auto const change = [&act](Database& copy) -> Result<> {
        LISTENPOST_TRY(renew_identity(copy));
        return write_audit(copy, restore_line(act));
    };
    return put_in_place(make(backup, partial, change), partial, database);
}

}

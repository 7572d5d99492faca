#include "platform/sqlite/file_check.h"

#include "platform/sqlite/raw_file.h"

#include <string>

namespace listenpost::sqlite {

Result<> check_wal(std::filesystem::path const& path)
{
    auto const file = RawFile::open(path);
    if (!file)
        return fail(file.error());
    if (file->wal_is_damaged())
        return fail(Errc::Corrupt, "the WAL is damaged before its end");
    // SQLite takes such a WAL for a leftover, and removes it.
    if (file->has_wal_frames() && file->main_bytes() == 0)
        return fail(Errc::Corrupt, path.filename().string() + " is empty, its WAL is not");
    return {};
}

Result<> quick_check(Database& database)
{
    auto quick = database.prepare("PRAGMA quick_check(1)");
    if (!quick)
        return fail(quick.error());
    auto const row = quick->step();
    if (!row)
        return fail(row.error());
    std::string const verdict(*row ? quick->text(0) : "no answer");
    if (verdict != "ok")
        return fail(Errc::Corrupt, "quick_check: " + verdict);
    return {};
}

}

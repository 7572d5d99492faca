#include "kiosk/store/store_check.h"

#include "kiosk/store/schema.h"
#include "platform/sqlite/raw_file.h"

#include <string>

namespace listenpost::kiosk {
namespace {

constexpr int first_format_with_row_check = 3;

}

Result<> check_wal(std::filesystem::path const& store)
{
    auto const file = sqlite::RawFile::open(store);
    if (!file)
        return fail(file.error());
    if (file->wal_is_damaged())
        return fail(Errc::Corrupt, "the WAL is damaged before its end");
    // SQLite takes such a WAL for a leftover, and removes it.
    if (file->has_wal_frames() && file->main_bytes() == 0)
        return fail(Errc::Corrupt, "store.db is empty, its WAL is not");
    return {};
}

Result<> check_store(sqlite::Database& database)
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
    quick->reset();

    auto const format = database.query_integer("PRAGMA user_version");
    if (!format)
        return fail(format.error());
    if (*format < first_format_with_row_check || *format > store_schema_version)
        return {};
    auto const wrong = database.query_integer(
        "SELECT count(*) FROM response WHERE row_check IS NOT " LISTENPOST_RESPONSE_CHECK);
    if (!wrong)
        return fail(wrong.error());
    if (*wrong > 0)
        return fail(Errc::Corrupt, std::to_string(*wrong) + " responses are not what was written");
    return {};
}

}

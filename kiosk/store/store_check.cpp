#include "kiosk/store/store_check.h"

#include "kiosk/store/schema.h"
#include "platform/sqlite/file_check.h"

#include <string>

namespace listenpost::kiosk {
namespace {

constexpr int first_format_with_row_check = 3;

}

Result<> check_store(sqlite::Database& database)
{
    LISTENPOST_TRY(sqlite::quick_check(database));
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

#include "kiosk/store/store_check.h"

#include "kiosk/store/schema.h"
#include "platform/sqlite/file_check.h"

#include <string>

namespace listenpost::kiosk {
namespace {

constexpr int first_format_with_row_check = 3;
constexpr int first_format_with_identity_check = 4;
constexpr int first_format_with_events = 5;
constexpr int first_format_with_erasures = 6;

char const* count_wrong_rows(std::int64_t format)
{
    if (format < first_format_with_events)
        return "SELECT count(*) FROM response WHERE row_check IS NOT " LISTENPOST_RESPONSE_CHECK;
    if (format < first_format_with_erasures)
        return "SELECT count(*) FROM response WHERE row_check IS NOT " LISTENPOST_ROW_CHECK_OF_5("seq");
    return "SELECT count(*) FROM response WHERE row_check IS NOT " LISTENPOST_ROW_CHECK;
}

/// A byte of the schema's text may be another too: then a statement fails only when it is needed.
Result<> check_columns(sqlite::Database& database)
{
    for (auto const* columns : {"SELECT first_seq, install, made_for FROM identity",
             "SELECT one, opened_ms, steady_ms, touched_steady_ms, clock_set, boot, survey, survey_version, "
             "touchpoint, lang, outcome, answers, comment, flags FROM draft",
             "SELECT seq, " LISTENPOST_RESPONSE_COLUMNS ", row_check FROM response",
             "SELECT one, up_to FROM removed", "SELECT seq FROM last_given",
             "SELECT boot, steady_ms, wall_ms FROM boot_clock",
             "SELECT number, wall_ms, boot, steady_ms, last_seq FROM lived_day",
             "SELECT one, bytes FROM filler",
             "SELECT number, at_ms, kept_as, reason, recovered, missing, undelivered FROM salvage"})
        if (auto const known = database.prepare(columns); !known)
            return fail(known.error());
    return {};
}

}

Result<> check_store(sqlite::Database& database)
{
    LISTENPOST_TRY(sqlite::quick_check(database));
    auto const format = database.query_integer("PRAGMA user_version");
    if (!format)
        return fail(format.error());
    if (*format < first_format_with_row_check || *format > store_schema_version)
        return {};
    LISTENPOST_TRY(check_columns(database));
    auto const wrong = database.query_integer(count_wrong_rows(*format));
    if (!wrong)
        return fail(wrong.error());
    if (*wrong > 0)
        return fail(Errc::Corrupt, std::to_string(*wrong) + " responses are not what was written");
    if (*format < first_format_with_identity_check)
        return {};
    auto const wrong_numbers = database.query_integer(
        "SELECT (SELECT count(*) FROM identity WHERE row_check IS NOT " LISTENPOST_IDENTITY_CHECK
        ") + (SELECT count(*) FROM removed WHERE row_check IS NOT " LISTENPOST_REMOVED_CHECK ")");
    if (!wrong_numbers)
        return fail(wrong_numbers.error());
    if (*wrong_numbers > 0)
        return fail(Errc::Corrupt, "whose the responses are, or which were removed, is not what was written");
    return {};
}

}

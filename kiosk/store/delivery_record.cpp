#include "kiosk/store/delivery_record.h"

#include "kiosk/store/delivery_marks.h"

#include <algorithm>
#include <functional>

namespace listenpost::kiosk {
namespace {

/// Of delivery.db: the agent brings an older one up to date when it starts.
constexpr std::int64_t known_format = 3;

}

Result<sqlite::Database> open_delivery(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(database.error());
    auto const format = database->query_integer("PRAGMA user_version");
    if (!format)
        return fail(format.error());
    if (*format == 0)
        return fail(Errc::NotFound, "the agent has not finished creating delivery.db");
    if (*format != known_format)
        return fail(Errc::Invalid, "delivery.db has format " + std::to_string(*format));
    LISTENPOST_TRY(check_delivery_marks(*database));
    return database;
}

/// One statement sees one state: the mark and what was set aside up to it move together.
Result<InstallDelivery> read_install_delivery(sqlite::Database& delivery, std::string const& install)
{
    auto query = delivery.prepare(
        "SELECT coalesce(max(mark), 0), coalesce(max(acknowledged), 0), "
        "(SELECT count(*) FROM quarantine WHERE install = ?1) FROM delivered WHERE install = ?1");
    if (!query)
        return fail(query.error());
    auto const row = query->bind(1, install).step();
    if (!row)
        return fail(row.error());
    return InstallDelivery {query->integer(0), query->integer(1), query->integer(2)};
}

Result<std::vector<RefusedRows>> read_refused(
    sqlite::Database& delivery, std::vector<Install> const& installs)
{
    auto query = delivery.prepare("SELECT code, count(*) FROM quarantine WHERE install = ? GROUP BY code");
    if (!query)
        return fail(query.error());
    std::vector<RefusedRows> refused;
    for (auto const& install : installs) {
        query->bind(1, install.id);
        for (;;) {
            auto const row = query->step();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            auto const known = std::ranges::find(refused, query->text(0), &RefusedRows::code);
            if (known == refused.end())
                refused.push_back({std::string(query->text(0)), query->integer(1)});
            else
                known->count += query->integer(1);
        }
    }
    std::ranges::stable_sort(refused, std::greater {}, &RefusedRows::count);
    return refused;
}

/// One statement, as above.
Result<InstallRecord> read_install_record(sqlite::Database& delivery, std::string const& install)
{
    auto query
        = delivery.prepare("SELECT coalesce(d.mark, 0), coalesce(d.acknowledged, 0), q.seq, q.code, q.detail "
                           "FROM (SELECT ?1 AS install) LEFT JOIN delivered AS d USING (install) "
                           "LEFT JOIN quarantine AS q ON q.install = ?1 ORDER BY q.seq");
    if (!query)
        return fail(query.error());
    query->bind(1, install);
    InstallRecord record;
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        record.delivery.mark = query->integer(0);
        record.delivery.acknowledged = query->integer(1);
        if (!query->is_null(2))
            record.refusals.push_back(
                {query->integer(2), std::string(query->text(3)), std::string(query->text(4))});
    }
    record.delivery.quarantined = static_cast<std::int64_t>(record.refusals.size());
    return record;
}

}

#include "sync/hub/sqlite_audit.h"

#include "platform/base/random_id.h"

namespace listenpost::sync {

Result<> write_audit(sqlite::Database& database, AuditLine const& line)
{
    auto insert = database.prepare(
        "INSERT INTO audit (at_ms, id, who, what, object, detail) VALUES (?, ?, ?, ?, ?, ?)");
    if (!insert)
        return fail(std::move(insert).error());
    std::string const id = random_hex(8);
    insert->bind(1, line.at_ms).bind(2, id).bind(3, line.who).bind(4, line.what);
    return insert->bind(5, line.object).bind(6, line.detail).run();
}

Result<std::vector<AuditLine>> read_audit(sqlite::Database& database, std::int64_t since_ms)
{
    auto select = database.prepare(
        "SELECT at_ms, who, what, object, detail FROM audit WHERE at_ms >= ? ORDER BY at_ms, id");
    if (!select)
        return fail(std::move(select).error());
    select->bind(1, since_ms);
    std::vector<AuditLine> lines;
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return lines;
        lines.push_back({select->integer(0), std::string(select->text(1)), std::string(select->text(2)),
            std::string(select->text(3)), std::string(select->text(4))});
    }
}

}

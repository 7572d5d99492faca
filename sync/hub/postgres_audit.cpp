#include "sync/hub/postgres_audit.h"

#include "platform/base/random_id.h"

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr Statement insert_audit {"insert_audit",
    "INSERT INTO audit (at_ms, id, who, what, object, detail) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Statement select_audit {"select_audit",
    "SELECT at_ms, who, what, object, detail FROM audit WHERE at_ms >= $1 ORDER BY at_ms, id"};

}

Result<> write_audit(PostgresSession& session, AuditLine const& line)
{
    return write_audit([&session](auto const& statement,
                           auto const& parameters) { return session.run(statement, parameters); },
        line);
}

Result<> write_audit(RunStatement const& run, AuditLine const& line)
{
    auto const written = run(insert_audit,
        Parameters()
            .add(line.at_ms)
            .add(random_hex(8))
            .add(line.who)
            .add(line.what)
            .add(line.object)
            .add(line.detail));
    return written ? Result<>() : Result<>(fail(written.error()));
}

Result<std::vector<AuditLine>> read_audit(PostgresSession& session, std::int64_t since_ms)
{
    auto const rows = session.query(select_audit, Parameters().add(since_ms));
    if (!rows)
        return fail(rows.error());
    std::vector<AuditLine> lines;
    for (std::size_t row = 0; row < rows->size(); ++row)
        lines.push_back(
            {rows->integer(row, 0), std::string(rows->text(row, 1)), std::string(rows->text(row, 2)),
                std::string(rows->text(row, 3)), std::string(rows->text(row, 4))});
    return lines;
}

}

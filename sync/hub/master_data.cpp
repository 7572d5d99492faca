#include "sync/hub/master_data.h"

#include "sync/hub/postgres_audit.h"
#include "sync/hub/sqlite_audit.h"

namespace listenpost::sync {
namespace {

using postgres::Parameters;
using postgres::Statement;

constexpr char const* all_stores = "SELECT store, name, region, city, timezone FROM stores ORDER BY store";
constexpr char const* all_surveys = "SELECT survey, version, raw FROM surveys ORDER BY survey";

constexpr Statement select_all_stores {"select_all_stores", all_stores};
constexpr Statement select_surveys {"select_surveys", all_surveys};
constexpr Statement upsert_survey {"upsert_survey",
    "INSERT INTO surveys (survey, version, added_ms, raw) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (survey) DO UPDATE SET version = excluded.version, added_ms = excluded.added_ms, "
    "raw = excluded.raw"};

AuditLine line_of(RegisteredSurvey const& survey, Act const& act)
{
    return {act.at_ms, act.who, "survey.add", survey.id, "version " + std::to_string(survey.version)};
}

/// `make` makes an entry of the row at which the statement stands.
template <typename Entry, typename Make>
Result<std::vector<Entry>> read_all(sqlite::Database& database, char const* sql, Make const& make)
{
    auto select = database.prepare(sql);
    if (!select)
        return fail(std::move(select).error());
    std::vector<Entry> entries;
    for (;;) {
        auto const row = select->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return entries;
        entries.push_back(make(*select));
    }
}

}

Result<std::vector<Store>> read_stores(sqlite::Database& database)
{
    return read_all<Store>(database, all_stores, [](sqlite::Statement const& row) {
        return Store {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
            std::string(row.text(3)), std::string(row.text(4))};
    });
}

Result<std::vector<Store>> read_stores(PostgresSession& session)
{
    auto const rows = session.query(select_all_stores);
    if (!rows)
        return fail(rows.error());
    std::vector<Store> stores;
    for (std::size_t i = 0; i < rows->size(); ++i)
        stores.push_back({std::string(rows->text(i, 0)), std::string(rows->text(i, 1)),
            std::string(rows->text(i, 2)), std::string(rows->text(i, 3)), std::string(rows->text(i, 4))});
    return stores;
}

Result<std::vector<RegisteredSurvey>> read_surveys(sqlite::Database& database)
{
    return read_all<RegisteredSurvey>(database, all_surveys, [](sqlite::Statement const& row) {
        return RegisteredSurvey {std::string(row.text(0)), row.integer(1), std::string(row.text(2))};
    });
}

Result<std::vector<RegisteredSurvey>> read_surveys(PostgresSession& session)
{
    auto const rows = session.query(select_surveys);
    if (!rows)
        return fail(rows.error());
    std::vector<RegisteredSurvey> surveys;
    for (std::size_t i = 0; i < rows->size(); ++i)
        surveys.push_back(
            {std::string(rows->text(i, 0)), rows->integer(i, 1), std::string(rows->text(i, 2))});
    return surveys;
}

Result<> put_survey(sqlite::Database& database, RegisteredSurvey const& survey, Act const& act)
{
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction)
        return fail(std::move(transaction).error());
    auto upsert = database.prepare("INSERT INTO surveys (survey, version, added_ms, raw) VALUES (?, ?, ?, ?) "
                                   "ON CONFLICT (survey) DO UPDATE SET version = excluded.version, "
                                   "added_ms = excluded.added_ms, raw = excluded.raw");
    if (!upsert)
        return fail(std::move(upsert).error());
    upsert->bind(1, survey.id).bind(2, survey.version).bind(3, act.at_ms).bind(4, survey.json);
    LISTENPOST_TRY(upsert->run());
    LISTENPOST_TRY(write_audit(database, line_of(survey, act)));
    return transaction->commit();
}

Result<> put_survey(PostgresSession& session, RegisteredSurvey const& survey, Act const& act)
{
    auto transaction = session.begin();
    if (!transaction)
        return fail(std::move(transaction).error());
    auto const done = session.run(
        upsert_survey, Parameters().add(survey.id).add(survey.version).add(act.at_ms).add(survey.json));
    if (!done)
        return fail(done.error());
    LISTENPOST_TRY(write_audit(session, line_of(survey, act)));
    return transaction->commit();
}

}

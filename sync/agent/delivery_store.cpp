#include "sync/agent/delivery_store.h"

#include "platform/sqlite/migration.h"

#include <array>

namespace listenpost::sync {
namespace {

// Columns: FORMAT.md.
constexpr std::array steps = {
    sqlite::MigrationStep {R"sql(
        CREATE TABLE enrolment (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            hub TEXT NOT NULL,
            device TEXT NOT NULL,
            token TEXT NOT NULL,
            ca_file TEXT NOT NULL,
            store_id TEXT NOT NULL,
            store_name TEXT NOT NULL,
            store_timezone TEXT NOT NULL,
            enrolled_ms INTEGER NOT NULL
        );
        CREATE TABLE delivered (
            install TEXT PRIMARY KEY,
            mark INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE quarantine (
            install TEXT NOT NULL,
            seq INTEGER NOT NULL,
            code TEXT NOT NULL,
            detail TEXT NOT NULL,
            at_ms INTEGER NOT NULL,
            PRIMARY KEY (install, seq)
        ) WITHOUT ROWID;
        CREATE TABLE contact (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            last_contact_ms INTEGER,
            error_code TEXT NOT NULL,
            error_detail TEXT NOT NULL,
            error_ms INTEGER,
            next_attempt_ms INTEGER
        );
        INSERT INTO contact (one, error_code, error_detail) VALUES (1, '', '');
    )sql"},
};

constexpr char file_name[] = "delivery.db";

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

WallTime wall(std::int64_t milliseconds) { return WallTime(std::chrono::milliseconds(milliseconds)); }

std::optional<WallTime> wall_in(sqlite::Statement const& row, int column)
{
    if (row.is_null(column))
        return std::nullopt;
    return wall(row.integer(column));
}

void bind_wall(sqlite::Statement& statement, int index, std::optional<WallTime> time)
{
    if (time)
        statement.bind(index, milliseconds(*time));
    else
        statement.bind_null(index);
}

/// A new file is its owner's alone already; this is for one that was copied or restored
/// with other rights. Before SQLite gives them to its side files.
Result<> keep_private(std::filesystem::path const& path)
{
    using std::filesystem::perms;
    std::error_code error;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write, error);
    if (error && error != std::errc::no_such_file_or_directory)
        return fail(Errc::Io, "chmod " + path.string() + ": " + error.message());
    return {};
}

Result<std::int64_t> count(sqlite::Statement& statement)
{
    auto const row = statement.step();
    if (!row)
        return fail(row.error());
    return *row ? statement.integer(0) : 0;
}

}

Result<DeliveryStore> DeliveryStore::open(std::filesystem::path const& path)
{
    LISTENPOST_TRY(keep_private(path));
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(database.error());
    LISTENPOST_TRY(sqlite::migrate(*database, steps, file_name));
    return DeliveryStore(std::move(*database));
}

Result<DeliveryStore> DeliveryStore::open_reader(std::filesystem::path const& path)
{
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Reader);
    if (!database)
        return fail(database.error());
    auto const version = sqlite::format_version(*database, steps.size(), file_name);
    if (!version)
        return fail(version.error());
    if (*version == 0)
        return fail(Errc::NotFound, "the agent has not finished creating delivery.db");
    return DeliveryStore(std::move(*database));
}

Result<std::optional<Enrolment>> DeliveryStore::enrolment()
{
    auto query
        = database_.prepare("SELECT hub, device, token, ca_file, store_id, store_name, store_timezone, "
                            "enrolled_ms FROM enrolment");
    if (!query)
        return fail(query.error());
    auto const row = query->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::optional<Enrolment>();
    auto const text = [&query](int column) { return std::string(query->text(column)); };
    return Enrolment {
        .hub = text(0),
        .device = text(1),
        .token = text(2),
        .ca_file = text(3),
        .store_id = text(4),
        .store_name = text(5),
        .store_timezone = text(6),
        .enrolled = wall(query->integer(7)),
    };
}

Result<> DeliveryStore::set_enrolment(Enrolment const& enrolment)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    auto replace = database_.prepare("INSERT OR REPLACE INTO enrolment (one, hub, device, token, ca_file, "
                                     "store_id, store_name, store_timezone, enrolled_ms) "
                                     "VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!replace)
        return fail(replace.error());
    replace->bind(1, enrolment.hub)
        .bind(2, enrolment.device)
        .bind(3, enrolment.token)
        .bind(4, enrolment.ca_file)
        .bind(5, enrolment.store_id)
        .bind(6, enrolment.store_name)
        .bind(7, enrolment.store_timezone)
        .bind(8, milliseconds(enrolment.enrolled));
    LISTENPOST_TRY(replace->run());
    LISTENPOST_TRY(database_.execute(
        "UPDATE contact SET error_code = '', error_detail = '', error_ms = NULL, next_attempt_ms = NULL"));
    return transaction->commit();
}

Result<std::int64_t> DeliveryStore::mark(std::string const& install)
{
    auto query = database_.prepare("SELECT mark FROM delivered WHERE install = ?");
    if (!query)
        return fail(query.error());
    query->bind(1, install);
    return count(*query);
}

Result<> DeliveryStore::settle(
    std::string const& install, std::int64_t last, std::vector<Refusal> const& refused, WallTime at)
{
    auto transaction = sqlite::Transaction::begin(database_);
    if (!transaction)
        return fail(transaction.error());
    auto move = database_.prepare("INSERT INTO delivered (install, mark) VALUES (?1, ?2) "
                                  "ON CONFLICT (install) DO UPDATE SET mark = max(mark, ?2)");
    if (!move)
        return fail(move.error());
    LISTENPOST_TRY(move->bind(1, install).bind(2, last).run());
    if (!refused.empty()) {
        auto set_aside = database_.prepare("INSERT OR REPLACE INTO quarantine (install, seq, code, detail, "
                                           "at_ms) VALUES (?, ?, ?, ?, ?)");
        if (!set_aside)
            return fail(set_aside.error());
        for (auto const& refusal : refused)
            LISTENPOST_TRY(set_aside->bind(1, install)
                               .bind(2, refusal.seq)
                               .bind(3, refusal.code)
                               .bind(4, refusal.detail)
                               .bind(5, milliseconds(at))
                               .run());
    }
    auto heard = database_.prepare("UPDATE contact SET last_contact_ms = ?, error_code = '', "
                                   "error_detail = '', error_ms = NULL, next_attempt_ms = NULL");
    if (!heard)
        return fail(heard.error());
    LISTENPOST_TRY(heard->bind(1, milliseconds(at)).run());
    return transaction->commit();
}

Result<> DeliveryStore::rewind(std::string const& install)
{
    auto remove = database_.prepare("DELETE FROM delivered WHERE install = ?");
    if (!remove)
        return fail(remove.error());
    return remove->bind(1, install).run();
}

Result<Contact> DeliveryStore::contact()
{
    auto query = database_.prepare(
        "SELECT last_contact_ms, error_code, error_detail, error_ms, next_attempt_ms FROM contact");
    if (!query)
        return fail(query.error());
    auto const row = query->step();
    if (!row)
        return fail(row.error());
    if (!*row)
        return fail(Errc::Corrupt, "delivery.db has no contact row");
    return Contact {wall_in(*query, 0), std::string(query->text(1)), std::string(query->text(2)),
        wall_in(*query, 3), wall_in(*query, 4)};
}

Result<> DeliveryStore::record_failure(std::string const& code, std::string const& detail, WallTime at,
    std::optional<WallTime> next_attempt, std::optional<WallTime> hub_answered)
{
    auto update = database_.prepare("UPDATE contact SET error_code = ?, error_detail = ?, error_ms = ?, "
                                    "next_attempt_ms = ?, last_contact_ms = coalesce(?, last_contact_ms)");
    if (!update)
        return fail(update.error());
    update->bind(1, code).bind(2, detail).bind(3, milliseconds(at));
    bind_wall(*update, 4, next_attempt);
    bind_wall(*update, 5, hub_answered);
    return update->run();
}

Result<std::vector<Quarantined>> DeliveryStore::quarantined(std::size_t limit)
{
    auto query = database_.prepare("SELECT install, seq, code, detail, at_ms FROM quarantine "
                                   "ORDER BY at_ms DESC, seq DESC LIMIT ?");
    if (!query)
        return fail(query.error());
    query->bind(1, static_cast<std::int64_t>(limit));
    std::vector<Quarantined> list;
    for (;;) {
        auto const row = query->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return list;
        list.push_back({std::string(query->text(0)),
            {query->integer(1), std::string(query->text(2)), std::string(query->text(3))},
            wall(query->integer(4))});
    }
}

Result<std::int64_t> DeliveryStore::quarantined_count()
{
    return database_.query_integer("SELECT count(*) FROM quarantine");
}

Result<std::int64_t> DeliveryStore::quarantined_count(std::string const& install)
{
    auto query = database_.prepare("SELECT count(*) FROM quarantine WHERE install = ?");
    if (!query)
        return fail(query.error());
    query->bind(1, install);
    return count(*query);
}

}

#include "sync/hub/sqlite_storage.h"

#include "platform/sqlite/file_check.h"
#include "sync/hub/master_data.h"
#include "sync/hub/schema.h"
#include "sync/hub/sqlite_box_erasures.h"
#include "sync/hub/sqlite_erasure.h"
#include "sync/hub/sqlite_heartbeats.h"
#include "sync/hub/sqlite_ingest.h"
#include "sync/hub/sqlite_reader.h"
#include "sync/hub/sqlite_registry.h"

namespace listenpost::sync {

namespace {

class SqliteStorage final : public Storage {
public:
    SqliteStorage(std::filesystem::path path, sqlite::Database database)
        : path_(std::move(path))
        , database_(std::move(database))
        , registry_(database_)
    {
    }

    Result<> prepare()
    {
        LISTENPOST_TRY(database_.settle_wal());
        LISTENPOST_TRY(migrate(database_));
        auto ingest = SqliteIngest::create(database_);
        if (!ingest)
            return fail(std::move(ingest).error());
        ingest_.emplace(std::move(*ingest));
        return {};
    }

    Result<std::vector<IngestReply>> ingest(std::span<IngestRequest const> batches) override
    {
        return ingest_->ingest(database_, batches);
    }
    Result<std::vector<HeartbeatReply>> keep_heartbeats(std::span<HeartbeatRequest const> heartbeats) override
    {
        return sync::keep_heartbeats(database_, heartbeats);
    }
    Result<> erase_text(std::string_view install, std::int64_t seq, Act const& act) override
    {
        return sync::erase_text(database_, install, seq, act);
    }
    Result<std::vector<BoxErasure>> box_erasures() override { return sync::box_erasures(database_); }
    Registry& registry() override { return registry_; }
    Result<> put_survey(RegisteredSurvey const& survey, Act const& act) override
    {
        return sync::put_survey(database_, survey, act);
    }
    Result<std::unique_ptr<StorageReader>> open_reader() override { return SqliteReader::open(path_); }

private:
    std::filesystem::path path_;
    sqlite::Database database_;
    SqliteRegistry registry_;
    std::optional<SqliteIngest> ingest_; ///< prepared once the tables exist
};

}

Result<std::unique_ptr<Storage>> open_sqlite_storage(std::filesystem::path const& path)
{
    // SQLite would forget all that stands behind a damaged place, and write over it. An operator may still
    // have a copy, or another disk.
    if (auto const wal = sqlite::check_wal(path); !wal)
        return fail(wal.error().code,
            path.string() + ": " + wal.error().detail
                + "; put back a backup, or move the WAL away to go on without what it holds");
    auto database = sqlite::Database::open(path, sqlite::OpenMode::Writer);
    if (!database)
        return fail(std::move(database).error());
    auto storage = std::make_unique<SqliteStorage>(path, std::move(*database));
    LISTENPOST_TRY(storage->prepare());
    return std::unique_ptr<Storage>(std::move(storage));
}

}

#include "sync/hub/postgres_storage.h"

#include "sync/hub/master_data.h"
#include "sync/hub/postgres_box_erasures.h"
#include "sync/hub/postgres_erasure.h"
#include "sync/hub/postgres_heartbeats.h"
#include "sync/hub/postgres_ingest.h"
#include "sync/hub/postgres_reader.h"
#include "sync/hub/postgres_registry.h"
#include "sync/hub/postgres_schema.h"

#include <array>
#include <mutex>

namespace listenpost::sync {
namespace {

class PostgresStorage final : public Storage {
public:
    explicit PostgresStorage(std::string const& conninfo)
        : conninfo_(conninfo)
        , session_(conninfo)
        , registry_(session_)
        , lanes_ {Lane(conninfo), Lane(conninfo), Lane(conninfo), Lane(conninfo)}
    {
    }

    Result<> prepare()
    {
        auto const connection = session_.connect();
        if (!connection)
            return fail(connection.error());
        return migrate(**connection, postgres_migration_steps());
    }

    std::size_t lanes() const override { return lanes_.size(); }

    Result<std::vector<IngestReply>> ingest(std::span<IngestRequest const> batches) override
    {
        auto& lane = lanes_[batches.empty() ? 0 : lane_of(batches.front().store)];
        std::lock_guard const lock(lane.mutex);
        return sync::ingest(lane.session, batches);
    }
    Result<std::vector<HeartbeatReply>> keep_heartbeats(std::span<HeartbeatRequest const> heartbeats) override
    {
        return sync::keep_heartbeats(session_, heartbeats);
    }
    Result<> erase_text(std::string_view install, std::int64_t seq, Act const& act) override
    {
        return sync::erase_text(session_, install, seq, act);
    }
    Result<std::vector<BoxErasure>> box_erasures() override { return sync::box_erasures(session_); }
    Registry& registry() override { return registry_; }
    Result<> put_survey(RegisteredSurvey const& survey, Act const& act) override
    {
        return sync::put_survey(session_, survey, act);
    }
    Result<std::unique_ptr<StorageReader>> open_reader() override
    {
        return std::unique_ptr<StorageReader>(std::make_unique<PostgresReader>(conninfo_));
    }

private:
    /// Ingests of stores of one lane take turns here, and so they do not at the counters' locks,
    /// where each would hold a connection.
    struct Lane {
        explicit Lane(std::string conninfo)
            : session(std::move(conninfo))
        {
        }
        std::mutex mutex;
        PostgresSession session;
    };

    std::string const conninfo_;
    PostgresSession session_; ///< of all but the ingests
    PostgresRegistry registry_;
    std::array<Lane, 4> lanes_;
};

}

Result<std::unique_ptr<Storage>> open_postgres_storage(std::string const& conninfo)
{
    auto storage = std::make_unique<PostgresStorage>(conninfo);
    LISTENPOST_TRY(storage->prepare());
    return std::unique_ptr<Storage>(std::move(storage));
}

}

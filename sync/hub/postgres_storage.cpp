#include "sync/hub/postgres_storage.h"

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
    Result<> keep_heartbeats(std::span<HeartbeatRequest const> heartbeats) override
    {
        return registry_.keep_heartbeats(heartbeats);
    }
    Result<> add_store(Store const& store, std::int64_t now_ms) override
    {
        return registry_.add_store(store, now_ms);
    }
    Result<std::vector<Store>> stores() override { return registry_.stores(); }
    Result<> add_invite(std::string_view code_hash, std::string_view store, std::string_view name,
        std::int64_t expires_ms) override
    {
        return registry_.add_invite(code_hash, store, name, expires_ms);
    }
    Result<EnrolledDevice> enrol(std::string_view code_hash, std::string_view device,
        std::string_view token_hash, std::string_view name, std::int64_t now_ms) override
    {
        return registry_.enrol(code_hash, device, token_hash, name, now_ms);
    }
    Result<std::vector<Device>> devices() override { return registry_.devices(); }
    Result<> revoke_device(std::string_view device, std::int64_t now_ms) override
    {
        return registry_.revoke_device(device, now_ms);
    }
    Result<> add_token(
        std::string_view name, Role role, std::string_view token_hash, std::int64_t now_ms) override
    {
        return registry_.add_token(name, role, token_hash, now_ms);
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

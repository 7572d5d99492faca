#pragma once

#include "sync/hub/postgres_session.h"
#include "sync/hub/storage.h"

namespace listenpost::sync {

/// StorageReader on a connection of its own.
class PostgresReader final : public StorageReader {
public:
    explicit PostgresReader(std::string conninfo)
        : session_(std::move(conninfo))
    {
    }

    bool is_remote() const override { return true; }
    Result<std::optional<Sender>> find_sender(std::string_view token_hash) override;
    Result<std::optional<Grant>> find_grant(std::string_view token_hash) override;
    Result<std::shared_ptr<StorePlaces const>> places() override;
    Result<Cursor> read_page(
        Cursor const& from, PageLimits limits, std::function<void(LogRow const&)> const& row) override;
    Result<> read_rollups(std::span<RollupRange const> ranges, std::vector<std::string> const* stores,
        TakeRollup const& take) override;
    Result<std::vector<Store>> stores() override;
    Result<std::vector<RegisteredSurvey>> surveys() override;

private:
    /// Where the log ends, as a cursor after its last row.
    Result<Cursor> read_end();

    PostgresSession session_;
    std::shared_ptr<StorePlaces const> places_;
    std::int64_t places_version_ = 0; ///< of places_, or an older one
};

}

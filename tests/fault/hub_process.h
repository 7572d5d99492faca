#pragma once

#include "platform/http/http_client.h"
#include "platform/sqlite/database.h"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::test {

/// The real hub (sync/hub's server over its SQLite storage, plain HTTP on loopback) in a process
/// of its own, so that it can be killed: kill -9, in the middle of whatever it does. Make it before
/// any thread and before libcurl is used: it forks a keeper, and the keeper each hub.
/// Threads: any.
class HubProcess {
public:
    explicit HubProcess(std::filesystem::path const& folder);
    HubProcess(HubProcess const&) = delete;
    HubProcess& operator=(HubProcess const&) = delete;
    ~HubProcess();

    /// Starts it if it does not run: the same database, another port.
    void start();
    /// kill -9. Returns once the process is gone.
    void kill();
    /// 0: it does not run.
    std::uint16_t port() const;
    std::uint64_t kills() const;

    std::string const& device_token() const { return device_token_; }

    /// Everything new since the last call, as HQ pulls it. The hub must run.
    std::vector<std::string> pull();
    /// How many responses of `install` with a seq of at most `last` are committed; read from the
    /// database, beside the hub.
    std::int64_t committed(std::string const& install, std::int64_t last);

private:
    std::filesystem::path database_;
    std::string device_token_ = "lpd_fault";
    std::string reader_token_ = "lpr_fault";
    int keeper_ = -1; ///< commands to the keeper and its answers
    /// Closed before each kill: another that has the file open spares a hub its recovery.
    std::optional<sqlite::Database> beside_;
    mutable std::mutex mutex_;
    std::uint16_t port_ = 0;
    std::uint64_t kills_ = 0;
    std::string cursor_;
    std::optional<HttpClient> client_;
};

}

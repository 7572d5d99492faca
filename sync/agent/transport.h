#pragma once

#include "platform/http/http_client.h"

#include <filesystem>
#include <functional>
#include <optional>

namespace listenpost::sync {

/// How requests reach the hub: over the network, or a script in tests.
class Transport {
public:
    virtual ~Transport() = default;

    /// Blocks until there is a whole reply or a reason why there is none.
    /// `ca_file`: certificates to trust instead of the machine's; empty: the machine's.
    virtual Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) = 0;

    /// The network is not the one it was: nothing kept from before is used for the next request.
    virtual void renew_connection() { }
};

/// The real one: one kept-alive connection, opened anew when the certificates change.
/// Threads: one at a time.
class HttpTransport final : public Transport {
public:
    /// `cancelled`: asked several times a second during a transfer; true gives it up.
    /// `options`: how patient it is (certificates and `cancelled` are given apart). The usual room for
    /// a reply is enough for a hub's: at most 1,000 refused responses with a short reason each.
    explicit HttpTransport(std::function<bool()> cancelled = {}, HttpOptions options = {})
        : options_(std::move(options))
    {
        options_.cancelled = std::move(cancelled);
    }
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override;
    void renew_connection() override;

private:
    HttpOptions options_; ///< of client_, its ca_file too
    std::optional<HttpClient> client_;
};

}

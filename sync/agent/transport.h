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
};

/// The real one: one kept-alive connection, opened anew when the certificates change.
/// Threads: one at a time.
class HttpTransport final : public Transport {
public:
    /// `cancelled`: asked about once a second during a transfer; true gives it up.
    explicit HttpTransport(std::function<bool()> cancelled = {})
        : cancelled_(std::move(cancelled))
    {
    }
    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override;

private:
    std::function<bool()> cancelled_;
    std::filesystem::path ca_file_;
    std::optional<HttpClient> client_;
};

}

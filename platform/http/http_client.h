#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

struct HttpHeader {
    std::string name;
    std::string value;
};

struct HttpRequest {
    std::string method = "GET";
    std::string url; ///< http:// or https://; no others
    /// Sent as they are. A `Content-Encoding` here says how `body` is encoded already.
    std::vector<HttpHeader> headers;
    std::string_view body; ///< borrowed for the call
    /// `sha256//BASE64` of the server's public key (several with `;` between): no other is
    /// talked to, whoever vouches for it. Empty: any that the certificates allow.
    std::string pinned_key = {};
};

/// A whole reply: a transfer that broke off is an Error, never a short body.
struct HttpReply {
    int status = 0;
    std::vector<HttpHeader> headers; ///< of the final reply, in the order they came
    std::string body; ///< as it came: nothing is decoded

    /// First value of that name, upper and lower case alike.
    std::optional<std::string_view> header(std::string_view name) const;
};

struct HttpOptions {
    std::chrono::milliseconds connect_timeout {10'000}; ///< name look-up, TCP and TLS together
    std::chrono::milliseconds total_timeout {60'000}; ///< the whole exchange
    std::chrono::milliseconds stall_timeout {20'000}; ///< this long without a byte in either direction
    std::size_t max_reply_bytes = 1024UL * 1024; ///< of the body; headers have a limit of their own
    std::filesystem::path ca_file; ///< PEM; trusted instead of the machine's. Empty: the machine's
    /// 0: as fast as the network takes it. Else total_timeout is longer by what the body needs at
    /// this pace.
    std::int64_t max_upload_bytes_per_second = 0;
    std::string user_agent = "listenpost/" LISTENPOST_VERSION;
    /// Asked several times a second while a transfer runs; true ends it as Cancelled.
    std::function<bool()> cancelled;
    /// Asked before each TLS handshake, on a machine whose clock may not have been set. Nothing:
    /// the clock is right. A value: all that is known is that it is this late at least; then
    /// certificates are judged by it, and one that is not valid yet is no reason to refuse
    /// (certificate_time.h). Empty: the clock is right always.
    std::function<std::optional<WallTime>()> earliest_now;
};

/// HTTP/1.1 over one kept-alive connection. TLS certificates and names are
/// verified, redirects are handed back and not followed. The usual proxy variables of the
/// environment count: http_proxy, https_proxy (its CONNECT), all_proxy, no_proxy. A request on a kept
/// connection that the other side had closed meanwhile is repeated once on a new one. Threads: one at a time.
/// Raises no signals.
class HttpClient {
public:
    /// Errors: Io (libcurl cannot start), NotFound (ca_file).
    static Result<HttpClient> create(HttpOptions options = {});
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    /// Blocks until the reply is whole, at most total_timeout.
    /// Errors: Unreachable (no whole reply: the detail says in which phase and why),
    /// Full (longer than max_reply_bytes), Invalid (URL or header unusable), Cancelled.
    Result<HttpReply> send(HttpRequest const& request);

    /// The next request goes over a new connection: the kept one may lead nowhere any more (the
    /// machine has another address), and only a time-out would tell.
    void renew_connection();

private:
    struct Impl;
    explicit HttpClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}

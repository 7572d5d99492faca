#include "sync/agent/transport.h"

namespace listenpost::sync {
namespace {

/// Replies of a hub list refused responses: at most 1,000 with a short reason each.
constexpr std::size_t max_reply_bytes = 1024UL * 1024;

}

Result<HttpReply> HttpTransport::send(HttpRequest const& request, std::filesystem::path const& ca_file)
{
    if (!client_ || ca_file != ca_file_) {
        client_.reset();
        HttpOptions options;
        options.max_reply_bytes = max_reply_bytes;
        options.ca_file = ca_file;
        options.cancelled = cancelled_;
        auto client = HttpClient::create(std::move(options));
        if (!client)
            return fail(client.error());
        client_.emplace(std::move(*client));
        ca_file_ = ca_file;
    }
    return client_->send(request);
}

}

#include "sync/agent/transport.h"

namespace listenpost::sync {

Result<HttpReply> HttpTransport::send(HttpRequest const& request, std::filesystem::path const& ca_file)
{
    if (!client_ || ca_file != options_.ca_file) {
        client_.reset();
        options_.ca_file = ca_file;
        auto client = HttpClient::create(options_);
        if (!client)
            return fail(client.error());
        client_.emplace(std::move(*client));
    }
    return client_->send(request);
}

void HttpTransport::renew_connection()
{
    if (client_)
        client_->renew_connection();
}

}

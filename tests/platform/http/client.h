#pragma once

#include "platform/http/http_client.h"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

/// What the tests of HttpClient share.
namespace listenpost::test {

inline HttpClient client_with(HttpOptions options = {})
{
    auto client = HttpClient::create(std::move(options));
    if (!client)
        throw std::runtime_error(client.error().detail);
    return std::move(*client);
}

inline HttpRequest get(std::string const& url)
{
    HttpRequest request;
    request.url = url;
    return request;
}

inline HttpRequest post(std::string const& url, std::string_view body)
{
    HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.body = body;
    return request;
}

}

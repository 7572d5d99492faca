#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace listenpost::sync {

/// What is known of a request before its body is read. Borrowed from the HTTP parser.
struct RequestHead {
    std::string_view method;
    std::string_view target; ///< path and query
    std::string_view authorization;
    std::string_view content_type;
    std::string_view content_encoding;
    std::string_view accept;
    std::string_view accept_encoding;
    std::string_view sent_age; ///< ListenPost-Sent-Age
    std::string_view peer; ///< who is connected, as limits count: see peer_name()
    bool says_its_length = false; ///< Content-Length or chunked
};

struct ApiReply {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// `{"error":{"code":…,"detail":…}}`
ApiReply error_reply(unsigned status, std::string_view code, std::string_view detail);
/// 503 with Retry-After.
ApiReply later_reply(std::string_view code, std::string_view detail);

}

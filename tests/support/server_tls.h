#pragma once

#include <filesystem>
#include <memory>
#include <openssl/ssl.h>

namespace listenpost::test {

struct ServerTlsDeleter {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
/// What a test's server speaks TLS with.
using ServerTls = std::unique_ptr<SSL_CTX, ServerTlsDeleter>;

/// `certificate`, `key`: PEM, see write_test_certificate().
ServerTls make_server_tls(std::filesystem::path const& certificate, std::filesystem::path const& key);

}

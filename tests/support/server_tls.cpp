#include "tests/support/server_tls.h"

#include <cstdlib>

namespace listenpost::test {

ServerTls make_server_tls(std::filesystem::path const& certificate, std::filesystem::path const& key)
{
    ServerTls context(SSL_CTX_new(TLS_server_method()));
    if (!context || SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1
        || SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1)
        std::abort();
    static constexpr unsigned char session_context[] = "listenpost";
    SSL_CTX_set_session_id_context(context.get(), session_context, sizeof session_context);
    return context;
}

}

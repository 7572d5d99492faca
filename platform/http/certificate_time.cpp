#include "platform/http/certificate_time.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace listenpost {
namespace {

int forgive_not_yet_valid(int is_good, X509_STORE_CTX* store)
{
    if (is_good != 0 || X509_STORE_CTX_get_error(store) != X509_V_ERR_CERT_NOT_YET_VALID)
        return is_good;
    // libcurl asks for the last error after the handshake.
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

}

void judge_certificates_from(WallTime earliest, SSL_CTX* context)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(earliest.time_since_epoch());
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context), static_cast<time_t>(seconds.count()));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &forgive_not_yet_valid);
}

}

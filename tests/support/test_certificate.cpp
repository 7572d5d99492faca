#include "tests/support/test_certificate.h"

#include <cstdio>
#include <cstdlib>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace listenpost::test {
namespace {

void require(bool worked)
{
    if (!worked)
        std::abort();
}

void add_extension(X509* certificate, int id, char const* value)
{
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
    require(extension && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

}

void write_test_certificate(std::filesystem::path const& certificate_path,
    std::filesystem::path const& key_path, CertificateClaims const& claims)
{
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    require(key && certificate);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), static_cast<long>(claims.begins.count()));
    X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(claims.ends.count()));
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("listenpost test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    add_extension(certificate, NID_subject_alt_name, claims.names.c_str());
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    require(X509_sign(certificate, key, EVP_sha256()) > 0);

    std::FILE* file = std::fopen(certificate_path.c_str(), "w");
    require(file && PEM_write_X509(file, certificate) == 1 && std::fclose(file) == 0);
    file = std::fopen(key_path.c_str(), "w");
    require(file && PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1
        && std::fclose(file) == 0);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

}

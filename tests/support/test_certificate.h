#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace listenpost::test {

/// What a certificate of a test says.
struct CertificateClaims {
    std::string names = "IP:127.0.0.1"; ///< as OpenSSL's subjectAltName
    std::chrono::seconds begins {-60}; ///< from now
    std::chrono::seconds ends {3'600};
};

/// Writes a new self-signed certificate and its key, PEM.
void write_test_certificate(std::filesystem::path const& certificate, std::filesystem::path const& key,
    CertificateClaims const& claims = {});

}

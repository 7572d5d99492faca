#pragma once

#include <filesystem>

namespace listenpost::test {

/// Writes a new self-signed certificate for 127.0.0.1 and its key, PEM, good for an hour.
void write_test_certificate(std::filesystem::path const& certificate, std::filesystem::path const& key);

}

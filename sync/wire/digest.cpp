#include "sync/wire/digest.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace listenpost::sync {
namespace {

constexpr char separator = 0x1F;

}

// Fetched once: OpenSSL 3 looks an algorithm up by name at every EVP_DigestInit otherwise,
// which costs more than hashing a response.
struct DigestBuilder::Sha256 {
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    Sha256()
    {
        if (!algorithm || !context)
            std::abort(); // an OpenSSL without SHA-256, or no memory at start
    }
    ~Sha256()
    {
        EVP_MD_CTX_free(context);
        EVP_MD_free(algorithm);
    }
    Sha256(Sha256 const&) = delete;
    Sha256& operator=(Sha256 const&) = delete;
};

DigestBuilder::DigestBuilder()
    : sha256_(std::make_unique<Sha256>())
{
}

DigestBuilder::DigestBuilder(DigestBuilder&&) noexcept = default;
DigestBuilder& DigestBuilder::operator=(DigestBuilder&&) noexcept = default;
DigestBuilder::~DigestBuilder() = default;

void DigestBuilder::add(std::string_view text)
{
    parts_ += text;
    parts_ += separator;
}

void DigestBuilder::add(std::int64_t number)
{
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    add(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

std::uint64_t DigestBuilder::finish()
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    if (EVP_DigestInit_ex2(sha256_->context, sha256_->algorithm, nullptr) != 1
        || EVP_DigestUpdate(sha256_->context, parts_.data(), parts_.size()) != 1
        || EVP_DigestFinal_ex(sha256_->context, hash, nullptr) != 1)
        std::abort(); // hashing bytes in memory cannot fail
    parts_.clear();
    std::uint64_t digest = 0;
    for (int i = 0; i < 8; ++i)
        digest = digest << 8 | hash[i];
    return digest;
}

std::string sha256_hex(std::string_view text)
{
    unsigned char hash[SHA256_DIGEST_LENGTH];
    ::SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(), hash);
    char digits[2 * SHA256_DIGEST_LENGTH + 1];
    for (int i = 0; i < SHA256_DIGEST_LENGTH; ++i)
        std::snprintf(digits + 2 * i, 3, "%02x", hash[i]);
    return digits;
}

std::string request_digest(std::string_view body) { return sha256_hex(body).substr(0, 16); }

}

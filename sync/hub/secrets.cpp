#include "sync/hub/secrets.h"

#include "platform/base/random_id.h"

#include <cstdlib>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace listenpost::sync {
namespace {

constexpr std::string_view code_alphabet = "23456789ABCDEFGHJKMNPQRSTWXYZ";

char random_code_letter()
{
    // The last letters of the alphabet must not come less often than the first.
    constexpr unsigned fair = 256 / code_alphabet.size() * code_alphabet.size();
    for (;;) {
        unsigned char byte = 0;
        if (RAND_bytes(&byte, 1) != 1)
            std::abort();
        if (byte < fair)
            return code_alphabet[byte % code_alphabet.size()];
    }
}

}

std::string hash_of_secret(std::string_view secret)
{
    std::string hash(SHA256_DIGEST_LENGTH, '\0');
    ::SHA256(reinterpret_cast<unsigned char const*>(secret.data()), secret.size(),
        reinterpret_cast<unsigned char*>(hash.data()));
    return hash;
}

bool equal_secrets(std::string_view one, std::string_view other)
{
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string new_token(std::string_view prefix) { return std::string(prefix) + random_hex(24); }

std::string new_invite_code()
{
    std::string code;
    for (int i = 0; i < 12; ++i) {
        if (i == 4 || i == 8)
            code += '-';
        code += random_code_letter();
    }
    return code;
}

std::string normalized_invite_code(std::string_view typed)
{
    std::string code;
    for (char const c : typed)
        if (c != '-' && c != ' ')
            code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return code;
}

}

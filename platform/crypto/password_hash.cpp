#include "platform/crypto/password_hash.h"

#include <algorithm>
#include <argon2.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <sys/random.h>

namespace listenpost {
namespace {

constexpr std::uint32_t our_memory_kib = 19 * 1024;
constexpr std::uint32_t our_passes = 2;
constexpr std::uint32_t our_lanes = 1;
constexpr std::size_t our_salt_bytes = 16;
constexpr std::size_t our_hash_bytes = 32;

constexpr std::uint32_t least_memory_kib = 8 * 1024;
constexpr std::uint32_t most_memory_kib = 64 * 1024;
constexpr std::uint32_t most_passes = 10;
constexpr std::uint32_t most_lanes = 4;
/// In base64: 8 to 48 bytes of salt, 16 to 64 of hash.
constexpr std::size_t least_salt = 11;
constexpr std::size_t most_salt = 64;
constexpr std::size_t least_hash = 22;
constexpr std::size_t most_hash = 86;

/// Takes `prefix` and a number off the front. Nothing: they are not there, or the number is not plain.
std::optional<std::uint32_t> take_number(std::string_view& text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return std::nullopt;
    text.remove_prefix(prefix.size());
    std::uint32_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || text.starts_with('0'))
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool is_base64(std::string_view text, std::size_t least, std::size_t most)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // One digit left over is no byte.
    return text.size() >= least && text.size() <= most && text.size() % 4 != 1
        && text.find_first_not_of(digits) == text.npos;
}

bool within(std::optional<std::uint32_t> number, std::uint32_t least, std::uint32_t most)
{
    return number && *number >= least && *number <= most;
}

tl::unexpected<Error> argon2_failed(int code)
{
    Errc const kind = code == ARGON2_MEMORY_ALLOCATION_ERROR ? Errc::Full : Errc::Invalid;
    return fail(kind, std::string("argon2: ") + argon2_error_message(code));
}

}

Result<std::string> hash_password(std::string_view password)
{
    std::array<unsigned char, our_salt_bytes> salt {};
    if (::getrandom(salt.data(), salt.size(), 0) != static_cast<ssize_t>(salt.size()))
        return fail(Errc::Io, "the system gives no random bytes");
    std::string encoded(
        argon2_encodedlen(our_passes, our_memory_kib, our_lanes, our_salt_bytes, our_hash_bytes, Argon2_id),
        '\0');
    int const code = argon2id_hash_encoded(our_passes, our_memory_kib, our_lanes, password.data(),
        password.size(), salt.data(), salt.size(), our_hash_bytes, encoded.data(), encoded.size());
    if (code != ARGON2_OK)
        return argon2_failed(code);
    encoded.resize(encoded.find('\0'));
    return encoded;
}

Result<> check_password_hash(std::string_view encoded)
{
    std::string_view rest = encoded;
    auto const version = take_number(rest, "$argon2id$v=");
    if (version != ARGON2_VERSION_13)
        return fail(Errc::Invalid, "is no Argon2id hash of version 19");
    auto const memory = take_number(rest, "$m=");
    auto const passes = take_number(rest, ",t=");
    auto const lanes = take_number(rest, ",p=");
    if (!within(memory, least_memory_kib, most_memory_kib) || !within(passes, 1, most_passes)
        || !within(lanes, 1, most_lanes))
        return fail(Errc::Invalid, "wants 8 to 64 MiB (m), 1 to 10 passes (t) and 1 to 4 lanes (p)");
    if (!rest.starts_with('$'))
        return fail(Errc::Invalid, "lacks its salt");
    rest.remove_prefix(1);
    std::size_t const end = rest.find('$');
    if (end == rest.npos || !is_base64(rest.substr(0, end), least_salt, most_salt)
        || !is_base64(rest.substr(end + 1), least_hash, most_hash))
        return fail(Errc::Invalid, "has no salt and hash in base64");
    return {};
}

Result<bool> password_matches(std::string_view encoded, std::string_view password)
{
    LISTENPOST_TRY(check_password_hash(encoded));
    int const code = argon2id_verify(std::string(encoded).c_str(), password.data(), password.size());
    if (code == ARGON2_OK)
        return true;
    if (code == ARGON2_VERIFY_MISMATCH)
        return false;
    return argon2_failed(code);
}

}

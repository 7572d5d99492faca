#include "sync/hub/cursor.h"

#include "sync/wire/limits.h"

#include <algorithm>
#include <functional>

namespace listenpost::sync {
namespace {

constexpr char format_version = 1;
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void append_varint(std::string& bytes, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
}

bool take_varint(std::string_view& bytes, std::uint64_t& value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (bytes.empty())
            return false;
        auto const byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        if (shift == 63 && byte > 1)
            return false;
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

std::string base64url(std::string_view bytes)
{
    std::string text;
    unsigned buffer = 0;
    int bits = 0;
    for (char const c : bytes) {
        buffer = buffer << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6;)
            text += alphabet[buffer >> (bits -= 6) & 63];
    }
    if (bits > 0)
        text += alphabet[buffer << (6 - bits) & 63];
    return text;
}

bool from_base64url(std::string_view text, std::string& bytes)
{
    unsigned buffer = 0;
    int bits = 0;
    for (char const c : text) {
        auto const digit = alphabet.find(c);
        if (digit == std::string_view::npos)
            return false;
        buffer = buffer << 6 | static_cast<unsigned>(digit);
        if ((bits += 6) >= 8)
            bytes += static_cast<char>(buffer >> (bits -= 8));
    }
    return true;
}

}

Result<> check_cursor(Cursor const& from, Cursor const& end)
{
    if (from.hub != 0 && from.hub != end.hub)
        return fail(Errc::Invalid, "the cursor is of another hub's database");
    // Going on would pass over the rows that take these offsets next.
    if (!std::ranges::equal(from.next, end.next, std::ranges::less_equal()))
        return fail(Errc::Invalid,
            "the cursor is ahead of this database, which was perhaps restored from an older copy");
    return {};
}

std::string to_text(Cursor const& cursor)
{
    std::string bytes(1, format_version);
    append_varint(bytes, cursor.hub);
    append_varint(bytes, static_cast<std::uint64_t>(cursor.first_partition));
    for (std::int64_t const offset : cursor.next)
        append_varint(bytes, static_cast<std::uint64_t>(offset));
    return base64url(bytes);
}

Result<Cursor> cursor_from_text(std::string_view text)
{
    auto const wrong = [] { return fail(Errc::Invalid, "the cursor is not one this hub gave out"); };
    std::string raw;
    if (text.size() > 2'000 || !from_base64url(text, raw) || raw.empty() || raw.front() != format_version)
        return wrong();
    std::string_view bytes = raw;
    bytes.remove_prefix(1);
    Cursor cursor;
    std::uint64_t value = 0;
    if (!take_varint(bytes, cursor.hub) || !take_varint(bytes, value) || value >= partition_count)
        return wrong();
    cursor.first_partition = static_cast<int>(value);
    for (auto& offset : cursor.next) {
        if (!take_varint(bytes, value) || value > static_cast<std::uint64_t>(limits::max_integer))
            return wrong();
        offset = static_cast<std::int64_t>(value);
    }
    if (!bytes.empty())
        return wrong();
    return cursor;
}

}

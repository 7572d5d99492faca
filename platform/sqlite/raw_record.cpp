#include "platform/sqlite/raw_record.h"

#include <algorithm>

namespace listenpost::sqlite {
namespace {

constexpr unsigned char table_leaf = 0x0d;
constexpr std::size_t leaf_header_bytes = 8;
constexpr std::size_t max_columns = 64;
/// No row of ours is longer: a greater length is a damaged one.
constexpr std::uint64_t max_payload_bytes = 1024 * 1024;

unsigned char byte_at(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned char>(bytes[at]);
}

std::size_t two_bytes(std::string_view bytes, std::size_t at)
{
    return byte_at(bytes, at) * std::size_t {256} + byte_at(bytes, at + 1);
}

std::uint64_t big_endian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (char const byte : bytes)
        value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

/// SQLite's variable-length integer; moves `at` behind it.
std::optional<std::uint64_t> read_varint(std::string_view bytes, std::size_t& at)
{
    std::uint64_t value = 0;
    for (int index = 0; index < 9; ++index) {
        if (at >= bytes.size())
            return std::nullopt;
        unsigned char const byte = byte_at(bytes, at++);
        if (index == 8)
            return value << 8 | byte;
        value = value << 7 | (byte & 0x7f);
        if ((byte & 0x80) == 0)
            return value;
    }
    return std::nullopt;
}

std::int64_t sign_extended(std::string_view bytes)
{
    std::uint64_t const value = big_endian(bytes);
    auto const shift = static_cast<int>(64 - 8 * bytes.size());
    return static_cast<std::int64_t>(value << shift) >> shift;
}

/// Bytes of a value with this serial type; nothing: no integer or text.
std::optional<std::size_t> length_of(std::uint64_t type)
{
    constexpr std::size_t integer_bytes[] {0, 1, 2, 3, 4, 6, 8};
    if (type <= 6)
        return integer_bytes[type];
    if (type == 8 || type == 9)
        return 0;
    if (type >= 13 && type % 2 == 1)
        return static_cast<std::size_t>((type - 13) / 2);
    return std::nullopt;
}

RawValue value_of(std::uint64_t type, std::string_view bytes)
{
    if (type == 0)
        return {};
    if (type == 8 || type == 9)
        return static_cast<std::int64_t>(type - 8);
    if (type <= 6)
        return sign_extended(bytes);
    return std::string(bytes);
}

std::optional<std::vector<RawValue>> read_record(std::string_view payload)
{
    std::size_t at = 0;
    auto const header_bytes = read_varint(payload, at);
    if (!header_bytes || *header_bytes > payload.size() || *header_bytes < at)
        return std::nullopt;
    std::string_view const header = payload.substr(0, static_cast<std::size_t>(*header_bytes));
    std::size_t body = header.size();
    std::vector<RawValue> values;
    while (at < header.size()) {
        auto const type = read_varint(header, at);
        auto const length = type ? length_of(*type) : std::nullopt;
        if (!length || *length > payload.size() - body || values.size() == max_columns)
            return std::nullopt;
        values.push_back(value_of(*type, payload.substr(body, *length)));
        body += *length;
    }
    if (body != payload.size())
        return std::nullopt;
    return values;
}

/// The part of a payload that stands in its own page; the rest is in a chain of further ones.
std::size_t local_bytes(std::size_t payload, std::size_t page_bytes)
{
    std::size_t const most = page_bytes - 35;
    if (payload <= most)
        return payload;
    std::size_t const least = (page_bytes - 12) * 32 / 255 - 23;
    std::size_t const kept = least + (payload - least) % (page_bytes - 4);
    return kept <= most ? kept : least;
}

std::optional<std::string> read_chain(
    std::string payload, std::size_t whole, std::uint32_t next, PageSource const& pages)
{
    while (payload.size() < whole) {
        auto const page = next == 0 ? std::nullopt : pages(next);
        if (!page || page->size() <= 4)
            return std::nullopt;
        next = static_cast<std::uint32_t>(big_endian(std::string_view(*page).substr(0, 4)));
        payload += std::string_view(*page).substr(4, whole - payload.size());
    }
    return payload;
}

std::optional<RawRow> read_cell(std::string_view page, std::size_t at, PageSource const& pages)
{
    auto const length = read_varint(page, at);
    auto const rowid = length ? read_varint(page, at) : std::nullopt;
    if (!rowid || *length == 0 || *length > max_payload_bytes)
        return std::nullopt;
    auto const whole = static_cast<std::size_t>(*length);
    std::size_t const local = local_bytes(whole, page.size());
    if (at + local + (local < whole ? 4 : 0) > page.size())
        return std::nullopt;
    std::optional<std::vector<RawValue>> values;
    if (local == whole) {
        values = read_record(page.substr(at, whole));
    } else {
        auto const next = static_cast<std::uint32_t>(big_endian(page.substr(at + local, 4)));
        if (auto const payload = read_chain(std::string(page.substr(at, local)), whole, next, pages))
            values = read_record(*payload);
    }
    if (!values)
        return std::nullopt;
    return RawRow {static_cast<std::int64_t>(*rowid), std::move(*values)};
}

}

RawRows rows_of_leaf(std::string_view page, PageSource const& pages)
{
    RawRows found;
    if (page.size() < leaf_header_bytes || byte_at(page, 0) != table_leaf) {
        found.is_whole = false;
        return found;
    }
    std::size_t const count = two_bytes(page, 3);
    for (std::size_t index = 0; index < count; ++index) {
        std::size_t const pointer = leaf_header_bytes + 2 * index;
        if (pointer + 2 > page.size()) {
            found.is_whole = false;
            break;
        }
        auto row = read_cell(page, two_bytes(page, pointer), pages);
        bool const is_in_order = row && (found.rows.empty() || found.rows.back().rowid < row->rowid);
        found.is_whole = found.is_whole && is_in_order;
        if (row)
            found.rows.push_back(std::move(*row));
    }
    return found;
}

std::vector<RawRow> rows_anywhere(std::string_view page, PageSource const& pages)
{
    std::vector<RawRow> rows;
    for (std::size_t at = 0; at < page.size(); ++at)
        if (auto row = read_cell(page, at, pages); row && row->values.size() > 1)
            rows.push_back(std::move(*row));
    return rows;
}

}

#include "platform/postgres/parameters.h"

#include <type_traits>

namespace listenpost::postgres {
namespace {

// Types of pg_type that have had these numbers since there was a PostgreSQL 8.
constexpr std::uint32_t bytea_type = 17;
constexpr std::uint32_t bigint_type = 20;
constexpr std::uint32_t integer_type = 23;
constexpr std::uint32_t text_type = 25;
constexpr std::uint32_t bytea_array_type = 1001;
constexpr std::uint32_t integer_array_type = 1007;
constexpr std::uint32_t text_array_type = 1009;
constexpr std::uint32_t bigint_array_type = 1016;

/// Most significant byte first, as everything in PostgreSQL's binary form.
template <typename Integer>
void append(std::string& bytes, Integer value)
{
    auto const bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (int shift = 8 * (static_cast<int>(sizeof bits) - 1); shift >= 0; shift -= 8)
        bytes += static_cast<char>(bits >> shift & 0xFFU);
}

void append_array_head(std::string& bytes, std::uint32_t element_type, std::size_t size)
{
    append<std::int32_t>(bytes, size == 0 ? 0 : 1); // dimensions
    append<std::int32_t>(bytes, 0); // no NULL among them
    append(bytes, element_type);
    if (size == 0)
        return;
    append(bytes, static_cast<std::int32_t>(size));
    append<std::int32_t>(bytes, 1); // the first one's index
}

template <typename Integer>
std::string integer_array(std::span<Integer const> values, std::uint32_t element_type)
{
    std::string bytes;
    bytes.reserve(20 + values.size() * (4 + sizeof(Integer)));
    append_array_head(bytes, element_type, values.size());
    for (Integer const value : values) {
        append(bytes, static_cast<std::int32_t>(sizeof value));
        append(bytes, value);
    }
    return bytes;
}

}

Parameters& Parameters::add(std::int64_t value)
{
    std::string bytes;
    append(bytes, value);
    values_.push_back({bigint_type, std::move(bytes)});
    return *this;
}

Parameters& Parameters::add(std::int32_t value)
{
    std::string bytes;
    append(bytes, value);
    values_.push_back({integer_type, std::move(bytes)});
    return *this;
}

Parameters& Parameters::add(std::string_view text)
{
    values_.push_back({text_type, std::string(text)});
    return *this;
}

Parameters& Parameters::add_bytes(std::string_view bytes)
{
    values_.push_back({bytea_type, std::string(bytes)});
    return *this;
}

Parameters& Parameters::add_null()
{
    values_.push_back({0, std::nullopt});
    return *this;
}

Parameters& Parameters::add(std::span<std::int64_t const> values)
{
    values_.push_back({bigint_array_type, integer_array(values, bigint_type)});
    return *this;
}

Parameters& Parameters::add(std::span<std::int32_t const> values)
{
    values_.push_back({integer_array_type, integer_array(values, integer_type)});
    return *this;
}

Parameters& Parameters::add(std::span<std::string_view const> texts)
{
    return add_array(texts, text_type, text_array_type);
}

Parameters& Parameters::add_bytes(std::span<std::string_view const> values)
{
    return add_array(values, bytea_type, bytea_array_type);
}

Parameters& Parameters::add_array(
    std::span<std::string_view const> elements, std::uint32_t element_type, std::uint32_t array_type)
{
    std::size_t size = 20;
    for (auto const element : elements)
        size += 4 + element.size();
    std::string bytes;
    bytes.reserve(size);
    append_array_head(bytes, element_type, elements.size());
    for (auto const element : elements) {
        append(bytes, static_cast<std::int32_t>(element.size()));
        bytes += element;
    }
    values_.push_back({array_type, std::move(bytes)});
    return *this;
}

}

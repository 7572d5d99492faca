#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::postgres {

/// The values of a statement's $1, $2 … in order, in PostgreSQL's binary form, with their types.
/// Copies what it is given. Arrays have one dimension and no NULL; empty ones are fine.
class Parameters {
public:
    Parameters& add(std::int64_t value); ///< bigint
    Parameters& add(std::int32_t value); ///< integer
    /// text. Valid UTF-8 without the character 0, or the server refuses it (Errc::Invalid).
    Parameters& add(std::string_view text);
    Parameters& add(char const* text) { return add(std::string_view(text)); }
    Parameters& add_bytes(std::string_view bytes); ///< bytea
    Parameters& add_null(); ///< of the type that the statement says

    Parameters& add(std::span<std::int64_t const> values); ///< bigint[]
    Parameters& add(std::span<std::int32_t const> values); ///< integer[]
    Parameters& add(std::span<std::string_view const> texts); ///< text[]
    Parameters& add_bytes(std::span<std::string_view const> values); ///< bytea[]

private:
    friend class Connection;

    struct Value {
        std::uint32_t type; ///< the type's OID; 0: unknown
        std::optional<std::string> bytes; ///< nothing: NULL
    };
    Parameters& add_array(
        std::span<std::string_view const> elements, std::uint32_t element_type, std::uint32_t array_type);

    std::vector<Value> values_;
};

}

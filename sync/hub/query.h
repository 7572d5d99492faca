#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// One `name=value` of a request's query, still percent-encoded.
struct QueryParameter {
    std::string_view name;
    std::string_view value; ///< empty also where there is no '='
};

/// Takes the first parameter off a query (what follows a target's '?'). Nothing: it is used up.
std::optional<QueryParameter> take_parameter(std::string_view& query);

/// RFC 3986: `%E4%BA%AC` is three bytes, and `+` is a plus. Nothing: a '%' without two hex digits, or
/// what it stands for is no UTF-8, or holds the character 0.
std::optional<std::string> percent_decoded(std::string_view text);

/// All but RFC 3986's unreserved characters (letters, digits, - . _ ~) as %XX.
void append_percent_encoded(std::string& out, std::string_view text);

}

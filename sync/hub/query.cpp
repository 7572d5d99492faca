#include "sync/hub/query.h"

#include "platform/base/utf8.h"

#include <algorithm>
#include <charconv>

namespace listenpost::sync {
namespace {

bool is_clean_text(std::string_view text)
{
    while (!text.empty()) {
        // The replacement character itself has three bytes; what is none costs one.
        auto const before = text.size();
        char32_t const character = take_character(text);
        if (character == 0 || (character == replacement_character && before - text.size() == 1))
            return false;
    }
    return true;
}

bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
        || c == '_' || c == '~';
}

}

std::optional<QueryParameter> take_parameter(std::string_view& query)
{
    while (query.starts_with('&'))
        query.remove_prefix(1);
    if (query.empty())
        return {};
    auto const end = std::min(query.find('&'), query.size());
    std::string_view const pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    auto const equals = std::min(pair.find('='), pair.size());
    return QueryParameter {pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size()))};
}

std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string decoded;
    for (; !text.empty(); text.remove_prefix(1)) {
        if (text.front() != '%') {
            decoded += text.front();
            continue;
        }
        if (text.size() < 3)
            return {};
        unsigned char byte = 0;
        auto const [stop, error] = std::from_chars(text.data() + 1, text.data() + 3, byte, 16);
        if (error != std::errc() || stop != text.data() + 3)
            return {};
        decoded += static_cast<char>(byte);
        text.remove_prefix(2);
    }
    if (!is_clean_text(decoded))
        return {};
    return decoded;
}

void append_percent_encoded(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char const c : text) {
        if (is_unreserved(c)) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
}

}

#include "sync/wire/hub_url.h"

#include <algorithm>
#include <charconv>

namespace listenpost::sync {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_host_character(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-'
        || c == '_';
}

/// 127.a.b.c with four decimal numbers: a name that merely starts so is somebody else's.
bool is_loopback_v4(std::string_view host)
{
    if (host.ends_with('.'))
        return false;
    int parts = 0;
    while (!host.empty()) {
        auto const dot = host.find('.');
        std::string_view const part = host.substr(0, dot);
        int value = -1;
        auto const [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || end != part.data() + part.size() || value < 0 || value > 255)
            return false;
        if (parts == 0 && value != 127)
            return false;
        ++parts;
        host.remove_prefix(dot == std::string_view::npos ? host.size() : dot + 1);
    }
    return parts == 4;
}

bool is_loopback(std::string_view host)
{
    return host == "localhost" || host == "[::1]" || is_loopback_v4(host);
}

/// Host and port. Stricter than the standard: no user names, no exotic characters.
bool split_authority(std::string_view authority, std::string_view& host)
{
    std::size_t length = 0;
    if (authority.starts_with('[')) {
        auto const close = authority.find(']');
        if (close == std::string_view::npos)
            return false;
        length = close + 1;
        auto const inside = authority.substr(1, close - 1);
        if (!std::ranges::all_of(inside, [](char c) {
                return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':'
                    || c == '.';
            }))
            return false;
    } else {
        length = static_cast<std::size_t>(
            std::ranges::find_if_not(authority, is_host_character) - authority.begin());
    }
    host = authority.substr(0, length);
    std::string_view const port = authority.substr(length);
    bool const port_is_right = port.empty()
        || (port.size() >= 2 && port.size() <= 6 && port[0] == ':'
            && std::ranges::all_of(port.substr(1), is_digit));
    return !host.empty() && port_is_right;
}

}

Result<std::string> hub_url(std::string_view text)
{
    while (text.ends_with('/'))
        text.remove_suffix(1);
    bool const secure = text.starts_with("https://");
    if (!secure && !text.starts_with("http://"))
        return fail(Errc::Invalid, "the hub's address must start with https://");
    std::string_view const rest = text.substr(secure ? 8 : 7);
    std::string_view host;
    auto const slash = rest.find('/');
    if (!split_authority(rest.substr(0, slash), host))
        return fail(Errc::Invalid, "the hub's address is not of the form https://host[:port]");
    if (std::ranges::any_of(
            rest, [](unsigned char c) { return c <= 0x20 || c >= 0x7f || c == '?' || c == '#'; }))
        return fail(Errc::Invalid, "the hub's address has a blank, ? or # in it");
    if (!secure && !is_loopback(host))
        return fail(Errc::Invalid,
            "http:// is only allowed for this machine itself (127.0.0.1): the token would cross the network "
            "unprotected. Use https://, with --ca FILE if the hub has a certificate of your own");
    return std::string(text);
}

}

#include "sync/hub/admin_channel.h"
#include "sync/hub/commands.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

namespace listenpost::sync {
namespace {

using nlohmann::ordered_json;

std::string joined(ordered_json const& names)
{
    std::string text;
    for (auto const& name : names)
        text += (text.empty() ? "" : ", ") + name.get<std::string>();
    return text;
}

/// A box chose its own name: it must not move the operator's cursor.
std::string printable(ordered_json const& value)
{
    if (value.is_null())
        return "-";
    std::string text = value.is_string() ? value.get<std::string>()
        : value.is_array()               ? joined(value)
                                         : value.dump();
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text.empty() ? "-" : text;
}

std::string utc(std::int64_t unix_ms)
{
    std::time_t const seconds = unix_ms / 1'000;
    std::tm parts {};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &parts);
    return text;
}

std::string as_lines(ordered_json const& list, std::vector<char const*> const& columns)
{
    std::string text;
    for (auto const& entry : list) {
        for (auto const* column : columns) {
            if (column != columns.front())
                text += '\t';
            auto const value = entry.value(column, ordered_json()); // a running hub may be an older one
            text += value.is_number_integer() && std::string_view(column).ends_with("_ms")
                ? utc(value.get<std::int64_t>())
                : printable(value);
        }
        text += '\n';
    }
    return text;
}

struct List {
    char const* name;
    std::vector<char const*> columns;
};
std::vector<List> const lists {
    {"stores", {"id", "name", "region", "city", "timezone"}},
    {"devices", {"id", "store", "name", "enrolled_ms", "revoked_ms", "seen_ms", "version", "waiting"}},
    {"tokens", {"name", "role", "created_ms", "expires_ms", "revoked_ms", "region", "city", "store"}},
    {"pins", {"store", "set_ms", "device", "name", "state", "since_ms", "seen_ms"}},
    {"erasures", {"response", "device", "asked_ms", "done_ms", "done_by"}},
    {"audit", {"at_ms", "who", "what", "object", "detail"}},
};

std::string as_text(ordered_json const& reply, ListFormat format)
{
    for (auto const& [list, columns] : lists)
        if (reply.contains(list))
            return format == ListFormat::Json ? reply[list].dump(1) + "\n" : as_lines(reply[list], columns);
    if (auto const ids = reply.find("ids"); ids != reply.end()) {
        std::string text;
        for (auto const& id : *ids)
            text += printable(id) + "\n";
        return text;
    }
    // What scripts want is one word: the code, the token, the id.
    for (char const* word : {"code", "token", "store", "device", "name", "response", "survey"})
        if (reply.contains(word))
            return printable(reply[word]) + "\n";
    return {};
}

}

int complain(int code, std::string const& message)
{
    std::fprintf(stderr, "listenpost-hub: %s\n", message.c_str());
    return code;
}

int run_admin_command(AdminCommand const& command)
{
    auto const answer = command.postgres
        ? run_admin_request_on_postgres(*command.postgres, command.request)
        : send_admin_request(DataFolder {command.data}, command.request, command.patience);
    if (!answer)
        return complain(exit_failed, answer.error().detail);
    auto const reply = ordered_json::parse(*answer, nullptr, false);
    if (!reply.is_object())
        return complain(exit_failed, "the running hub's answer cannot be read");
    if (auto const error = reply.find("error"); error != reply.end())
        return complain(exit_failed, error->value("detail", "it did not work"));
    std::string const text = as_text(reply, command.format);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        return complain(exit_failed, "cannot write to the standard output");
    return exit_done;
}

}

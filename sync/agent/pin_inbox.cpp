#include "sync/agent/pin_inbox.h"

#include "kiosk/manager/manager_pin.h"
#include "platform/os/files.h"
#include "sync/wire/digest.h"

#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

constexpr std::size_t max_bytes = 4096;

std::optional<kiosk::ManagerPin> read_pin(std::filesystem::path const& path)
{
    auto const text = read_file(path, max_bytes);
    auto pin = text ? kiosk::parse_manager_pin(*text) : fail(text.error());
    return pin ? std::optional(std::move(*pin)) : std::nullopt;
}

}

HeldPin PinInbox::held() const
{
    auto const sent = read_pin(folder_.sent_pin());
    if (!sent)
        return {};
    auto const kept = read_pin(folder_.kept_pin());
    return {sha256_hex(sent->hash), kiosk::is_news(kept, *sent) || kept->hash == sent->hash};
}

Result<bool> PinInbox::take(std::string_view reply)
{
    auto const root = json::parse(reply, nullptr, false);
    if (!root.is_object() || !root.contains("manager_pin"))
        return false;
    // Not as text again: that goes down as many levels as somebody has sent.
    auto const& sent = root["manager_pin"];
    auto const hash = sent.is_object() ? sent.find("hash") : sent.end();
    bool const has_hash = sent.is_object() && hash != sent.end() && hash->is_string();
    auto const pin = kiosk::parse_manager_pin(
        to_json(kiosk::ManagerPin {has_hash ? hash->get<std::string>() : std::string(), {}}));
    if (!pin)
        return fail(pin.error());
    auto const path = folder_.sent_pin();
    auto const there = read_pin(path);
    if (there && there->hash == pin->hash)
        return false;
    LISTENPOST_TRY(make_private_folder(path.parent_path()));
    LISTENPOST_TRY(write_file_atomically(path, to_json(kiosk::ManagerPin {pin->hash, {}})));
    return true;
}

}

#include "kiosk/manager/pin_store.h"

#include "platform/base/crc32.h"
#include "platform/base/log.h"
#include "platform/crypto/password_hash.h"
#include "platform/os/files.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace listenpost::kiosk {
namespace {

using nlohmann::json;

constexpr std::size_t max_bytes = 4096;
/// Attempts that cannot be read: as many as take the longest wait.
constexpr int unreadable = 7;
/// Of the file with the attempts, whatever is in it: the next ones fit where the last ones are.
constexpr std::size_t attempts_bytes = 256;

std::int64_t number(json const& root, char const* key)
{
    auto const found = root.find(key);
    return found != root.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
}

}

PinStore::PinStore(std::filesystem::path data, Clock const& clock)
    : data_(std::move(data))
    , clock_(clock)
{
}

Result<std::optional<ManagerPin>> PinStore::read_pin() const
{
    auto const text = read_file(data_ / "manager_pin.json", max_bytes);
    if (!text && text.error().code == Errc::NotFound)
        return std::nullopt;
    if (!text)
        return fail(text.error());
    auto pin = parse_manager_pin(*text);
    if (!pin)
        return fail(Errc::Corrupt, pin.error().detail);
    return std::move(*pin);
}

/// Its attempts have their room from then on, whatever fills the disk.
Result<> PinStore::write_pin(ManagerPin const& pin) const
{
    LISTENPOST_TRY(write_file_atomically(data_ / "manager_pin.json", to_json(pin)));
    if (auto const written = write_attempts(pin, {}); !written) // the first attempt tries it again
        log(LogLevel::Warn, "no_room_for_attempts", {{"detail", written.error().detail}});
    return {};
}

Result<std::optional<ManagerPin>> PinStore::adopt(std::optional<ManagerPin> current)
{
    auto const text = read_file(data_ / "inbox/manager_pin.json", max_bytes);
    if (!text && text.error().code == Errc::NotFound)
        return current;
    auto sent = text ? parse_manager_pin(*text) : Result<ManagerPin>(fail(text.error()));
    if (!sent) {
        log(LogLevel::Warn, "manager_pin_refused", {{"detail", sent.error().detail}});
        return current;
    }
    if (!is_news(current, *sent))
        return current;
    ManagerPin const taken {sent->hash, sent->hash};
    LISTENPOST_TRY(write_pin(taken));
    log(LogLevel::Info, "manager_pin_adopted");
    return taken;
}

/// Attempts name the PIN they were made at: with another one they are over.
PinAttempts PinStore::read_attempts(ManagerPin const& pin) const
{
    auto const text = read_file(data_ / "manager_attempts.json", max_bytes);
    if (!text && text.error().code == Errc::NotFound)
        return {};
    PinAttempts const worst {unreadable, {}, {}};
    if (!text)
        return worst;
    json const root = json::parse(*text, nullptr, false);
    if (!root.is_object())
        return worst;
    std::int64_t const wrong = number(root, "wrong");
    std::int64_t const steady = number(root, "steady_ms");
    auto const boot = root.find("boot");
    json unsealed = root;
    unsealed.erase("sum");
    bool const is_sealed = number(root, "sum") == crc32(unsealed.dump());
    bool const is_whole = is_sealed && wrong >= 0 && steady >= 0 && boot != root.end() && boot->is_string();
    if (!is_whole || number(root, "pin") < 0)
        return worst;
    if (number(root, "pin") != crc32(pin.hash))
        return {};
    return {static_cast<int>(std::min<std::int64_t>(wrong, 1'000'000)), boot->get<std::string>(),
        SteadyTime(std::chrono::milliseconds(steady))};
}

Result<> PinStore::write_attempts(ManagerPin const& pin, PinAttempts const& attempts) const
{
    json root {{"wrong", attempts.wrong}, {"boot", attempts.boot_id},
        {"steady_ms", attempts.last.time_since_epoch().count()}, {"pin", crc32(pin.hash)}};
    root["sum"] = crc32(root.dump());
    std::string text = root.dump();
    text.resize(std::max(text.size(), attempts_bytes - 1), ' ');
    text += '\n';
    auto const path = data_ / "manager_attempts.json";
    auto const written = write_file_atomically(path, text);
    if (written || written.error().code != Errc::Full)
        return written;
    return overwrite_file(path, text);
}

PinState PinStore::state(PinAttempts const& attempts) const
{
    return {true, attempts.wrong, time_left(attempts, clock_.steady_now(), clock_.boot_id()),
        wait_after(attempts.wrong)};
}

Result<PinState> PinStore::look()
{
    auto kept = read_pin();
    // What is damaged here is mended by a PIN that head office sends, and by nothing else.
    auto adopted = adopt(kept ? *kept : std::nullopt);
    if (!adopted)
        return fail(adopted.error());
    if (!*adopted && !kept)
        return fail(kept.error());
    if (!*adopted)
        return PinState {};
    return state(read_attempts(**adopted));
}

Result<PinJudgement> PinStore::judge(std::string_view pin)
{
    auto const kept = read_pin();
    if (!kept)
        return fail(kept.error());
    if (!*kept)
        return PinJudgement {PinVerdict::NotSet, {}};
    ManagerPin const& known = **kept;
    PinAttempts attempts = read_attempts(known);
    if (PinState const before = state(attempts); before.left > before.left.zero())
        return PinJudgement {PinVerdict::Locked, before};
    ++attempts.wrong;
    attempts.boot_id = clock_.boot_id();
    attempts.last = clock_.steady_now();
    LISTENPOST_TRY(write_attempts(known, attempts));
    auto const matches = password_matches(known.hash, pin);
    if (!matches)
        return fail(matches.error());
    if (!*matches)
        return PinJudgement {PinVerdict::Wrong, state(attempts)};
    PinAttempts none = attempts;
    none.wrong = 0;
    if (auto const written = write_attempts(known, none); written)
        attempts = none;
    else
        log(LogLevel::Warn, "manager_attempts_stay", {{"detail", written.error().detail}});
    return PinJudgement {PinVerdict::Right, state(attempts)};
}

Result<> PinStore::set(std::string_view pin)
{
    auto hash = hash_new_pin(pin);
    if (!hash)
        return fail(hash.error());
    ManagerPin next {std::move(*hash), {}};
    if (auto const kept = read_pin(); kept && *kept)
        next.adopted = (*kept)->adopted;
    // What has come into the inbox so far is older than what is set now.
    if (auto const text = read_file(data_ / "inbox/manager_pin.json", max_bytes))
        if (auto const sent = parse_manager_pin(*text))
            next.adopted = sent->hash;
    return write_pin(next);
}

}

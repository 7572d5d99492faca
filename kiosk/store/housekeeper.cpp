#include "kiosk/store/housekeeper.h"

#include "platform/base/log.h"
#include "platform/os/files.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds between_steps = 1h;
constexpr std::chrono::milliseconds after_start = 1min; // when all else that starts with the box has started
constexpr std::chrono::milliseconds between_parts = 1s;
constexpr std::chrono::milliseconds after_interruption = 5min; // a busy hour would only be interrupted again

}

Housekeeper::Housekeeper(std::filesystem::path const& data, std::chrono::days keep, Clock const& clock)
    : conflicts_ {data / "inbox/conflict.json"}
    , erasures_ {data / "inbox/erase.json"}
    , clock_(&clock)
    , due_(clock.steady_now())
    , retention_ {data / "delivery.db", keep}
    , retention_due_(due_ + after_start)
{
}

std::chrono::milliseconds Housekeeper::until_due() const
{
    return std::max(std::chrono::milliseconds(0), std::min(due_, retention_due_) - clock_->steady_now());
}

void Housekeeper::store_opened()
{
    for (auto* request : {&conflicts_, &erasures_})
        request->settled.clear();
    due_ = clock_->steady_now();
}

Result<> Housekeeper::step(ResponseStore& store, std::function<bool()> const& is_wanted)
{
    auto const now = Stamp::now(*clock_);
    if (now.steady >= due_) {
        due_ = now.steady + between_steps;
        LISTENPOST_TRY(note_time(store, now));
        LISTENPOST_TRY(adopt_conflicts(store));
        auto const erased = erase_words(store, is_wanted);
        if (!erased)
            return fail(erased.error());
        if (*erased == Erased::Interrupted)
            return {}; // whoever it is comes before the reserve, too
        if (auto const whole = store.top_up_reserve(); !whole)
            return tell_failure("reserve_not_whole", whole.error());
    } else if (now.steady >= retention_due_) {
        return remove_old(store, now);
    }
    return {};
}

Result<> Housekeeper::note_time(ResponseStore& store, Stamp const& now)
{
    for (auto const& noted : {store.note_clock(now), store.note_day(now)})
        if (!noted)
            LISTENPOST_TRY(tell_failure("clock_not_noted", noted.error()));
    return {};
}

Result<> Housekeeper::remove_old(ResponseStore& store, Stamp const& now)
{
    auto const more = store.remove_old(retention_, now);
    retention_due_ = now.steady + (more && *more ? between_parts : between_steps);
    return more ? Result<>() : tell_failure("old_responses_kept", more.error());
}

std::optional<std::string> Housekeeper::read_request(
    Request& request, std::size_t max_bytes, std::string_view event)
{
    auto text = read_file(request.file, max_bytes);
    if (!text) {
        request.settled.clear();
        if (text.error().code != Errc::NotFound)
            tell_once(event, text.error().detail);
        return std::nullopt;
    }
    return *text == request.settled ? std::nullopt : std::optional(std::move(*text));
}

Result<> Housekeeper::adopt_conflicts(ResponseStore& store)
{
    constexpr std::string_view not_read = "conflicts_not_read";
    auto text = read_request(conflicts_, ConflictRequest::max_bytes, not_read);
    if (!text)
        return {};
    auto const request = parse_conflict_request(*text);
    if (!request) {
        tell_once(not_read, request.error().detail);
        return {};
    }
    auto const moved = store.adopt(*request);
    if (!moved)
        return tell_failure("conflicts_not_adopted", moved.error());
    conflicts_.settled = std::move(*text);
    log(LogLevel::Warn, "conflicts_adopted",
        {{"from", request->install}, {"to", store.install_id()}, {"responses", *moved}});
    return {};
}

Result<Erased> Housekeeper::erase_words(ResponseStore& store, std::function<bool()> const& is_wanted)
{
    auto const now = clock_->steady_now();
    if (now < erase_not_before_) {
        due_ = std::min(due_, erase_not_before_);
        return Erased::NotYet;
    }
    constexpr std::string_view not_read = "erasures_not_read";
    auto text = read_request(erasures_, EraseRequest::max_bytes, not_read);
    if (!text)
        return Erased::Done;
    auto const request = parse_erase_request(*text);
    if (!request) {
        tell_once(not_read, request.error().detail);
        return Erased::Done;
    }
    if (!request->unreadable.empty())
        tell_once("erasures_passed_over", request->unreadable.front());
    auto const erased = store.erase(*request, is_wanted);
    if (!erased) {
        LISTENPOST_TRY(tell_failure("text_not_erased", erased.error()));
        return Erased::NotYet;
    }
    if (*erased == Erased::Done)
        erasures_.settled = std::move(*text);
    else if (*erased == Erased::NotYet)
        due_ = std::min(due_, now + between_parts);
    else
        due_ = std::min(due_, erase_not_before_ = now + after_interruption);
    return erased;
}

/// Of the store: the error itself where it is damage.
Result<> Housekeeper::tell_failure(std::string_view event, Error const& error)
{
    tell_once(event, error.detail);
    return error.code == Errc::Corrupt ? Result<>(fail(error)) : Result<>();
}

/// A fault that lasts is met again after every customer.
void Housekeeper::tell_once(std::string_view event, std::string const& detail)
{
    auto const [told, is_new] = told_.try_emplace(std::string(event), detail);
    if (is_new || std::exchange(told->second, detail) != detail)
        log(LogLevel::Warn, event, {{"detail", detail}});
}

}

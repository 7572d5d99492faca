#include "kiosk/store/housekeeper.h"

#include "platform/base/log.h"
#include "platform/os/files.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds between_steps = 1h;

}

Housekeeper::Housekeeper(std::filesystem::path data, Clock const& clock)
    : conflict_file_(std::move(data) / "inbox/conflict.json")
    , clock_(&clock)
    , due_(clock.steady_now())
{
}

std::chrono::milliseconds Housekeeper::until_due() const
{
    return std::max(std::chrono::milliseconds(0), due_ - clock_->steady_now());
}

void Housekeeper::step(ResponseStore& store)
{
    auto const now = Stamp::now(*clock_);
    due_ = now.steady + between_steps;
    if (auto const noted = store.note_clock(now); !noted)
        tell_once("clock_not_noted", noted.error().detail);
    adopt_conflicts(store);
}

void Housekeeper::adopt_conflicts(ResponseStore& store)
{
    auto text = read_file(conflict_file_, ConflictRequest::max_bytes);
    if (!text) {
        settled_request_.clear();
        if (text.error().code != Errc::NotFound)
            tell_once("conflicts_not_read", text.error().detail);
        return;
    }
    if (*text == settled_request_)
        return;
    auto const request = parse_conflict_request(*text);
    if (!request)
        return tell_once("conflicts_not_read", request.error().detail);
    auto const moved = store.adopt(*request);
    if (!moved)
        return tell_once("conflicts_not_adopted", moved.error().detail);
    settled_request_ = std::move(*text);
    log(LogLevel::Warn, "conflicts_adopted",
        {{"from", request->install}, {"to", store.install_id()}, {"responses", *moved}});
}

/// A fault that lasts is met again after every customer.
void Housekeeper::tell_once(std::string_view event, std::string const& detail)
{
    auto const [told, is_new] = told_.try_emplace(std::string(event), detail);
    if (is_new || std::exchange(told->second, detail) != detail)
        log(LogLevel::Warn, event, {{"detail", detail}});
}

}

#include "sync/hub/moment.h"

#include "sync/wire/limits.h"

#include <charconv>
#include <chrono>

namespace listenpost::sync {
namespace {

/// Exactly `digits` of them, taken off the text.
std::optional<unsigned> take_number(std::string_view& text, std::size_t digits)
{
    unsigned number = 0;
    if (text.size() < digits)
        return {};
    for (char const c : text.substr(0, digits)) {
        if (c < '0' || c > '9')
            return {};
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    text.remove_prefix(digits);
    return number;
}

bool take(std::string_view& text, std::string_view one_of)
{
    if (text.empty() || one_of.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text)
{
    using namespace std::chrono;
    auto const year_number = take_number(text, 4);
    auto const month_number = year_number && take(text, "-") ? take_number(text, 2) : std::nullopt;
    auto const day_number = month_number && take(text, "-") ? take_number(text, 2) : std::nullopt;
    if (!day_number)
        return {};
    year_month_day const date(year(static_cast<int>(*year_number)), month(*month_number), day(*day_number));
    return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

/// `hh:mm`
std::optional<std::chrono::minutes> take_hours_and_minutes(std::string_view& text)
{
    auto const hours = take_number(text, 2);
    auto const minutes = hours && take(text, ":") ? take_number(text, 2) : std::nullopt;
    if (!minutes || *hours > 23 || *minutes > 59)
        return {};
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

/// What follows the seconds, if anything: `.` and digits. Rounded up to milliseconds.
std::optional<std::chrono::milliseconds> take_fraction(std::string_view& text)
{
    if (!take(text, "."))
        return std::chrono::milliseconds(0);
    int milliseconds = 0;
    bool finer = false;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        int const digit = text.front() - '0';
        ++digits;
        if (digits <= 3)
            milliseconds = milliseconds * 10 + digit;
        else
            finer = finer || digit != 0;
    }
    if (digits == 0)
        return {};
    for (; digits < 3; ++digits)
        milliseconds *= 10;
    return std::chrono::milliseconds(milliseconds + (finer ? 1 : 0));
}

/// `Z`, or what is to be taken off to come to UTC.
std::optional<std::chrono::minutes> take_offset(std::string_view& text)
{
    if (take(text, "Zz"))
        return std::chrono::minutes(0);
    bool const is_east = !text.empty() && text.front() == '+';
    if (!take(text, "+-"))
        return {};
    auto const offset = take_hours_and_minutes(text);
    return offset && !is_east ? -*offset : offset;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text)
{
    auto const date = take_date(text);
    auto const minutes = date && take(text, "Tt") ? take_hours_and_minutes(text) : std::nullopt;
    auto const seconds = minutes && take(text, ":") ? take_number(text, 2) : std::nullopt;
    auto const fraction = seconds && *seconds < 60 ? take_fraction(text) : std::nullopt;
    auto const offset = fraction ? take_offset(text) : std::nullopt;
    if (!offset || !text.empty())
        return {};
    auto const time = *date + *minutes + std::chrono::seconds(*seconds) + *fraction - *offset;
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::optional<std::int64_t> parse_milliseconds(std::string_view text)
{
    std::int64_t number = 0;
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size())
        return {};
    return number;
}

}

std::optional<std::int64_t> parse_moment(std::string_view text)
{
    auto moment = parse_milliseconds(text);
    if (!moment)
        moment = parse_rfc3339(text);
    if (!moment || *moment < 0 || *moment > limits::max_wall_ms)
        return {};
    return moment;
}

}

#include "sync/wire/batch_writer.h"

#include "kiosk/model/response.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace listenpost::sync {
namespace {

constexpr std::string_view end_of_responses = "]";
constexpr std::string_view start_of_clocks = R"(,"clocks":[)";
constexpr std::string_view end_of_batch = "}";

void append_integer(std::string& out, std::int64_t value)
{
    char digits[std::numeric_limits<std::int64_t>::digits10 + 3];
    auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

/// A clock is help, no customer's word: a damaged one must not get the whole batch refused.
bool is_sound(kiosk::BootClock const& clock)
{
    return clock.boot_id.size() <= limits::max_boot_bytes && clock.wall_ms >= 0
        && clock.wall_ms <= limits::max_wall_ms && clock.steady_ms >= 0
        && clock.steady_ms <= limits::max_integer;
}

std::size_t size_of_end(std::string const& clocks)
{
    std::size_t const size = end_of_responses.size() + end_of_batch.size();
    return clocks.empty() ? size : size + start_of_clocks.size() + clocks.size() + 1;
}

void append_flag(std::string& out, bool value) { out += value ? "true" : "false"; }

}

void BatchWriter::begin(std::string_view install, Stamp const& sent, std::span<kiosk::BootClock const> known)
{
    seqs_.clear();
    sent_boot_ = sent.boot_id;
    known_ = known;
    named_boots_.clear();
    clocks_.clear();
    json_.clear();
    json_ += R"({"v":)";
    append_integer(json_, limits::wire_version);
    json_ += R"(,"install":)";
    kiosk::append_json_string(json_, install);
    json_ += R"(,"sent":{"wall_ms":)";
    append_integer(json_, sent.wall.time_since_epoch().count());
    json_ += R"(,"steady_ms":)";
    append_integer(json_, sent.steady.time_since_epoch().count());
    json_ += R"(,"boot":)";
    kiosk::append_json_string(json_, sent.boot_id);
    json_ += R"(,"clock_set":)";
    append_flag(json_, sent.wall_is_set);
    json_ += R"(},"responses":[)";
}

bool BatchWriter::add(kiosk::StoredResponse const& row)
{
    if (!seqs_.empty() && seqs_.size() >= limits_.max_responses)
        return false;
    std::size_t const before = json_.size();
    std::size_t const clocks_before = clocks_.size();
    std::size_t const boots_before = named_boots_.size();
    take_clock_of(row.boot_id);
    json_ += seqs_.empty() ? R"({"seq":)" : R"(,{"seq":)";
    append_integer(json_, row.seq);
    json_ += R"(,"steady_ms":)";
    append_integer(json_, row.steady_ms);
    json_ += R"(,"opened_ms":)";
    append_integer(json_, row.opened_ms);
    if (row.is_event())
        append_event(row);
    else
        append_response(row);
    json_ += '}';
    if (!seqs_.empty() && json_.size() + size_of_end(clocks_) > limits_.max_bytes) {
        json_.resize(before);
        clocks_.resize(clocks_before);
        named_boots_.resize(boots_before);
        return false;
    }
    seqs_.push_back(row.seq);
    return true;
}

void BatchWriter::append_event(kiosk::StoredResponse const& row)
{
    // As the kiosk wrote it, without the braces of its own.
    std::string_view members = row.event;
    if (members.starts_with('{') && members.ends_with('}'))
        members = members.substr(1, members.size() - 2);
    json_ += ',';
    json_ += members;
    json_ += R"(,"clock_set":)";
    append_flag(json_, row.clock_set);
    json_ += R"(,"boot":)";
    kiosk::append_json_string(json_, row.boot_id);
}

void BatchWriter::append_response(kiosk::StoredResponse const& response)
{
    json_ += R"(,"took_ms":)";
    append_integer(json_, response.took_ms);
    json_ += R"(,"answers":)";
    // As the kiosk wrote it. Should the disk have spoilt it, the hub says so, and this one is set aside.
    json_ += response.answers;
    if (!response.comment.empty()) {
        json_ += R"(,"comment":)";
        kiosk::append_json_string(json_, response.comment);
    }
    if (!response.flags.empty()) {
        json_ += R"(,"flags":)";
        json_ += response.flags; // likewise as the kiosk wrote it
    }
    json_ += R"(,"outcome":)";
    kiosk::append_json_string(json_, response.outcome);
    json_ += R"(,"closed_by":)";
    kiosk::append_json_string(json_, response.closed_by);
    json_ += R"(,"clock_set":)";
    append_flag(json_, response.clock_set);
    json_ += R"(,"boot":)";
    kiosk::append_json_string(json_, response.boot_id);
    json_ += R"(,"survey":)";
    kiosk::append_json_string(json_, response.survey);
    json_ += R"(,"survey_version":)";
    append_integer(json_, response.survey_version);
    json_ += R"(,"touchpoint":)";
    kiosk::append_json_string(json_, response.touchpoint);
    json_ += R"(,"lang":)";
    kiosk::append_json_string(json_, response.language);
}

void BatchWriter::take_clock_of(std::string_view boot)
{
    // Nearly always the boot of the sending, or that of the response before.
    if (boot == sent_boot_
        || std::find(named_boots_.rbegin(), named_boots_.rend(), boot) != named_boots_.rend())
        return;
    named_boots_.emplace_back(boot);
    auto const clock = std::ranges::find(known_, boot, &kiosk::BootClock::boot_id);
    if (clock == known_.end() || !is_sound(*clock))
        return;
    clocks_ += clocks_.empty() ? R"({"boot":)" : R"(,{"boot":)";
    kiosk::append_json_string(clocks_, clock->boot_id);
    clocks_ += R"(,"steady_ms":)";
    append_integer(clocks_, clock->steady_ms);
    clocks_ += R"(,"wall_ms":)";
    append_integer(clocks_, clock->wall_ms);
    clocks_ += '}';
}

std::string_view BatchWriter::finish()
{
    json_ += end_of_responses;
    if (!clocks_.empty()) {
        json_ += start_of_clocks;
        json_ += clocks_;
        json_ += ']';
    }
    json_ += end_of_batch;
    return json_;
}

}

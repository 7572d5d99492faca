#include "sync/wire/response_reader.h"

#include "kiosk/model/survey.h"
#include "sync/wire/limits.h"

#include <array>
#include <cstdlib>

namespace listenpost::sync {
namespace {

namespace dom = simdjson::dom;

enum Field : unsigned {
    Seq,
    OpenedMs,
    TookMs,
    SteadyMs,
    Boot,
    ClockSet,
    Answers,
    Outcome,
    ClosedBy,
    Survey,
    SurveyVersion,
    Touchpoint,
    Lang,
    Comment,
    FieldCount
};

constexpr std::array<std::string_view, FieldCount> field_names {"seq", "opened_ms", "took_ms", "steady_ms",
    "boot", "clock_set", "answers", "outcome", "closed_by", "survey", "survey_version", "touchpoint", "lang",
    "comment"};

/// What the hub writes before a response's own fields when HQ pulls: a box that sent
/// one of these could pass for another store.
constexpr std::array<std::string_view, 5> reserved_names {
    "store", "device", "install", "received_ms", "at_ms"};

constexpr unsigned bit(Field field) { return 1U << field; }
constexpr unsigned all_required = (1U << FieldCount) - 1 - bit(Comment);

/// Boxes send their fields in one order, so the guess is nearly always right.
Field field_of(std::string_view name, unsigned guess)
{
    for (unsigned i = 0; i < FieldCount; ++i) {
        unsigned const candidate = (guess + i) % FieldCount;
        if (field_names[candidate] == name)
            return static_cast<Field>(candidate);
    }
    return FieldCount;
}

std::string quoted(std::string_view name)
{
    // A field's name comes from outside, and ends in a log and on a manager's screen.
    return std::string(name.substr(0, limits::max_id_bytes));
}

std::optional<std::string> read_integer(
    dom::element value, std::string_view name, std::int64_t lowest, std::int64_t highest, std::int64_t& out)
{
    if (value.get_int64().get(out) != simdjson::SUCCESS)
        return std::string(name) + " is not an integer";
    if (out < lowest || out > highest)
        return std::string(name) + " is " + std::to_string(out) + "; " + std::to_string(lowest) + " to "
            + std::to_string(highest);
    return {};
}

std::optional<std::string> read_text(
    dom::element value, std::string_view name, std::size_t max_bytes, std::string_view& out)
{
    if (value.get_string().get(out) != simdjson::SUCCESS)
        return std::string(name) + " is not text";
    if (out.size() > max_bytes)
        return std::string(name) + " has " + std::to_string(out.size()) + " bytes; at most "
            + std::to_string(max_bytes);
    return {};
}

std::optional<std::string> read_id(dom::element value, std::string_view name, std::string_view& out)
{
    if (auto complaint = read_text(value, name, limits::max_id_bytes, out))
        return complaint;
    if (out.empty())
        return std::string(name) + " is empty";
    return {};
}

std::optional<std::string> check_reasons(dom::element value)
{
    dom::array reasons;
    if (value.get_array().get(reasons) != simdjson::SUCCESS)
        return "reasons is not a list";
    std::size_t count = 0;
    for (dom::element const reason : reasons) {
        std::string_view text;
        if (++count > limits::max_reasons)
            return "reasons has more than " + std::to_string(limits::max_reasons) + " entries";
        if (auto complaint = read_id(reason, "reasons[]", text))
            return complaint;
    }
    return {};
}

/// A value whose type read_fields() has checked already.
template <typename T>
T checked(simdjson::simdjson_result<dom::element> element)
{
    T value {};
    if (element.get(value) != simdjson::SUCCESS)
        std::abort();
    return value;
}

}

Result<> ResponseReader::read(dom::object object, ParsedResponse& response)
{
    comment_ = {};
    if (auto complaint = read_fields(object, response)) {
        if (response.seq == 0) {
            // Nothing was read yet, or seq itself is the fault: look for it alone.
            std::int64_t seq = 0;
            dom::element value;
            if (object["seq"].get(value) != simdjson::SUCCESS)
                return fail(Errc::Invalid, "seq is missing");
            if (auto wrong = read_integer(value, "seq", 1, limits::max_integer, seq))
                return fail(Errc::Invalid, std::move(*wrong));
            response.seq = seq;
        }
        response.refusal = Refusal {"invalid", std::move(*complaint)};
        return {};
    }
    response.digest = digest_of(response);
    return {};
}

ResponseReader::Complaint ResponseReader::read_fields(dom::object object, ParsedResponse& response)
{
    unsigned seen = 0;
    unsigned guess = 0;
    for (auto const [name, value] : object) {
        Field const field = field_of(name, guess);
        if (field == FieldCount) {
            for (auto const reserved : reserved_names)
                if (name == reserved)
                    return quoted(name) + " is the hub's own field";
            continue;
        }
        guess = field + 1;
        if (seen & bit(field))
            return quoted(name) + " stands twice";
        seen |= bit(field);

        Complaint complaint;
        std::string_view text;
        std::int64_t number = 0;
        switch (field) {
        case Seq:
            complaint = read_integer(value, name, 1, limits::max_integer, number);
            response.seq = complaint ? 0 : number;
            break;
        case OpenedMs:
            complaint = read_integer(value, name, 0, limits::max_wall_ms, response.opened_ms);
            break;
        case TookMs:
            complaint = read_integer(value, name, 0, limits::max_integer, response.took_ms);
            break;
        case SteadyMs:
            complaint = read_integer(value, name, 0, limits::max_integer, response.steady_ms);
            break;
        case SurveyVersion:
            complaint = read_integer(value, name, 0, limits::max_integer, number);
            break;
        case Boot:
            complaint = read_text(value, name, limits::max_boot_bytes, text);
            response.boot = text;
            break;
        case ClockSet:
            if (value.get_bool().get(response.clock_set) != simdjson::SUCCESS)
                complaint = "clock_set is neither true nor false";
            break;
        case Answers:
            complaint = check_answers(value);
            break;
        case Outcome:
            complaint = read_text(value, name, limits::max_id_bytes, text);
            if (!complaint && text != "complete" && text != "partial")
                complaint = "outcome is neither complete nor partial";
            response.outcome = text == "complete" ? kiosk::Outcome::Complete : kiosk::Outcome::Partial;
            break;
        case ClosedBy:
            complaint = read_text(value, name, limits::max_id_bytes, text);
            if (!complaint && text != "finish" && text != "timeout" && text != "restart")
                complaint = "closed_by is none of finish, timeout, restart";
            break;
        case Survey:
            complaint = read_id(value, name, text);
            break;
        case Touchpoint:
        case Lang:
            complaint = read_text(value, name, limits::max_id_bytes, text);
            break;
        case Comment:
            complaint = read_text(value, name, limits::max_comment_bytes, comment_);
            break;
        case FieldCount:
            break;
        }
        if (complaint)
            return complaint;
    }
    for (unsigned field = 0; field < FieldCount; ++field)
        if (all_required & ~seen & (1U << field))
            return std::string(field_names[field]) + " is missing";
    return {};
}

ResponseReader::Complaint ResponseReader::check_answers(dom::element value)
{
    if (value.get_array().get(answers_) != simdjson::SUCCESS)
        return "answers is not a list";
    std::size_t index = 0;
    for (dom::element const item : answers_) {
        auto const place
            = [&](char const* field) { return "answers[" + std::to_string(index) + "]" + field; };
        if (index == limits::max_answers)
            return "answers has more than " + std::to_string(limits::max_answers) + " entries";
        dom::object answer;
        if (item.get_object().get(answer) != simdjson::SUCCESS)
            return place(" is not an object");
        bool has_question = false;
        bool has_score = false;
        bool has_reasons = false;
        for (auto const [name, part] : answer) {
            std::string_view text;
            std::int64_t score = 0;
            bool* seen = nullptr;
            Complaint complaint;
            if (name == "q") {
                seen = &has_question;
                complaint = read_id(part, "q", text);
            } else if (name == "score") {
                seen = &has_score;
                complaint = read_integer(
                    part, "score", kiosk::Survey::lowest_score, kiosk::Survey::highest_score, score);
            } else if (name == "reasons") {
                seen = &has_reasons;
                complaint = check_reasons(part);
            } else {
                continue;
            }
            if (!complaint && *seen)
                complaint = std::string(name) + " stands twice";
            if (complaint)
                return place(".") + *complaint;
            *seen = true;
        }
        if (!has_question)
            return place(".q is missing");
        if (!has_score)
            return place(".score is missing");
        ++index;
    }
    if (index == 0)
        return "answers is empty";
    return {};
}

std::uint64_t ResponseReader::digest_of(ParsedResponse const& response)
{
    digest_.add(response.opened_ms);
    digest_.add(response.took_ms);
    digest_.add(response.steady_ms);
    digest_.add(response.boot);
    for (dom::element const answer : answers_) {
        digest_.add(checked<std::string_view>(answer["q"]));
        digest_.add(checked<std::int64_t>(answer["score"]));
        dom::array reasons;
        if (answer["reasons"].get(reasons) != simdjson::SUCCESS)
            continue;
        for (dom::element const reason : reasons)
            digest_.add(checked<std::string_view>(dom::element(reason)));
    }
    digest_.add(comment_);
    return digest_.finish();
}

}

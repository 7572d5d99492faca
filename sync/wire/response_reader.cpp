#include "sync/wire/response_reader.h"

#include "kiosk/model/response.h"
#include "sync/wire/limits.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace listenpost::sync {
namespace {

namespace dom = simdjson::dom;

// In the order in which boxes send them.
enum Field : unsigned {
    Seq,
    OpenedMs,
    TookMs,
    SteadyMs,
    Answers,
    Comment,
    Flags,
    Outcome,
    ClosedBy,
    ClockSet,
    Boot,
    Survey,
    SurveyVersion,
    Touchpoint,
    Lang,
    Event,
    FieldCount
};

constexpr std::array<std::string_view, FieldCount> field_names {"seq", "opened_ms", "took_ms", "steady_ms",
    "answers", "comment", "flags", "outcome", "closed_by", "clock_set", "boot", "survey", "survey_version",
    "touchpoint", "lang", "event"};

/// What the hub writes before a response's own fields when HQ pulls: a box that sent
/// one of these could pass for another store. And what it leaves in the place of an erased comment.
constexpr std::array<std::string_view, 6> reserved_names {
    "store", "device", "install", "received_ms", "at_ms", "comment_erased"};

constexpr unsigned bit(Field field) { return 1U << field; }
constexpr unsigned of_response = (1U << FieldCount) - 1 - bit(Event);
constexpr unsigned needed_in_response = of_response - bit(Comment) - bit(Flags);
/// An event has no more of the table's fields than these: it must not pass for something a customer said.
constexpr unsigned needed_in_event
    = bit(Seq) | bit(OpenedMs) | bit(SteadyMs) | bit(ClockSet) | bit(Boot) | bit(Event);

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

/// A list of ids, such as reasons.
std::optional<std::string> check_ids(dom::element value, std::string_view name, std::size_t at_most)
{
    dom::array ids;
    if (value.get_array().get(ids) != simdjson::SUCCESS)
        return std::string(name) + " is not a list";
    std::size_t count = 0;
    for (dom::element const id : ids) {
        std::string_view text;
        if (++count > at_most)
            return std::string(name) + " has more than " + std::to_string(at_most) + " entries";
        if (auto complaint = read_id(id, std::string(name) + "[]", text))
            return complaint;
    }
    return {};
}

/// Of what a staff event is about.
std::optional<std::string> read_ref(dom::object of, kiosk::ResponseRef& ref)
{
    constexpr std::array<std::string_view, 4> names {"install", "seq", "boot", "steady_ms"};
    constexpr unsigned all = (1U << names.size()) - 1;
    unsigned seen = 0;
    for (auto const [name, value] : of) {
        auto const part = static_cast<unsigned>(std::ranges::find(names, name) - names.begin());
        if (part == names.size())
            continue;
        if (seen & 1U << part)
            return "of." + quoted(name) + " stands twice";
        seen |= 1U << part;
    }
    std::string_view install;
    std::string_view boot;
    if (seen != all || of["install"].get(install) != simdjson::SUCCESS
        || of["seq"].get(ref.seq) != simdjson::SUCCESS || of["boot"].get(boot) != simdjson::SUCCESS
        || of["steady_ms"].get(ref.steady_ms) != simdjson::SUCCESS)
        return "of lacks install, seq, boot or steady_ms";
    ref.install = install;
    ref.boot = boot;
    return {};
}

enum EventPart : unsigned { Kind, Of, State, By, Note, EventPartCount };

constexpr std::array<std::string_view, EventPartCount> event_names {"event", "of", "state", "by", "note"};

std::optional<std::string> check_said_text(dom::element value)
{
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return "text is not text";
    if (auto const characters = kiosk::count_characters(text); characters > limits::max_text_characters)
        return "text has " + std::to_string(characters) + " characters; at most "
            + std::to_string(limits::max_text_characters);
    if (text.empty())
        return "text is empty";
    return {};
}

enum Part : unsigned { Question, Score, Reasons, Choices, Minutes, Text, PartCount };

constexpr std::array<std::string_view, PartCount> part_names {
    "q", "score", "reasons", "choices", "minutes", "text"};

constexpr unsigned bit(Part part) { return 1U << part; }
constexpr unsigned says_something = bit(Score) | bit(Choices) | bit(Minutes) | bit(Text);

/// A value whose type read_fields() has checked already.
template <typename T>
T checked(simdjson::simdjson_result<dom::element> element)
{
    T value {};
    if (element.get(value) != simdjson::SUCCESS)
        std::abort();
    return value;
}

using Found = simdjson::simdjson_result<dom::element>;

/// `title` goes before what is there; ratings have none, as in the first version of the digest.
template <typename T>
void add_if_there(DigestBuilder& digest, Found element, std::string_view title)
{
    T value {};
    if (element.get(value) != simdjson::SUCCESS)
        return;
    if (!title.empty())
        digest.add(title);
    digest.add(value);
}

void add_each(DigestBuilder& digest, Found element, std::string_view title)
{
    dom::array list;
    if (element.get(list) != simdjson::SUCCESS)
        return;
    if (!title.empty())
        digest.add(title);
    for (dom::element const each : list)
        digest.add(checked<std::string_view>(dom::element(each)));
}

}

Result<> ResponseReader::read(dom::object object, ParsedResponse& response)
{
    comment_ = {};
    answers_ = {};
    is_without_answers_ = false;
    beyond_ratings_ = false;
    auto complaint = read_fields(object, response);
    if (is_without_answers_) {
        response.is_emptied = !complaint;
        complaint = "answers is empty"; // whatever else is wrong
    }
    if (!complaint || response.is_emptied)
        response.digest = digest_of(response);
    if (complaint) {
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
        response.refusal = RefusalReason {"invalid", std::move(*complaint)};
    }
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
                if (from_ == From::Box && name == reserved)
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
        case Flags:
            complaint = check_ids(value, name, limits::max_flags);
            break;
        case Event:
            response.is_event = true; // what it says is read when all is there
            break;
        case FieldCount:
            break;
        }
        if (complaint)
            return complaint;
    }
    unsigned const needed = response.is_event ? needed_in_event : needed_in_response;
    for (unsigned field = 0; field < FieldCount; ++field) {
        if (needed & ~seen & (1U << field))
            return std::string(field_names[field]) + " is missing";
        if (response.is_event && seen & ~needed_in_event & (1U << field))
            return std::string(field_names[field]) + " is no field of an event";
    }
    return response.is_event ? read_event(object) : std::nullopt;
}

ResponseReader::Complaint ResponseReader::read_event(dom::object object)
{
    unsigned seen = 0;
    std::string_view kind;
    std::string_view state;
    std::string_view text;
    dom::object of;
    event_ = {};
    for (auto const [name, value] : object) {
        auto const part = static_cast<unsigned>(std::ranges::find(event_names, name) - event_names.begin());
        if (part == EventPartCount)
            continue;
        if (seen & 1U << part)
            return quoted(name) + " stands twice";
        seen |= 1U << part;

        Complaint complaint;
        switch (static_cast<EventPart>(part)) {
        case Kind:
            complaint = read_id(value, name, kind);
            break;
        case Of:
            if (value.get_object().get(of) != simdjson::SUCCESS)
                complaint = "of is not an object";
            break;
        case State:
            complaint = read_id(value, name, state);
            break;
        case By:
            complaint = read_text(value, name, limits::max_id_bytes, text);
            event_.by = text;
            break;
        case Note:
            complaint = read_text(value, name, limits::max_comment_bytes, text);
            event_.note = text;
            break;
        case EventPartCount:
            break;
        }
        if (complaint)
            return complaint;
    }
    for (unsigned part = 0; part < EventPartCount; ++part)
        if (part != Note && !(seen & 1U << part))
            return std::string(event_names[part]) + " is missing";
    if (kind != kiosk::comment_handled)
        return "event is no kind that this hub knows";
    if (state != name(kiosk::CommentState::Seen) && state != name(kiosk::CommentState::DealtWith))
        return "state is neither seen nor dealt_with";
    event_.state = state == name(kiosk::CommentState::Seen) ? kiosk::CommentState::Seen
                                                            : kiosk::CommentState::DealtWith;
    if (auto complaint = read_ref(of, event_.of))
        return complaint;
    auto const fit = kiosk::check(event_);
    return fit ? std::nullopt : Complaint(fit.error().detail);
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
        if (auto complaint = check_answer(answer))
            return place(".") + *complaint;
        ++index;
    }
    is_without_answers_ = index == 0; // a fault, but see read()
    return {};
}

ResponseReader::Complaint ResponseReader::check_answer(dom::object answer)
{
    unsigned seen = 0;
    for (auto const [name, value] : answer) {
        auto const part = static_cast<unsigned>(std::ranges::find(part_names, name) - part_names.begin());
        if (part == PartCount)
            continue;
        if (seen & 1U << part)
            return quoted(name) + " stands twice";
        seen |= 1U << part;

        Complaint complaint;
        std::string_view text;
        std::int64_t number = 0;
        switch (static_cast<Part>(part)) {
        case Question:
            complaint = read_id(value, name, text);
            break;
        case Score:
            complaint = read_integer(value, name, limits::lowest_score, limits::highest_score, number);
            break;
        case Reasons:
            complaint = check_ids(value, name, limits::max_reasons);
            break;
        case Choices:
            complaint = check_ids(value, name, limits::max_choices);
            if (!complaint && value.get_array().value_unsafe().size() == 0)
                complaint = "choices is empty";
            break;
        case Minutes:
            complaint = read_integer(value, name, 0, limits::max_minutes, number);
            break;
        case Text:
            complaint = check_said_text(value);
            break;
        case PartCount:
            break;
        }
        if (complaint)
            return complaint;
    }
    if (!(seen & bit(Question)))
        return "q is missing";
    if (!(seen & says_something))
        return "score is missing, and so are choices, minutes and text";
    if (seen & (bit(Choices) | bit(Minutes) | bit(Text)))
        beyond_ratings_ = true;
    return {};
}

std::uint64_t ResponseReader::digest_of(ParsedResponse const& response)
{
    digest_.add(response.opened_ms);
    digest_.add(response.took_ms);
    digest_.add(response.steady_ms);
    digest_.add(response.boot);
    if (response.is_event) {
        add_event_to_digest(true);
        return digest_.finish();
    }
    add_answers_to_digest(true);
    digest_.add(comment_);
    return digest_.finish();
}

std::uint64_t ResponseReader::digest_without_text(ParsedResponse const& response)
{
    digest_.add(response.opened_ms);
    digest_.add(response.took_ms);
    digest_.add(response.steady_ms);
    digest_.add(response.boot);
    if (response.is_event) {
        add_event_to_digest(false);
        return digest_.finish();
    }
    add_answers_to_digest(false);
    digest_.add(std::string_view());
    return digest_.finish();
}

/// Without text, an answer that was nothing else is none.
void ResponseReader::add_answers_to_digest(bool with_text)
{
    auto const says_more = [](dom::element answer) {
        return answer["score"].error() == simdjson::SUCCESS || answer["choices"].error() == simdjson::SUCCESS
            || answer["minutes"].error() == simdjson::SUCCESS;
    };
    for (dom::element const answer : answers_) {
        if (!with_text && !says_more(answer))
            continue;
        digest_.add(checked<std::string_view>(answer["q"]));
        add_if_there<std::int64_t>(digest_, answer["score"], {});
        add_each(digest_, answer["reasons"], {});
        if (!beyond_ratings_)
            continue; // looked for only where there is one: ratings are nearly all there is
        add_each(digest_, answer["choices"], "choices");
        add_if_there<std::int64_t>(digest_, answer["minutes"], "minutes");
        if (with_text)
            add_if_there<std::string_view>(digest_, answer["text"], "text");
    }
}

void ResponseReader::add_event_to_digest(bool with_note)
{
    digest_.add(kiosk::comment_handled);
    digest_.add(event_.of.install);
    digest_.add(event_.of.seq);
    digest_.add(event_.of.boot);
    digest_.add(event_.of.steady_ms);
    digest_.add(name(event_.state));
    digest_.add(event_.by);
    digest_.add(with_note ? std::string_view(event_.note) : std::string_view());
}

}

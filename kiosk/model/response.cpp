#include "kiosk/model/response.h"

#include "platform/base/utf8.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace listenpost::kiosk {

Answer* Draft::find(std::string_view question)
{
    auto const found = std::ranges::find(answers, question, &Answer::question);
    return found == answers.end() ? nullptr : &*found;
}

Answer const* Draft::find(std::string_view question) const
{
    return const_cast<Draft*>(this)->find(question);
}

std::size_t count_characters(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char byte) { return !continues_character(byte); }));
}

char const* name(Outcome outcome) { return outcome == Outcome::Complete ? "complete" : "partial"; }

char const* name(ClosedBy closed_by)
{
    switch (closed_by) {
    case ClosedBy::Finish:
        return "finish";
    case ClosedBy::Timeout:
        return "timeout";
    case ClosedBy::Restart:
        return "restart";
    }
    return "unknown";
}

void append_json_string(std::string& out, std::string_view text)
{
    bool const plain = std::ranges::all_of(
        text, [](unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    if (plain) {
        out += '"';
        out += text;
        out += '"';
        return;
    }
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

namespace {

void append_list(std::string& out, char const* key, std::vector<std::string> const& values)
{
    if (values.empty())
        return;
    out += key;
    for (auto const& value : values) {
        if (&value != &values.front())
            out += ',';
        append_json_string(out, value);
    }
    out += ']';
}

std::vector<std::string> list_of(nlohmann::json const& item, char const* key)
{
    std::vector<std::string> values;
    if (auto const found = item.find(key); found != item.end() && found->is_array())
        for (auto const& value : *found)
            if (value.is_string())
                values.push_back(value.get<std::string>());
    return values;
}

std::optional<int> integer_of(nlohmann::json const& item, char const* key)
{
    auto const found = item.find(key);
    return found != item.end() && found->is_number_integer() ? std::optional(found->get<int>())
                                                             : std::nullopt;
}

}

std::string to_json(std::vector<Answer> const& answers)
{
    std::string out = "[";
    for (auto const& answer : answers) {
        if (out.size() > 1)
            out += ',';
        out += "{\"q\":";
        append_json_string(out, answer.question);
        if (answer.score)
            out += ",\"score\":" + std::to_string(*answer.score);
        append_list(out, ",\"reasons\":[", answer.reasons);
        append_list(out, ",\"choices\":[", answer.choices);
        if (answer.minutes)
            out += ",\"minutes\":" + std::to_string(*answer.minutes);
        if (!answer.text.empty()) {
            out += ",\"text\":";
            append_json_string(out, answer.text);
        }
        out += '}';
    }
    out += ']';
    return out;
}

std::string flags_to_json(std::vector<std::string> const& flags)
{
    std::string out;
    append_list(out, "[", flags);
    return out;
}

Result<std::vector<std::string>> flags_from_json(std::string_view text)
{
    std::vector<std::string> flags;
    if (text.empty())
        return flags;
    auto const list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array())
        return fail(Errc::Invalid, "flags are not a JSON list");
    for (auto const& flag : list) {
        if (!flag.is_string())
            return fail(Errc::Invalid, "a flag is no text");
        flags.push_back(flag.get<std::string>());
    }
    return flags;
}

Result<std::vector<Answer>> answers_from_json(std::string_view text)
{
    auto const list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array())
        return fail(Errc::Invalid, "answers are not a JSON list");
    std::vector<Answer> answers;
    for (auto const& item : list) {
        if (!item.is_object() || !item.contains("q") || !item["q"].is_string())
            return fail(Errc::Invalid, "an answer lacks q");
        Answer answer {.question = item["q"].get<std::string>(),
            .score = integer_of(item, "score"),
            .reasons = list_of(item, "reasons"),
            .choices = list_of(item, "choices"),
            .minutes = integer_of(item, "minutes"),
            .text = {}};
        if (auto const said = item.find("text"); said != item.end() && said->is_string())
            answer.text = said->get<std::string>();
        if (!answer.score && answer.choices.empty() && !answer.minutes && answer.text.empty())
            return fail(Errc::Invalid, "the answer to " + answer.question + " says nothing");
        answers.push_back(std::move(answer));
    }
    return answers;
}

Result<std::string> answers_without_text(std::string_view text)
{
    // Nearly always: only a question that asks for words has one, and a reason's id cannot spell it.
    if (text.find(R"("text":)") == std::string_view::npos)
        return std::string(text);
    auto answers = answers_from_json(text);
    if (!answers)
        return fail(answers.error());
    for (auto& answer : *answers)
        answer.text.clear();
    std::erase_if(*answers,
        [](Answer const& answer) { return !answer.score && answer.choices.empty() && !answer.minutes; });
    return to_json(*answers);
}

}

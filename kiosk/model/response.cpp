#include "kiosk/model/response.h"

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
        std::ranges::count_if(text, [](unsigned char byte) { return (byte & 0xC0U) != 0x80U; }));
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

std::string to_json(std::vector<Answer> const& answers)
{
    std::string out = "[";
    for (auto const& answer : answers) {
        if (out.size() > 1)
            out += ',';
        out += "{\"q\":";
        append_json_string(out, answer.question);
        out += ",\"score\":";
        out += std::to_string(answer.score);
        if (!answer.reasons.empty()) {
            out += ",\"reasons\":[";
            for (auto const& reason : answer.reasons) {
                if (&reason != &answer.reasons.front())
                    out += ',';
                append_json_string(out, reason);
            }
            out += ']';
        }
        out += '}';
    }
    out += ']';
    return out;
}

Result<std::vector<Answer>> answers_from_json(std::string_view text)
{
    auto const list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array())
        return fail(Errc::Invalid, "answers are not a JSON list");
    std::vector<Answer> answers;
    for (auto const& item : list) {
        if (!item.is_object() || !item.contains("q") || !item["q"].is_string() || !item.contains("score")
            || !item["score"].is_number_integer())
            return fail(Errc::Invalid, "an answer lacks q or score");
        Answer answer {item["q"].get<std::string>(), item["score"].get<int>(), {}};
        if (auto const reasons = item.find("reasons"); reasons != item.end() && reasons->is_array())
            for (auto const& reason : *reasons)
                if (reason.is_string())
                    answer.reasons.push_back(reason.get<std::string>());
        answers.push_back(std::move(answer));
    }
    return answers;
}

}

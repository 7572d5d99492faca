#include "sync/hub/csv.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 11> formula_starts {
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
constexpr std::array<std::string_view, 3> own_columns {"quality", "service", "cleanliness"};

std::string iso_time(std::int64_t unix_ms)
{
    using namespace std::chrono;
    sys_time<milliseconds> const time {milliseconds(unix_ms)};
    auto const day = floor<days>(time);
    year_month_day const date(day);
    hh_mm_ss const clock(floor<seconds>(time - day));
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
        unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
        int(clock.minutes().count()), int(clock.seconds().count()));
    return text;
}

std::string text_of(json const& object, char const* name)
{
    auto const field = object.find(name);
    if (field == object.end())
        return {};
    if (field->is_string())
        return field->get<std::string>();
    return field->dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The ids of a list, joined by `;`.
std::string joined(json const& object, char const* name)
{
    std::string text;
    if (auto const list = object.find(name); list != object.end() && list->is_array())
        for (auto const& id : *list)
            if (id.is_string())
                text += (text.empty() ? "" : ";") + id.get<std::string>();
    return text;
}

/// The last six cells.
void append_event(std::string& out, json const& row)
{
    auto const cell = [&out](json const& object, char const* name) {
        out += ',';
        append_csv_cell(out, text_of(object, name));
    };
    bool const is_event = row.contains("event");
    json const event = is_event ? row : json::object(); // a response may bring fields of such names
    auto const of = event.value("of", json::object());
    cell(event, "event");
    cell(of, "install");
    cell(of, "seq");
    for (char const* name : {"state", "by", "note"})
        cell(event, name);
}

struct Rating {
    std::string score;
    std::string reasons;
};

}

std::string_view csv_header()
{
    return "\xEF\xBB\xBFstore,device,install,seq,received_ms,at_ms,at_utc,survey,survey_version,touchpoint,"
           "lang,"
           "outcome,closed_by,took_ms,quality,quality_reasons,service,service_reasons,cleanliness,"
           "cleanliness_reasons,other_answers,comment,flags,event,of_install,of_seq,state,by,note\r\n";
}

void append_csv_cell(std::string& out, std::string_view text)
{
    bool const formula = std::ranges::any_of(
        formula_starts, [&](std::string_view start) { return text.starts_with(start); });
    bool const quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted)
        out += '"';
    if (formula)
        out += '\'';
    for (char const c : text) {
        if (c == '"')
            out += '"';
        out += c == '\0' ? ' ' : c; // many readers end at a NUL
    }
    if (quoted)
        out += '"';
}

void append_csv(std::string& out, LogRow const& row)
{
    auto const response = json::parse(row.raw_json, nullptr, false);
    std::array<Rating, own_columns.size()> own;
    json others = json::array();
    if (auto const answers = response.find("answers"); answers != response.end() && answers->is_array())
        for (auto const& answer : *answers) {
            auto const question = text_of(answer, "q");
            auto const* const column = std::ranges::find(own_columns, question);
            if (column == own_columns.end())
                others.push_back(answer);
            else
                own[static_cast<std::size_t>(column - own_columns.begin())]
                    = {text_of(answer, "score"), joined(answer, "reasons")};
        }

    auto const cell = [&](std::string_view text) {
        append_csv_cell(out, text);
        out += ',';
    };
    cell(row.store);
    cell(row.device);
    cell(row.install);
    out += std::to_string(row.seq) + ',' + std::to_string(row.received_ms) + ',' + std::to_string(row.at_ms)
        + ',';
    cell(iso_time(row.at_ms));
    for (char const* name :
        {"survey", "survey_version", "touchpoint", "lang", "outcome", "closed_by", "took_ms"})
        cell(text_of(response, name));
    for (auto const& rating : own) {
        cell(rating.score);
        cell(rating.reasons);
    }
    cell(others.empty() ? "" : others.dump(-1, ' ', false, json::error_handler_t::replace));
    cell(text_of(response, "comment"));
    append_csv_cell(out, joined(response, "flags"));
    append_event(out, response);
    out += "\r\n";
}

}

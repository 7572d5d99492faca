#include "sync/hub/csv.h"

#include "platform/base/csv.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <simdjson.h>
#include <utility>

namespace listenpost::sync {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 3> own_columns {"quality", "service", "cleanliness"};

/// `digits` of them, with zeros before.
void append_digits(std::string& out, unsigned number, std::size_t digits)
{
    std::string const text = std::to_string(number);
    out.append(digits - std::min(digits, text.size()), '0').append(text);
}

void append_iso_time(std::string& out, std::int64_t unix_ms)
{
    using namespace std::chrono;
    sys_time<milliseconds> const time {milliseconds(unix_ms)};
    auto const day = floor<days>(time);
    year_month_day const date(day);
    hh_mm_ss const clock(floor<seconds>(time - day));
    append_digits(out, static_cast<unsigned>(int(date.year())), 4);
    for (auto const& [before, number] : {std::pair('-', unsigned(date.month())), {'-', unsigned(date.day())},
             {'T', unsigned(clock.hours().count())}, {':', unsigned(clock.minutes().count())},
             {':', unsigned(clock.seconds().count())}}) {
        out += before;
        append_digits(out, number, 2);
    }
    out += 'Z';
}

/// Text as it is, anything else as JSON; nothing where there is none.
std::string text_of(dom::object object, std::string_view name)
{
    dom::element field;
    if (object[name].get(field) != simdjson::SUCCESS)
        return {};
    std::string_view text;
    return field.get(text) == simdjson::SUCCESS ? std::string(text) : simdjson::minify(field);
}

/// The ids of a list, joined by `;`.
std::string joined(dom::object object, std::string_view name)
{
    std::string text;
    dom::array list;
    if (object[name].get(list) != simdjson::SUCCESS)
        return text;
    for (dom::element const id : list) {
        std::string_view word;
        if (id.get(word) == simdjson::SUCCESS)
            text.append(text.empty() ? "" : ";").append(word);
    }
    return text;
}

/// The last six cells.
void append_event(std::string& out, dom::object row)
{
    constexpr std::array<std::string_view, 6> names {"event", "install", "seq", "state", "by", "note"};
    dom::element event;
    bool const is_event
        = row["event"].get(event) == simdjson::SUCCESS; // else it may bring fields of such names
    dom::object of;
    bool const is_of_something = is_event && row["of"].get(of) == simdjson::SUCCESS;
    for (auto const name : names) {
        out += ',';
        bool const is_in_of = name == "install" || name == "seq";
        if (is_in_of ? is_of_something : is_event)
            append_csv_cell(out, text_of(is_in_of ? of : row, name));
    }
}

struct Rating {
    std::string score;
    std::string reasons;
};

/// Into its own columns, or to the others: as JSON, its members by their names.
void take_answer(dom::element item, std::array<Rating, own_columns.size()>& own, std::string& others)
{
    dom::object answer;
    std::string_view question;
    bool const is_rating = item.get(answer) == simdjson::SUCCESS
        && answer["q"].get(question) == simdjson::SUCCESS
        && std::ranges::find(own_columns, question) != own_columns.end();
    if (is_rating) {
        auto const column = std::ranges::find(own_columns, question) - own_columns.begin();
        own[static_cast<std::size_t>(column)] = {text_of(answer, "score"), joined(answer, "reasons")};
        return;
    }
    others += others.empty() ? "" : ",";
    others += nlohmann::json::parse(std::string(simdjson::minify(item)))
                  .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}

std::string_view csv_header()
{
    return "\xEF\xBB\xBFstore,device,install,seq,received_ms,at_ms,at_utc,survey,survey_version,touchpoint,"
           "lang,"
           "outcome,closed_by,took_ms,quality,quality_reasons,service,service_reasons,cleanliness,"
           "cleanliness_reasons,other_answers,comment,flags,event,of_install,of_seq,state,by,note\r\n";
}

void append_csv(std::string& out, LogRow const& row)
{
    // Kept for the next line: what it allocates costs more than the reading.
    thread_local dom::parser parser;
    dom::object response;
    // Of a damaged row there is left what its columns say.
    if (parser.parse(row.raw_json.data(), row.raw_json.size()).get(response) != simdjson::SUCCESS)
        response = parser.parse(std::string_view("{}")).get_object().value_unsafe();
    std::array<Rating, own_columns.size()> own;
    std::string others;
    dom::array answers;
    if (response["answers"].get(answers) == simdjson::SUCCESS)
        for (dom::element const answer : answers)
            take_answer(answer, own, others);

    auto const cell = [&](std::string_view text) {
        append_csv_cell(out, text);
        out += ',';
    };
    cell(row.store);
    cell(row.device);
    cell(row.install);
    out += std::to_string(row.seq) + ',' + std::to_string(row.received_ms) + ',' + std::to_string(row.at_ms)
        + ',';
    append_iso_time(out, row.at_ms);
    out += ',';
    for (char const* name :
        {"survey", "survey_version", "touchpoint", "lang", "outcome", "closed_by", "took_ms"})
        cell(text_of(response, name));
    for (auto const& rating : own) {
        cell(rating.score);
        cell(rating.reasons);
    }
    cell(others.empty() ? others : "[" + others + "]");
    cell(text_of(response, "comment"));
    append_csv_cell(out, joined(response, "flags"));
    append_event(out, response);
    out += "\r\n";
}

}

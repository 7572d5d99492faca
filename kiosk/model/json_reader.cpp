#include "kiosk/model/json_reader.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t max_identifier = 40;
constexpr std::size_t max_text_bytes = 1'000; ///< longer than any screen could show

JsonReader::Json const nothing;

std::string written(double number)
{
    bool const is_whole = number == std::floor(number);
    return is_whole ? std::to_string(static_cast<std::int64_t>(number)) : std::to_string(number);
}

/// A text is one run of characters: the screens break its lines, and a zero would end it.
bool has_control_character(std::string_view text)
{
    return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string range(double least, double most) { return "from " + written(least) + " to " + written(most); }

}

bool is_identifier(std::string_view text)
{
    return !text.empty() && text.size() <= max_identifier && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

void JsonReader::fault(std::string const& place, std::string const& what)
{
    faults_.push_back(place + " " + what);
}

void JsonReader::note_unknown(Node const& object, std::set<std::string_view> const& known)
{
    if (!object.value->is_object())
        return;
    for (auto const& [key, value] : object.value->items())
        if (!known.contains(key))
            remarks_.push_back(object.place + "." + key + " is not known and does nothing");
}

JsonReader::Node JsonReader::member(Node const& object, char const* key)
{
    Node result {&nothing, object.place + "." + key};
    if (!object.value->is_object()) {
        // Once for the object, not once for each member.
        std::string const complaint = object.place + " must be an object";
        if (std::ranges::count(faults_, complaint) == 0)
            faults_.push_back(complaint);
        return result;
    }
    if (auto const found = object.value->find(key); found != object.value->end())
        result.value = &*found;
    return result;
}

std::string JsonReader::identifier(Node const& object, char const* key)
{
    Node const node = member(object, key);
    std::string text = node.value->is_string() ? node.value->get<std::string>() : std::string();
    if (!is_identifier(text))
        fault(node.place, "must be 1 to 40 of a-z, 0-9, _ and -");
    return text;
}

std::string JsonReader::string(Node const& object, char const* key)
{
    Node const node = member(object, key);
    if (node.value->is_null())
        return {};
    if (node.value->is_string() && node.value->get_ref<std::string const&>().size() <= max_text_bytes)
        return node.value->get<std::string>();
    fault(node.place, "must be a text of at most " + std::to_string(max_text_bytes) + " bytes");
    return {};
}

int JsonReader::integer(Node const& object, char const* key, int least, int most, std::optional<int> standard)
{
    Node const node = member(object, key);
    if (node.value->is_null() && standard)
        return *standard;
    bool const is_within = node.value->is_number_integer() && node.value->get<std::int64_t>() >= least
        && node.value->get<std::int64_t>() <= most;
    if (is_within)
        return node.value->get<int>();
    fault(node.place, "must be a whole number " + range(least, most));
    return least;
}

double JsonReader::number(Node const& object, char const* key, double least, double most, double standard)
{
    Node const node = member(object, key);
    if (node.value->is_null())
        return standard;
    if (node.value->is_number() && node.value->get<double>() >= least && node.value->get<double>() <= most)
        return node.value->get<double>();
    fault(node.place, "must be a number " + range(least, most));
    return standard;
}

std::vector<JsonReader::Node> JsonReader::list(
    Node const& object, char const* key, std::size_t least, std::size_t most)
{
    Node const node = member(object, key);
    std::vector<Node> elements;
    if (node.value->is_null() && least == 0)
        return elements;
    if (!node.value->is_array() || node.value->size() < least || node.value->size() > most) {
        fault(node.place, "must be a list of " + std::to_string(least) + " to " + std::to_string(most));
        return elements;
    }
    for (std::size_t index = 0; index < node.value->size(); ++index)
        elements.push_back({&(*node.value)[index], node.place + "[" + std::to_string(index) + "]"});
    return elements;
}

std::size_t JsonReader::choice(Node const& object, char const* key,
    std::vector<std::string_view> const& names, std::optional<std::size_t> standard)
{
    Node const node = member(object, key);
    if (node.value->is_null() && standard)
        return *standard;
    if (node.value->is_string())
        if (auto const found = std::ranges::find(names, node.value->get_ref<std::string const&>());
            found != names.end())
            return static_cast<std::size_t>(found - names.begin());
    std::string all;
    for (auto const name : names)
        all += (all.empty() ? "" : ", ") + std::string(name);
    fault(node.place, "must be one of " + all);
    return standard.value_or(0);
}

LocalizedText JsonReader::text(Node const& node)
{
    LocalizedText result;
    if (!node.value->is_object()) {
        fault(node.place, node.value->is_null() ? "is missing" : "must give a text for each language");
        return result;
    }
    for (auto const& language : languages) {
        auto const found = node.value->find(language);
        if (found == node.value->end() || !found->is_string() || found->get_ref<std::string const&>().empty())
            fault(node.place + "." + language, "is missing");
        else if (found->get_ref<std::string const&>().size() > max_text_bytes)
            fault(node.place + "." + language, "is longer than any screen");
        else if (has_control_character(found->get_ref<std::string const&>()))
            fault(node.place + "." + language, "has a line break or another control character");
        else
            result.by_language.emplace(language, found->get<std::string>());
    }
    if (!languages.empty())
        result.fallback_language = languages.front();
    return result;
}

LocalizedText JsonReader::optional_text(Node const& object, char const* key)
{
    Node const node = member(object, key);
    return node.value->is_null() ? LocalizedText {} : text(node);
}

}

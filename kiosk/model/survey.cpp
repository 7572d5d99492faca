#include "kiosk/model/survey.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace listenpost::kiosk {
namespace {

using nlohmann::json;

/// Walks the file keeping the place, so that every error can name it. The first
/// error wins; after it every read returns an empty value.
class Reader {
public:
    std::optional<std::string> error;

    void complain(std::string const& place, std::string const& what)
    {
        if (!error)
            error = place + " " + what;
    }

    json const& member(json const& object, std::string const& place, char const* key)
    {
        static json const nothing;
        if (!object.is_object()) {
            complain(place, "must be an object");
            return nothing;
        }
        auto const found = object.find(key);
        return found == object.end() ? nothing : *found;
    }

    std::string identifier(json const& object, std::string const& place, char const* key)
    {
        json const& value = member(object, place, key);
        std::string text = value.is_string() ? value.get<std::string>() : std::string();
        bool const plain
            = !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](unsigned char c) {
                  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
              });
        if (!plain)
            complain(place + "." + key, "must be 1 to 40 of a-z, 0-9, _ and -");
        return text;
    }

    int integer(json const& object, std::string const& place, char const* key, int least, int most)
    {
        json const& value = member(object, place, key);
        if (value.is_number_integer() && value.get<std::int64_t>() >= least
            && value.get<std::int64_t>() <= most)
            return value.get<int>();
        complain(place + "." + key,
            "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return least;
    }

    json const& array(
        json const& object, std::string const& place, char const* key, std::size_t least, std::size_t most)
    {
        static json const empty = json::array();
        json const& value = member(object, place, key);
        if (value.is_null() && least == 0)
            return empty;
        if (value.is_array() && value.size() >= least && value.size() <= most)
            return value;
        complain(
            place + "." + key, "must be a list of " + std::to_string(least) + " to " + std::to_string(most));
        return empty;
    }

    LocalizedText text(json const& object, std::string const& place, char const* key)
    {
        return text_value(member(object, place, key), place + "." + key);
    }

    LocalizedText text_value(json const& value, std::string const& place)
    {
        LocalizedText result;
        if (!value.is_object()) {
            complain(place, "must give a text for each language");
            return result;
        }
        for (auto const& language : languages) {
            auto const found = value.find(language);
            if (found == value.end() || !found->is_string() || found->get_ref<std::string const&>().empty())
                complain(place + "." + language, "is missing");
            else
                result.by_language.emplace(language, found->get<std::string>());
        }
        if (!languages.empty())
            result.fallback_language = languages.front();
        return result;
    }

    std::vector<std::string> languages;
};

std::string at(std::string const& place, char const* key, std::size_t index)
{
    return place + "." + key + "[" + std::to_string(index) + "]";
}

Dimension dimension_of(std::string_view name)
{
    if (name == "quality")
        return Dimension::Quality;
    if (name == "service")
        return Dimension::Service;
    if (name == "cleanliness")
        return Dimension::Cleanliness;
    return Dimension::Other;
}

/// As far as BCP 47 goes without its registry: zh-CN, en, sr-Latn.
bool is_language_tag(std::string_view text)
{
    return !text.empty() && text.size() <= 35 && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::vector<std::string> read_languages(Reader& reader, json const& root)
{
    std::vector<std::string> languages;
    for (auto const& language : reader.array(root, "survey", "languages", 1, 20)) {
        if (!language.is_string() || !is_language_tag(language.get_ref<std::string const&>()))
            reader.complain("survey.languages", "must be a list of language tags");
        else if (std::ranges::count(languages, language.get_ref<std::string const&>()) > 0)
            reader.complain("survey.languages", "has one twice");
        else
            languages.push_back(language.get<std::string>());
    }
    return languages;
}

Question read_question(Reader& reader, json const& source, std::string const& place)
{
    Question question;
    question.id = reader.identifier(source, place, "id");
    json const& dimension = reader.member(source, place, "dimension");
    question.dimension = dimension_of(dimension.is_string() ? dimension.get_ref<std::string const&>() : "");
    question.title = reader.text(source, place, "title");
    question.hint = reader.text(source, place, "hint");
    std::set<std::string> seen;
    json const& reasons = reader.array(source, place, "reasons", 0, 6);
    for (std::size_t index = 0; index < reasons.size(); ++index) {
        std::string const reason_place = at(place, "reasons", index);
        Reason reason {reader.identifier(reasons[index], reason_place, "id"),
            reader.text(reasons[index], reason_place, "text")};
        if (!seen.insert(reason.id).second)
            reader.complain(reason_place + ".id", "is used twice");
        question.reasons.push_back(std::move(reason));
    }
    return question;
}

}

std::string_view LocalizedText::in(std::string_view language) const
{
    auto found = by_language.find(language);
    if (found == by_language.end())
        found = by_language.find(fallback_language);
    return found == by_language.end() ? std::string_view() : std::string_view(found->second);
}

Question const* Survey::find(std::string_view question_id) const
{
    auto const found = std::ranges::find(questions, question_id, &Question::id);
    return found == questions.end() ? nullptr : &*found;
}

Result<Survey> parse_survey(std::string_view text)
{
    json const root = json::parse(text, nullptr, false);
    if (root.is_discarded())
        return fail(Errc::Invalid, "survey is not JSON");
    Reader reader;
    Survey survey;
    survey.id = reader.identifier(root, "survey", "id");
    survey.version = reader.integer(root, "survey", "version", 1, 1'000'000);
    survey.languages = reader.languages = read_languages(reader, root);
    survey.brand = reader.text(root, "survey", "brand");
    survey.headline = reader.text(root, "survey", "headline");
    survey.subline = reader.text(root, "survey", "subline");
    survey.privacy = reader.text(root, "survey", "privacy");
    survey.thanks_title = reader.text(root, "survey", "thanks_title");
    survey.thanks_promise = reader.text(root, "survey", "thanks_promise");
    survey.reasons_at_most = reader.integer(root, "survey", "reasons_at_most", 0, Survey::highest_score);

    json const& steps = reader.array(root, "survey", "thanks_steps", 0, 3);
    for (std::size_t index = 0; index < steps.size(); ++index) {
        std::string const place = at("survey", "thanks_steps", index);
        survey.thanks_steps.push_back(
            {reader.text(steps[index], place, "when"), reader.text(steps[index], place, "what")});
    }
    json const& labels
        = reader.array(root, "survey", "score_labels", Survey::highest_score, Survey::highest_score);
    for (std::size_t index = 0; index < labels.size(); ++index)
        survey.score_labels.push_back(reader.text_value(labels[index], at("survey", "score_labels", index)));
    json const& phrases = reader.array(root, "survey", "phrases", 0, 12);
    for (std::size_t index = 0; index < phrases.size(); ++index)
        survey.phrases.push_back(reader.text_value(phrases[index], at("survey", "phrases", index)));

    std::set<std::string> seen;
    json const& questions = reader.array(root, "survey", "questions", 1, 3);
    for (std::size_t index = 0; index < questions.size(); ++index) {
        std::string const place = at("survey", "questions", index);
        survey.questions.push_back(read_question(reader, questions[index], place));
        if (!seen.insert(survey.questions.back().id).second)
            reader.complain(place + ".id", "is used twice");
    }
    if (reader.error)
        return fail(Errc::Invalid, *reader.error);
    return survey;
}

}

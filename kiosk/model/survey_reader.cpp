#include "kiosk/model/survey_reader.h"

#include "kiosk/model/contrast.h"
#include "kiosk/model/json_reader.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace listenpost::kiosk {
namespace {

using Node = JsonReader::Node;

constexpr std::size_t face_labels = 5;
constexpr std::size_t max_reasons = 6;
constexpr std::size_t max_options = 12;
constexpr std::size_t max_questions = 12;
constexpr std::size_t max_phrases = 12;
constexpr std::size_t max_vocabulary = 500;
constexpr std::size_t max_word = 20;
constexpr int most_minutes = 24 * 60;

/// As far as BCP 47 goes without its registry: zh-CN, en, sr-Latn.
bool is_language_tag(std::string_view text)
{
    return !text.empty() && text.size() <= 35 && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::vector<std::string> read_languages(JsonReader& reader, Node const& root)
{
    std::vector<std::string> languages;
    for (auto const& [language, place] : reader.list(root, "languages", 1, 20)) {
        if (!language->is_string() || !is_language_tag(language->get_ref<std::string const&>()))
            reader.fault("survey.languages", "must be a list of language tags");
        else if (std::ranges::count(languages, language->get_ref<std::string const&>()) > 0)
            reader.fault("survey.languages", "has one twice");
        else
            languages.push_back(language->get<std::string>());
    }
    return languages;
}

std::vector<LocalizedText> read_texts(
    JsonReader& reader, Node const& object, char const* key, std::size_t least, std::size_t most)
{
    std::vector<LocalizedText> texts;
    for (auto const& element : reader.list(object, key, least, most))
        texts.push_back(reader.text(element));
    return texts;
}

std::vector<Option> read_options(
    JsonReader& reader, Node const& object, char const* key, std::size_t least, std::size_t most)
{
    std::vector<Option> options;
    std::set<std::string> seen;
    for (auto const& element : reader.list(object, key, least, most)) {
        Option option {reader.identifier(element, "id"), reader.text(element, "text")};
        if (!seen.insert(option.id).second)
            reader.fault(element.place + ".id", "is used twice");
        reader.note_unknown(element, {"id", "text"});
        options.push_back(std::move(option));
    }
    return options;
}

std::vector<int> read_minutes(JsonReader& reader, Node const& object)
{
    std::vector<int> minutes;
    for (auto const& [value, place] : reader.list(object, "minutes", 2, max_options)) {
        std::int64_t const count = value->is_number_integer() ? value->get<std::int64_t>() : -1;
        if (count < 0 || count > most_minutes || (!minutes.empty() && count <= minutes.back()))
            reader.fault(place, "must be whole minutes, at most a day, more than the one before");
        else
            minutes.push_back(static_cast<int>(count));
    }
    return minutes;
}

/// What the survey says once for all its questions.
struct Defaults {
    std::vector<LocalizedText> score_labels; ///< of five faces
    int reasons_at_most = 2;
};

void read_rating(JsonReader& reader, Node const& source, Defaults const& defaults, Question& question)
{
    static constexpr std::array scales {Scale::ThreeFaces, Scale::FourFaces, Scale::FiveFaces, Scale::Nps};
    question.scale = scales.at(reader.choice(source, "scale", {"faces3", "faces4", "faces5", "nps"}, 2));
    if (question.scale == Scale::Nps) {
        question.score_labels = read_texts(reader, source, "score_labels", 2, 2);
        if (!reader.member(source, "reasons").value->is_null())
            reader.fault(source.place + ".reasons", "belong to ratings by faces: ask a follow-up instead");
        return;
    }
    auto const faces = static_cast<std::size_t>(question.highest_score());
    question.score_labels = read_texts(reader, source, "score_labels", 0, faces);
    if (question.score_labels.empty() && defaults.score_labels.size() == face_labels)
        for (int score = 1; score <= question.highest_score(); ++score)
            question.score_labels.push_back(
                defaults.score_labels[static_cast<std::size_t>(question.face_of(score) - 1)]);
    if (question.score_labels.size() != faces)
        reader.fault(source.place + ".score_labels", "must be " + std::to_string(faces) + ", worst to best");
    question.reasons = read_options(reader, source, "reasons", 0, max_reasons);
    question.reasons_at_most = reader.integer(source, "reasons_at_most", 0, question.highest_score(),
        std::min(defaults.reasons_at_most, question.highest_score()));
}

Question read_question(JsonReader& reader, Node const& source, Defaults const& defaults)
{
    Question question;
    question.id = reader.identifier(source, "id");
    question.kind = static_cast<QuestionKind>(
        reader.choice(source, "kind", {"rating", "single_choice", "multiple_choice", "minutes", "text"}, 0));
    question.dimension = static_cast<Dimension>(
        reader.choice(source, "dimension", {"quality", "service", "cleanliness", "other"}, 3));
    question.weight = reader.number(source, "weight", 0, 100, 1);
    question.title = reader.text(source, "title");
    question.hint = reader.optional_text(source, "hint");
    std::set<std::string_view> known {"id", "kind", "dimension", "weight", "title", "hint", "when"};
    switch (question.kind) {
    case QuestionKind::Rating:
        known.insert({"scale", "score_labels", "reasons", "reasons_at_most"});
        read_rating(reader, source, defaults, question);
        break;
    case QuestionKind::SingleChoice:
    case QuestionKind::MultipleChoice:
        known.insert("options");
        question.options = read_options(reader, source, "options", 2, max_options);
        break;
    case QuestionKind::Minutes:
        known.insert("minutes");
        question.minutes = read_minutes(reader, source);
        break;
    case QuestionKind::Text:
        break;
    }
    reader.note_unknown(source, known);
    if (auto const text = reader.string(source, "when"); !text.empty()) {
        auto condition = Condition::parse(text);
        if (condition)
            question.when = std::move(*condition);
        else
            reader.fault(source.place + ".when", "is not understood: " + condition.error().detail);
    }
    return question;
}

/// A condition may look only at what was asked before, and at what could be answered so.
void check_condition(JsonReader& reader, Survey const& survey, std::size_t index)
{
    std::string const place = "survey.questions[" + std::to_string(index) + "].when";
    for (auto const& terms : survey.questions[index].when->alternatives())
        for (auto const& term : terms) {
            auto const end = survey.questions.begin() + static_cast<std::ptrdiff_t>(index);
            auto const asked = std::find_if(survey.questions.begin(), end,
                [&](Question const& question) { return question.id == term.question; });
            if (asked == end) {
                reader.fault(place, "looks at \"" + term.question + "\", which no question before it is");
                continue;
            }
            bool const has_number
                = asked->kind == QuestionKind::Rating || asked->kind == QuestionKind::Minutes;
            auto const has_id = [&](std::vector<Option> const& options) {
                return std::ranges::count(options, term.id, &Option::id) > 0;
            };
            if (term.test == Condition::Test::Has ? !has_id(asked->reasons) && !has_id(asked->options)
                                                  : !has_number)
                reader.fault(place,
                    term.test == Condition::Test::Has
                        ? "looks for \"" + term.id + "\", which \"" + term.question + "\" has not"
                        : "compares \"" + term.question + "\", which is no number");
        }
}

void read_questions(JsonReader& reader, Node const& root, Defaults const& defaults, Survey& survey)
{
    std::set<std::string> seen;
    for (auto const& source : reader.list(root, "questions", 1, max_questions)) {
        survey.questions.push_back(read_question(reader, source, defaults));
        if (!seen.insert(survey.questions.back().id).second)
            reader.fault(source.place + ".id", "is used twice");
    }
    auto const is_first_page = [](Question const& question) {
        return question.kind == QuestionKind::Rating && question.scale != Scale::Nps && !question.when;
    };
    auto const rest = std::ranges::find_if_not(survey.questions, is_first_page);
    survey.first_page_count
        = std::min(static_cast<std::size_t>(rest - survey.questions.begin()), Survey::max_first_page);
    if (survey.first_page_count == 0 && !survey.questions.empty())
        reader.fault("survey.questions[0]",
            "must be a rating by faces without a condition: it is what the first screen asks");
    for (std::size_t index = 0; index < survey.questions.size(); ++index)
        if (survey.questions[index].when)
            check_condition(reader, survey, index);
}

/// "09:30" as minutes; 24:00 is a day's end.
std::optional<int> minutes_of_day(std::string_view text)
{
    int hour = 0;
    int minute = 0;
    bool const has_form = text.size() == 5 && text[2] == ':'
        && std::from_chars(text.data(), text.data() + 2, hour).ptr == text.data() + 2
        && std::from_chars(text.data() + 3, text.data() + 5, minute).ptr == text.data() + 5;
    if (!has_form || hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > most_minutes)
        return std::nullopt;
    return hour * 60 + minute;
}

void read_hours(JsonReader& reader, Node const& root, Survey& survey)
{
    static std::vector<std::string_view> const names {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (auto const& source : reader.list(root, "opening_hours", 0, 28)) {
        reader.note_unknown(source, {"days", "from", "to"});
        auto const from = minutes_of_day(reader.string(source, "from"));
        auto const to = minutes_of_day(reader.string(source, "to"));
        if (!from || !to || *from == *to || *from == most_minutes) {
            reader.fault(source.place, "needs \"from\" and \"to\" as in \"09:30\"");
            continue;
        }
        for (auto const& [day, place] : reader.list(source, "days", 1, names.size())) {
            auto const found = day->is_string() ? std::ranges::find(names, day->get_ref<std::string const&>())
                                                : names.end();
            if (found == names.end()) {
                reader.fault(place, "must be one of mon, tue, wed, thu, fri, sat, sun");
                continue;
            }
            int const midnight = static_cast<int>(found - names.begin()) * most_minutes;
            int const overnight = *to < *from ? most_minutes : 0;
            survey.hours.spans.push_back({midnight + *from, midnight + *to + overnight});
        }
    }
}

std::optional<std::uint32_t> read_colour(
    JsonReader& reader, Node const& theme, char const* key, std::uint32_t text, char const* text_name)
{
    std::string const value = reader.string(theme, key);
    if (value.empty())
        return std::nullopt;
    std::string const place = theme.place + "." + key;
    std::uint32_t colour = 0;
    char const* const end = value.data() + value.size();
    if (value.size() != 7 || value.front() != '#'
        || std::from_chars(value.data() + 1, end, colour, 16).ptr != end) {
        reader.fault(place, "must be a colour as in \"#17615F\"");
        return std::nullopt;
    }
    constexpr double least_contrast = 4.5;
    if (double const ratio = contrast_ratio(colour, text); ratio < least_contrast) {
        reader.fault(place,
            "leaves " + std::string(text_name) + " hard to read (" + std::to_string(ratio).substr(0, 3)
                + ":1, at least 4.5:1 is needed): choose "
                + (contrast_ratio(text, 0) > contrast_ratio(text, 0xFFFFFF) ? "a darker one"
                                                                            : "a lighter one"));
        return std::nullopt;
    }
    return colour;
}

void read_theme(JsonReader& reader, Node const& root, Survey& survey)
{
    Node const theme = reader.member(root, "theme");
    if (theme.value->is_null())
        return;
    constexpr std::uint32_t card = 0xFFFCF5; // as in theme.h: what is written on teal and on the rail
    constexpr std::uint32_t ink = 0x1E2B2B;
    survey.branding.primary = read_colour(reader, theme, "primary", card, "the buttons' text");
    survey.branding.rail = read_colour(reader, theme, "rail", card, "the rail's text");
    survey.branding.accent = read_colour(reader, theme, "accent", ink, "the main button's text");
    survey.branding.logo = reader.string(theme, "logo");
    bool const is_plain_name = std::ranges::all_of(survey.branding.logo,
        [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_'; });
    if (!is_plain_name || survey.branding.logo.starts_with('.'))
        reader.fault(theme.place + ".logo", "must be the name of a PNG file beside the survey");
    reader.note_unknown(theme, {"primary", "rail", "accent", "logo"});
}

/// Of "ji rou mei shu"; 0 if it is not written so.
std::size_t count_syllables(std::string_view pinyin)
{
    std::size_t syllables = 1;
    char previous = ' ';
    for (char const c : pinyin) {
        if (c != ' ' && (c < 'a' || c > 'z'))
            return 0;
        if (c == ' ' && previous == ' ')
            return 0;
        syllables += c == ' ' ? 1 : 0;
        previous = c;
    }
    return previous == ' ' ? 0 : syllables;
}

void read_vocabulary(JsonReader& reader, Node const& root, Survey& survey)
{
    for (auto const& source : reader.list(root, "vocabulary", 0, max_vocabulary)) {
        VocabularyWord word;
        if (source.value->is_string()) {
            word.word = source.value->get<std::string>();
        } else {
            word = {reader.string(source, "word"), reader.string(source, "pinyin")};
            reader.note_unknown(source, {"word", "pinyin"});
        }
        auto const length = count_characters(word.word);
        if (length == 0 || length > max_word)
            reader.fault(source.place,
                "must be a word of at most " + std::to_string(max_word)
                    + " characters, or {\"word\", \"pinyin\"}");
        else if (!word.pinyin.empty() && count_syllables(word.pinyin) != length)
            reader.fault(
                source.place + ".pinyin", "must have a syllable for each character, with one blank between");
        survey.vocabulary.push_back(std::move(word));
    }
}

/// What is chosen is known by its words: a phrase inside another one could not be told from it.
void check_phrases(JsonReader& reader, Survey const& survey)
{
    for (auto const& language : survey.languages)
        for (std::size_t outer = 0; outer < survey.phrases.size(); ++outer)
            for (std::size_t inner = 0; inner < survey.phrases.size(); ++inner) {
                auto const part = survey.phrases[inner].in(language);
                bool const is_inside = inner != outer && !part.empty()
                    && survey.phrases[outer].in(language).find(part) != std::string_view::npos;
                if (is_inside)
                    reader.fault("survey.phrases[" + std::to_string(inner) + "]." + language,
                        "stands inside phrases[" + std::to_string(outer) + "]: choose other words");
            }
}

void read_texts_of_screens(JsonReader& reader, Node const& root, Survey& survey)
{
    survey.brand = reader.text(root, "brand");
    survey.headline = reader.text(root, "headline");
    survey.subline = reader.text(root, "subline");
    survey.privacy = reader.text(root, "privacy");
    survey.thanks_title = reader.text(root, "thanks_title");
    survey.thanks_promise = reader.text(root, "thanks_promise");
    for (auto const& step : reader.list(root, "thanks_steps", 0, 3)) {
        survey.thanks_steps.push_back({reader.text(step, "when"), reader.text(step, "what")});
        reader.note_unknown(step, {"when", "what"});
    }
    Node const attract = reader.member(root, "attract");
    bool const has_attract = !attract.value->is_null();
    survey.attract_headline = has_attract ? reader.text(attract, "headline") : survey.headline;
    survey.attract_subline = has_attract ? reader.text(attract, "subline") : survey.subline;
    if (has_attract)
        reader.note_unknown(attract, {"headline", "subline"});
    survey.phrases = read_texts(reader, root, "phrases", 0, max_phrases);
    check_phrases(reader, survey);
}

/// "line 3, column 7" of a byte, as an editor counts: in characters, from 1.
std::string line_and_column(std::string_view text, std::size_t byte)
{
    auto const before = text.substr(0, byte);
    auto const line = std::ranges::count(before, '\n') + 1;
    auto const start = before.rfind('\n');
    auto const column = count_characters(before.substr(start == std::string_view::npos ? 0 : start + 1)) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// Errors: Invalid; the detail says where it ends to be JSON.
Result<nlohmann::json> parse_json(std::string_view text)
{
    try {
        return nlohmann::json::parse(text);
    } catch (nlohmann::json::parse_error const& error) {
        // The library counts the bytes it has read, the wrong one among them.
        std::size_t const byte = std::min(error.byte - std::min<std::size_t>(error.byte, 1), text.size());
        return fail(Errc::Invalid, "survey is not JSON: see " + line_and_column(text, byte));
    } catch (nlohmann::json::exception const&) {
        return fail(Errc::Invalid, "survey has a number that is too large");
    }
}

}

SurveyReading read_survey(std::string_view text)
{
    SurveyReading reading;
    auto const json = parse_json(text);
    if (!json) {
        reading.faults.push_back(json.error().detail);
        return reading;
    }
    JsonReader reader;
    Survey& survey = reading.survey;
    Node const root {&*json, "survey"};
    survey.id = reader.identifier(root, "id");
    survey.version = reader.integer(root, "version", 1, 1'000'000);
    survey.languages = reader.languages = read_languages(reader, root);
    survey.touchpoint
        = reader.member(root, "touchpoint").value->is_null() ? "exit" : reader.identifier(root, "touchpoint");
    read_texts_of_screens(reader, root, survey);
    Defaults defaults;
    defaults.score_labels = read_texts(reader, root, "score_labels", 0, face_labels);
    if (!defaults.score_labels.empty() && defaults.score_labels.size() != face_labels)
        reader.fault("survey.score_labels", "must be five, worst to best");
    defaults.reasons_at_most = reader.integer(root, "reasons_at_most", 0, static_cast<int>(face_labels), 2);
    read_questions(reader, root, defaults, survey);
    read_vocabulary(reader, root, survey);
    read_hours(reader, root, survey);
    read_theme(reader, root, survey);
    reader.note_unknown(root,
        {"$schema", "id", "version", "languages", "touchpoint", "brand", "headline", "subline", "attract",
            "privacy", "thanks_title", "thanks_promise", "thanks_steps", "phrases", "score_labels",
            "reasons_at_most", "questions", "vocabulary", "opening_hours", "theme"});
    reading.faults = reader.faults();
    reading.remarks = reader.remarks();
    return reading;
}

Result<Survey> parse_survey(std::string_view text)
{
    SurveyReading reading = read_survey(text);
    if (!reading.faults.empty())
        return fail(Errc::Invalid, reading.faults.front());
    return std::move(reading.survey);
}

}

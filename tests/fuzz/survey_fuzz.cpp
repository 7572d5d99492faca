#include "kiosk/model/survey_reader.h"
#include "tests/fuzz/require.h"

using listenpost::test::require;

namespace {

using namespace listenpost::kiosk;

void require_text(LocalizedText const& text, Survey const& survey)
{
    for (auto const& language : survey.languages)
        require(!text.in(language).empty());
}

/// What every other part of the box relies on without asking again.
void require_usable(Survey const& survey)
{
    require(!survey.languages.empty());
    require(survey.first_page() >= 1 && survey.first_page() <= Survey::max_first_page);
    require(survey.first_page() <= survey.questions.size());
    require_text(survey.headline, survey);
    require_text(survey.attract_headline, survey);
    for (auto const& question : survey.questions) {
        require(survey.find(question.id) == &question);
        require_text(question.title, survey);
        if (question.kind == QuestionKind::Rating && question.scale != Scale::Nps) {
            require(static_cast<int>(question.score_labels.size()) == question.highest_score());
            for (int score = question.lowest_score(); score <= question.highest_score(); ++score)
                require(question.face_of(score) >= 1 && question.face_of(score) <= 5);
        }
        if (question.kind == QuestionKind::Minutes)
            require(question.minutes.size() >= 2);
        for (auto const& option : question.options)
            require_text(option.text, survey);
        for (auto const& reason : question.reasons)
            require_text(reason.text, survey);
        if (question.when)
            require(!question.when->holds({}));
    }
    for (auto const& word : survey.vocabulary)
        require(!word.word.empty());
    for (auto const& span : survey.hours.spans)
        require(span.closes > span.opens && span.closes - span.opens <= 24 * 60);
    for (int minute = 0; minute < OpeningHours::minutes_of_week; minute += 30)
        static_cast<void>(survey.hours.is_open(minute));
}

}

// Whatever the bytes: no crash, no exception, and what has no fault can be asked.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const reading = read_survey(text);
    if (reading.faults.empty())
        require_usable(reading.survey);
    auto const condition = Condition::parse(text);
    if (condition)
        require(!condition->holds({}));
    return 0;
}

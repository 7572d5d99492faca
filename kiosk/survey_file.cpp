#include "kiosk/survey_file.h"

#include "kiosk/model/survey_reader.h"
#include "kiosk/ui/picture.h"
#include "platform/os/files.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t max_survey_bytes = 1024 * 1024;

/// Read, with the faults that only the files beside it can show.
Result<SurveyReading> read(std::filesystem::path const& file)
{
    auto const text = read_file(file, max_survey_bytes);
    if (!text)
        return fail(text.error());
    SurveyReading reading = read_survey(*text);
    std::string& logo = reading.survey.branding.logo;
    if (!logo.empty() && reading.faults.empty()) {
        logo = (file.parent_path() / logo).string();
        if (auto const picture = load_picture(logo); !picture)
            reading.faults.push_back("survey.theme.logo cannot be shown: " + picture.error().detail);
    }
    return reading;
}

}

Result<Survey> load_survey(std::filesystem::path const& file, std::string const& language)
{
    auto reading = read(file);
    if (!reading)
        return fail(reading.error());
    if (!reading->faults.empty())
        return fail(Errc::Invalid, file.string() + ": " + reading->faults.front());
    Survey survey = std::move(reading->survey);
    if (language.empty())
        return survey;
    auto const chosen = std::ranges::find(survey.languages, language);
    if (chosen == survey.languages.end())
        return fail(Errc::Invalid, file.string() + " has no language " + language);
    // The first language is the one every customer starts with.
    std::rotate(survey.languages.begin(), chosen, chosen + 1);
    return survey;
}

SurveyReport check_survey(std::filesystem::path const& file)
{
    auto const reading = read(file);
    if (!reading)
        return {file.string() + ": " + reading.error().detail + "\n", false};
    SurveyReport report;
    for (auto const& fault : reading->faults)
        report.text += file.string() + ": " + fault + "\n";
    for (auto const& remark : reading->remarks)
        report.text += file.string() + ": note: " + remark + "\n";
    report.is_usable = reading->faults.empty();
    if (report.is_usable)
        report.text += file.string() + ": " + reading->survey.id + " version "
            + std::to_string(reading->survey.version)
            + " is fine: " + std::to_string(reading->survey.questions.size()) + " questions, "
            + std::to_string(reading->survey.languages.size()) + " languages\n";
    return report;
}

}

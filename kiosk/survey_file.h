#pragma once

#include "kiosk/model/survey.h"
#include "platform/base/result.h"

#include <filesystem>
#include <string>

namespace listenpost::kiosk {

/// The survey of a file, with its logo's whole path. `language`: the one every customer
/// starts with; empty: the survey's first. Errors: NotFound, Io, Full, Invalid; the detail
/// names the file and the place of the fault.
Result<Survey> load_survey(std::filesystem::path const& file, std::string const& language);

/// What `--check` prints: every fault and every remark, a line each, or that all is well.
struct SurveyReport {
    std::string text;
    bool is_usable = false;
};
SurveyReport check_survey(std::filesystem::path const& file);

}

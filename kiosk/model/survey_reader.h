#pragma once

#include "kiosk/model/survey.h"

#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// A survey file, read to its end whatever is wrong with it.
struct SurveyReading {
    Survey survey; ///< whole only without faults
    std::vector<std::string> faults; ///< each with its place; empty: the box can use it
    std::vector<std::string> remarks; ///< most likely slips: members that nobody knows
};

/// Never fails: what is wrong is in `faults`. The format: kiosk/model/SURVEY.md.
SurveyReading read_survey(std::string_view json);

}

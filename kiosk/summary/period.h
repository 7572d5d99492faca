#pragma once

#include "kiosk/model/survey.h"
#include "platform/base/clock.h"

#include <chrono>
#include <memory>
#include <string>

namespace listenpost::kiosk {

/// A day of the store's: from the day change to the next one, named by the date on which it begins.
using StoreDay = std::chrono::local_days;

enum class Period { Today, SevenDays, TwentyEightDays }; ///< ending with the store's day that is under way
int days_of(Period period);

/// Which figures are asked for.
struct SummaryQuery {
    Period period = Period::Today;
    WallTime now {}; ///< as the screen knows it; all of the period ends here
    std::string zone; ///< the store's, an IANA name; empty: the machine's
    int day_change_hour = 4; ///< 0 to 23, on the store's clocks: a night out belongs to the day before
    std::shared_ptr<Survey const> survey; ///< whose questions are asked about; never null
    std::string touchpoint; ///< only of boxes that stand there; empty: all
    friend bool operator==(SummaryQuery const&, SummaryQuery const&) = default;
};

}

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace listenpost::bench {

/// What kind of weeks a restaurant has.
enum class MonthOf {
    Busy, ///< Month::guests a day who answer, nearly half as many again at the weekend
    BadWeek, ///< the same, but in the last seven days lunch is served slowly
    Quiet, ///< three to ten a day
};

struct Month {
    MonthOf store = MonthOf::Busy;
    int days = 84; ///< a period of 28 days, and the eight weeks that are usual for it
    std::chrono::year_month_day last_day; ///< in Shanghai, where the store is
    int last_hour = 24; ///< on the last day: nobody comes from then on
    unsigned seed = 1;
    double guests = 230;
};

/// Makes a box's store.db with responses to assets/surveys/qsc-restaurant.json as people give them: lunch and
/// dinner rush, a pattern over the week, good and less good days, one in eight gone half way, some play,
/// reasons and waiting times of the discontented, comments that fit the scores (in simplified Chinese, some
/// in English). The same for the same month. How many there are; ends the program if it cannot, also where
/// there is a store.db already.
std::int64_t make_month(std::filesystem::path const& store, Month const& month);

}

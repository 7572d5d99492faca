#pragma once

#include "kiosk/flow/manager_view.h"
#include "kiosk/model/response.h"
#include "kiosk/summary/comparison.h"
#include "kiosk/summary/summary.h"
#include "kiosk/ui/widgets.h"

#include <chrono>
#include <cstdint>
#include <string>

/// The manager's figures in words and digits of the screen's language.
namespace listenpost::kiosk {

std::string decimal(double value, int decimals); ///< "4.31"
std::string count_text(std::int64_t count); ///< "3,318"
/// "12", without the sign; "<1" and ">99" where somebody is, or is not, and a whole number would hide it.
std::string percent_text(Share const& share);
/// "+0.12", "−0.12"; of nothing after rounding "+0.00".
std::string change_text(Ui const& ui, double change);

std::string_view weekday_name(Ui const& ui, int weekday); ///< 0 Monday
int weekday_index(StoreDay day); ///< likewise
std::string clock_text(int minutes); ///< since midnight: "14:45"
std::string date_text(Ui const& ui, StoreDay day);
std::string short_date_text(Ui const& ui, StoreDay day);
/// A response of the period: weekday or date, and the time.
std::string moment_text(
    Ui const& ui, std::chrono::local_time<std::chrono::milliseconds> at, StoreDay day, Period period);
/// What the period is compared with: "usual Friday", "usual".
std::string usual_name(Ui const& ui, Summary const& summary);
/// What a question, a reason of its, or a score is called; an id where the survey does not know it (any
/// more).
std::string_view question_name(Ui const& ui, std::string_view question);
std::string_view reason_name(Ui const& ui, std::string_view question, std::string_view reason);
std::string_view score_name(Ui const& ui, std::string_view question, int score);
std::string_view option_name(Ui const& ui, std::string_view question, std::string_view option);
/// What a list is of, beside its period and its order: "Service Poor Fri 12:00–13:00"; empty: of all, or of
/// what the screen's own buttons say.
std::string list_name(Ui const& ui, ListFilter const& list);
/// Who left early, who played: what the share is of, without it.
std::string share_name(Ui const& ui, Text share);
/// Of the standout: a whole sentence.
std::string standout_sentence(Ui const& ui, Standout const& standout);

/// The rating that hurts most, of those by faces; null: nobody rated any.
Answer const* lowest_rating(Survey const& survey, std::vector<Answer> const& answers);

}

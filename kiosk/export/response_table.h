#pragma once

#include "kiosk/model/stored_response.h"
#include "kiosk/model/survey.h"
#include "kiosk/store/staff_marks.h"
#include "platform/os/time_zone.h"

#include <memory>
#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// The words of the table that are no survey's: names of columns, and what stands in their cells, in the
/// language of whoever takes it along.
struct TableWords {
    std::string time; ///< the first tap, on the store's clocks
    std::string place; ///< touchpoint
    std::string language;
    std::string outcome;
    std::string complete, partial;
    std::string reasons; ///< behind a question's title: "Quality: reasons"
    std::string other_answers; ///< to questions that the survey no longer has
    std::string comment;
    std::string flags; ///< misuse rules that the response broke
    std::string handled;
    std::string seen, dealt_with;
    std::string handled_by;
    std::string note;
    std::string handled_at;
    std::string install, number; ///< with one another the identity, at HQ too
};

/// Responses as a table for a spreadsheet: UTF-8 with a byte-order mark, CSV as RFC 4180 has it, text that a
/// spreadsheet would run as a formula made harmless. A question's answer in words, a score as its number.
/// Pure. Threads: one at a time, for `zone` remembers.
class ResponseTable {
public:
    /// `language`: of the survey's words. All must outlive it.
    ResponseTable(Survey const& survey, std::string_view language, TableWords const& words, TimeZone& zone)
        : survey_(survey)
        , language_(language)
        , words_(words)
        , zone_(zone)
    {
    }

    /// The byte-order mark and the names of the columns.
    std::string header() const;
    /// One line. `at`: when it was; `mark`: what staff did about it, null: nothing; `install`: whose it is.
    /// What cannot be read of its answers is left empty.
    void append(std::string& out, StoredResponse const& response, WallTime at, StaffMark const* mark,
        std::string_view install) const;

private:
    std::string local(WallTime time) const;

    Survey const& survey_;
    std::string_view language_;
    TableWords const& words_;
    TimeZone& zone_;
};

}

#pragma once

#include <string>
#include <string_view>

namespace listenpost {

/// Without it Excel takes Chinese for something else.
inline constexpr std::string_view csv_byte_order_mark = "\xEF\xBB\xBF";
inline constexpr std::string_view csv_line_end = "\r\n"; // RFC 4180

/// One cell: quoted where needed; text that a spreadsheet would run as a formula
/// (= + - @ tab, CR or LF at its start, or the wide forms ＝ ＋ － ＠ that Chinese input
/// methods type and spreadsheets take for the same) gets an apostrophe before it.
void append_csv_cell(std::string& out, std::string_view text);

}

#include "kiosk/store/recovered_rows.h"

#include "kiosk/model/install_id.h"
#include "kiosk/model/json_reader.h"
#include "kiosk/model/response.h"
#include "platform/sqlite/row_checksum.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace listenpost::kiosk {
namespace {

using sqlite::RawRow;
using sqlite::RawValue;
using Values = std::span<RawValue const>;

/// One letter a column: i integer, t text.
constexpr std::string_view response_shape = "iiiittittttttt";
constexpr std::string_view draft_shape = "iiiittitttttt";

constexpr std::int64_t max_time_ms = 4'102'444'800'000; // the year 2100
constexpr std::size_t max_word_bytes = 100;
constexpr std::size_t max_text_bytes = 100'000;

bool is_integer(RawValue const& value) { return std::holds_alternative<std::int64_t>(value); }
bool is_text(RawValue const& value) { return std::holds_alternative<std::string>(value); }
std::int64_t integer(RawValue const& value) { return std::get<std::int64_t>(value); }
std::string const& text(RawValue const& value) { return std::get<std::string>(value); }

bool has_shape(Values values, std::string_view shape)
{
    return values.size() == shape.size()
        && std::ranges::equal(values, shape, [](RawValue const& value, char kind) {
               return kind == 'i' ? is_integer(value) : is_text(value);
           });
}

/// Of an INTEGER PRIMARY KEY the column itself is empty: the row's number stands for it.
bool has_rowid_column(RawRow const& row)
{
    return !row.values.empty() && std::holds_alternative<std::monostate>(row.values.front());
}

bool is_time(RawValue const& value) { return integer(value) >= 0 && integer(value) < max_time_ms; }

bool is_flag(RawValue const& value) { return integer(value) == 0 || integer(value) == 1; }

/// Of printable ASCII: an id, a language, a boot.
bool is_word(RawValue const& value)
{
    return text(value).size() <= max_word_bytes
        && std::ranges::all_of(text(value), [](char letter) { return letter > ' ' && letter < '\x7f'; });
}

/// UTF-8 without control characters.
bool is_readable(RawValue const& value)
{
    constexpr std::string_view replacement = "\xef\xbf\xbd"; // stands for what is no UTF-8
    std::string const& said = text(value);
    std::string json;
    append_json_string(json, said);
    return said.size() <= max_text_bytes
        && std::ranges::none_of(said, [](char byte) { return byte >= 0 && byte < ' '; })
        && (json.find(replacement) == std::string::npos || said.find(replacement) != std::string::npos);
}

bool is_outcome(RawValue const& value)
{
    return text(value) == name(Outcome::Complete) || text(value) == name(Outcome::Partial);
}

bool is_closing(RawValue const& value)
{
    return text(value) == name(ClosedBy::Finish) || text(value) == name(ClosedBy::Timeout)
        || text(value) == name(ClosedBy::Restart);
}

bool is_answers(RawValue const& value) { return is_readable(value) && answers_from_json(text(value)); }

bool is_flags(RawValue const& value)
{
    std::string const& flags = text(value);
    return flags.empty() || (is_word(value) && flags.starts_with("[\"") && flags.ends_with("\"]"));
}

/// boot, survey, its version, touchpoint, lang.
bool is_place(Values values)
{
    return is_word(values[0]) && is_identifier(text(values[1])) && integer(values[2]) > 0
        && is_word(values[3]) && is_word(values[4]);
}

bool is_plausible_response(Values values)
{
    return std::ranges::all_of(values.subspan(0, 3), is_time) && is_flag(values[3])
        && is_place(values.subspan(4, 5)) && is_outcome(values[9]) && is_closing(values[10])
        && is_answers(values[11]) && is_readable(values[12]) && is_flags(values[13]);
}

bool is_plausible_draft(Values values)
{
    return std::ranges::all_of(values.subspan(0, 3), is_time) && is_flag(values[3])
        && is_place(values.subspan(4, 5)) && is_outcome(values[9]) && is_answers(values[10])
        && is_readable(values[11]) && is_flags(values[12]);
}

std::int64_t checksum(std::int64_t seq, Values values)
{
    sqlite::RowChecksum sum;
    sum.add(seq);
    for (auto const& value : values) {
        if (is_integer(value))
            sum.add(integer(value));
        else
            sum.add(std::string_view(text(value)));
    }
    return sum.value();
}

/// Of a row that proves itself, its values without the proof; nothing: it does not. Formats 3 and 4 had no
/// `event`, format 5 no `comment_erased`, and rows of theirs have none in the file of a later format either.
std::optional<std::vector<RawValue>> checked_values(std::int64_t seq, Values values)
{
    std::size_t const columns = response_shape.size();
    std::string const all = std::string(response_shape) + "iti"; // row_check, event, comment_erased
    if (values.size() <= columns || values.size() > all.size()
        || !has_shape(values, std::string_view(all).substr(0, values.size())))
        return std::nullopt;
    RawValue const event = values.size() > columns + 1 ? values[columns + 1] : RawValue(std::string());
    RawValue const erased = values.size() > columns + 2 ? values[columns + 2] : RawValue(std::int64_t {0});
    std::vector<RawValue> kept(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(columns));
    kept.push_back(event);
    kept.push_back(erased);
    // The last two count where they say something, see LISTENPOST_ROW_CHECK.
    std::size_t const counted = integer(erased) != 0 ? columns + 2
        : text(event).empty()                        ? columns
                                                     : columns + 1;
    if (checksum(seq, Values(kept).first(counted)) != integer(values[columns]))
        return std::nullopt;
    return kept;
}

}

std::string RecoveredResponse::content() const
{
    std::string all;
    for (auto const& value : values) {
        all += is_integer(value) ? std::to_string(integer(value)) : text(value);
        all += '\0';
    }
    return all;
}

std::optional<RecoveredResponse> as_response(RawRow const& row)
{
    if (!has_rowid_column(row) || row.rowid < 1 || row.rowid > greatest_seq)
        return std::nullopt;
    std::size_t const columns = response_shape.size();
    Values const values = Values(row.values).subspan(1);
    if (auto kept = checked_values(row.rowid, values))
        return RecoveredResponse {row.rowid, RowProof::Checked, std::move(*kept)};
    RecoveredResponse response {row.rowid, RowProof::Plausible, {values.begin(), values.end()}};
    if (values.size() == columns - 1)
        response.values.emplace_back(std::string()); // format 1 had no flags
    if (!has_shape(response.values, response_shape) || !is_plausible_response(response.values))
        return std::nullopt;
    response.values.emplace_back(std::string()); // nor any event
    response.values.emplace_back(std::int64_t {0}); // nor anything erased
    return response;
}

std::optional<std::vector<RawValue>> as_draft(RawRow const& row)
{
    if (!has_rowid_column(row) || row.rowid != 1)
        return std::nullopt;
    std::vector<RawValue> values(row.values.begin() + 1, row.values.end());
    if (values.size() == draft_shape.size() - 1)
        values.emplace_back(std::string()); // format 1 had no flags
    if (!has_shape(values, draft_shape) || !is_plausible_draft(values))
        return std::nullopt;
    return values;
}

std::optional<RecoveredIdentity> as_identity(RawRow const& row)
{
    if (!has_rowid_column(row) || row.rowid < 1 || row.rowid > greatest_seq)
        return std::nullopt;
    Values const values = Values(row.values).subspan(1);
    bool const is_of_format_1 = has_shape(values, "t") && row.rowid == 1;
    bool const has_check = has_shape(values, "tti");
    if (!is_of_format_1 && !has_shape(values, "tt") && !has_check)
        return std::nullopt;
    if (has_check && checksum(row.rowid, values.first(2)) != integer(values.back()))
        return std::nullopt;
    std::string const made_for = is_of_format_1 ? "first" : text(values[1]);
    if (!is_install_id(text(values[0])) || !is_reason_for_install(made_for))
        return std::nullopt;
    return RecoveredIdentity {
        {{text(values[0]), row.rowid}, made_for}, has_check ? RowProof::Checked : RowProof::Plausible};
}

std::optional<BootClock> as_boot_clock(RawRow const& row)
{
    Values const values = row.values;
    if (!has_shape(values, "tii") || text(values[0]).empty() || !is_word(values[0]) || !is_time(values[1])
        || !is_time(values[2]))
        return std::nullopt;
    return BootClock {text(values[0]), integer(values[1]), integer(values[2])};
}

std::optional<SalvageReport> as_salvage_report(RawRow const& row)
{
    if (!has_rowid_column(row))
        return std::nullopt;
    Values const values = Values(row.values).subspan(1);
    if (values.size() != 6 || !has_shape(values.first(5), "ittii")
        || !text(values[1]).starts_with("store.db.damaged-") || !is_readable(values[2]))
        return std::nullopt;
    SalvageReport report {.at_ms = integer(values[0]),
        .kept_as = text(values[1]),
        .reason = text(values[2]),
        .recovered = integer(values[3]),
        .missing = integer(values[4]),
        .undelivered = {}};
    if (is_integer(values[5]))
        report.undelivered = integer(values[5]);
    return report;
}

}

#include "platform/base/csv.h"

#include <algorithm>
#include <array>

namespace listenpost {
namespace {

constexpr std::array<std::string_view, 11> formula_starts {
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

}

void append_csv_cell(std::string& out, std::string_view text)
{
    bool const formula = std::ranges::any_of(
        formula_starts, [&](std::string_view start) { return text.starts_with(start); });
    bool const quoted = text.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted)
        out += '"';
    if (formula)
        out += '\'';
    for (char const c : text) {
        if (c == '"')
            out += '"';
        out += c == '\0' ? ' ' : c; // many readers end at a NUL
    }
    if (quoted)
        out += '"';
}

}

#include "kiosk/ui/text_field.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr float side = 28; ///< between the outline and the text
constexpr float above = 20; ///< between the outline and the first line of a high field
constexpr float high_field = 180; ///< from here on, text starts at the top as on paper
constexpr float count_room = 110; ///< right of the text, where the number of characters stands

/// Where lines are wrapped, blanks at their ends are dropped. At the text's end they have just
/// been typed, and the caret stands behind them.
std::vector<std::string_view> wrap_for_caret(Ui& ui, std::string_view text, float em, float width)
{
    auto lines = ui.fonts.wrap(text, em, width);
    auto& last = lines.back();
    last = text.substr(static_cast<std::size_t>(last.data() - text.data()));
    return lines;
}

/// The text in lines at the largest size at which all of it fits.
struct Written {
    std::vector<std::string_view> lines;
    float em = 0;

    float line_height() const { return em * 1.36F; }
};

Written lay_out(Ui& ui, std::string_view text, Rect const& box, float width)
{
    float const room = static_cast<float>(box.h) - ui.scaled(20);
    Written written;
    for (int const size : {theme::heading_small, theme::button, theme::body_large, theme::body}) {
        written.em
            = std::round(ui.scaled(static_cast<float>(size)) * (size == theme::body ? 1 : ui.text_scale));
        written.lines = wrap_for_caret(ui, text, written.em, width);
        if (static_cast<float>(written.lines.size()) * written.line_height() <= room)
            return written;
    }
    auto const most = static_cast<std::size_t>(std::max(1.F, std::floor(room / written.line_height())));
    if (written.lines.size() > most)
        written.lines.erase(written.lines.begin(), written.lines.end() - static_cast<std::ptrdiff_t>(most));
    return written;
}

/// The first line's middle.
float first_line(Ui const& ui, Rect const& box, std::size_t lines, float line_height)
{
    if (static_cast<float>(box.h) >= ui.scaled(high_field))
        return static_cast<float>(box.y) + ui.scaled(above) + line_height / 2;
    return static_cast<float>(box.centre().y) - line_height * static_cast<float>(lines - 1) / 2;
}

void draw_caret(Ui& ui, ImVec2 at, float em)
{
    float const half = em * 0.56F;
    float const width = std::max(2.F, std::round(ui.scaled(4)));
    float const x = std::round(at.x + ui.scaled(4));
    ui.list.AddRectFilled(
        {x, std::round(at.y - half)}, {x + width, std::round(at.y + half)}, ui.palette.clay);
}

void draw_count(Ui& ui, Rect const& box)
{
    int const most = ui.view.editor.most_characters;
    bool const is_full = ui.view.editor.characters >= most;
    ui.fonts.draw(ui.list, ui.say(Text::CommentCount, {{"n", ui.view.editor.characters}, {"most", most}}),
        {static_cast<float>(box.right()) - ui.scaled(24), static_cast<float>(box.bottom()) - ui.scaled(24)},
        ui.scaled(theme::small), is_full ? ui.palette.clay : ui.palette.ink2, Align::Right);
}

}

void draw_text_field(Ui& ui, Rect const& box, std::string_view placeholder)
{
    auto const& colours = ui.palette;
    fill(ui, box, colours.card);
    outline(ui, box, colours.teal, theme::outline_field);
    std::string const& text = ui.view.editor.text;
    std::string const all = text + ui.view.editor.composition.preedit;
    float const left = static_cast<float>(box.x) + ui.scaled(side);
    float const width = static_cast<float>(box.w) - ui.scaled(side + count_room);
    draw_count(ui, box);
    if (all.empty()) {
        FittedText const hint = fit(ui, placeholder, theme::button, width, 2);
        float y = first_line(ui, box, hint.lines.size(), hint.line_height());
        draw_caret(ui, {left - ui.scaled(10), y}, hint.pixels);
        for (auto const& line : hint.lines) {
            ui.fonts.draw(ui.list, line, {left + ui.scaled(8), std::round(y)}, hint.pixels, colours.ink2);
            y += hint.line_height();
        }
        return;
    }
    Written const written = lay_out(ui, all, box, width);
    float y = first_line(ui, box, written.lines.size(), written.line_height());
    ImVec2 end {left, y};
    for (auto const& line : written.lines) {
        auto const start = static_cast<std::size_t>(line.data() - all.data());
        std::size_t const said = text.size() > start ? std::min(line.size(), text.size() - start) : 0;
        auto const composing = line.substr(said);
        float const at = left + ui.fonts.width(line.substr(0, said), written.em);
        ui.fonts.draw(ui.list, line.substr(0, said), {left, std::round(y)}, written.em, colours.ink);
        end = {at, y};
        if (!composing.empty()) {
            end.x = at + ui.fonts.width(composing, written.em);
            ui.fonts.draw(ui.list, composing, {at, std::round(y)}, written.em, colours.teal);
            float const under = std::round(y + written.em * 0.62F);
            ui.list.AddRectFilled(
                {at, under}, {end.x, under + std::max(2.F, std::round(ui.scaled(3)))}, colours.teal);
        }
        y += written.line_height();
    }
    draw_caret(ui, {std::min(end.x, left + width), end.y}, written.em);
}

}

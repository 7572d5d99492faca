#include "kiosk/ui/keyboard.h"

#include "kiosk/input/keyboard_layout.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/widgets.h"
#include "platform/base/utf8.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace listenpost::kiosk {
namespace {

/// What appears in the bar under a finger that has just tapped there was not aimed at. A tap
/// that follows a key is: whoever types with both hands is quicker than this.
constexpr std::chrono::milliseconds bar_guard {200};

constexpr float key_radius = 16;
constexpr float candidate_padding = 24;
constexpr float letters_share = 0.3F; ///< of the bar, at most

Composition const& composition(Ui const& ui) { return ui.view.editor.composition; }

bool types_pinyin(Ui const& ui)
{
    return std::ranges::any_of(
        ui.survey.languages, [](std::string const& language) { return language.starts_with("zh"); });
}

/// The font has it whole: what cannot be shown is not offered.
bool can_show(Ui& ui, std::string_view text)
{
    while (!text.empty())
        if (!ui.fonts.has(take_character(text)))
            return false;
    return true;
}

std::string_view spoken_label(Ui const& ui, Key const& key)
{
    switch (key.kind) {
    case KeyKind::Space:
        return ui.say(Text::KeySpace);
    case KeyKind::Backspace:
        return ui.say(Text::KeyBackspace);
    case KeyKind::Shift:
        return ui.say(Text::KeyShift);
    case KeyKind::Mode:
        return ui.say(composition(ui).mode == TypingMode::Pinyin ? Text::KeyEnglish : Text::KeyPinyin);
    case KeyKind::Letter:
    case KeyKind::Character:
    case KeyKind::Page:
    case KeyKind::More:
        break;
    }
    return key.label;
}

/// What a key writes or draws on itself.
void draw_face_of_key(Ui& ui, Key const& key, Rect const& box, theme::Colour colour)
{
    ImVec2 const centre = to_vec(box.centre());
    float const width = static_cast<float>(box.w) - ui.scaled(8);
    switch (key.kind) {
    case KeyKind::Letter:
    case KeyKind::Character: {
        // Full-width marks have their ink in a corner of a square.
        bool const is_ascii = static_cast<unsigned char>(key.label.front()) < 0x80U;
        ui.fonts.draw(ui.list, key.label, centre, std::round(ui.scaled(theme::heading)), colour,
            is_ascii ? Align::Centre : Align::Ink);
        return;
    }
    case KeyKind::Page:
        return write_centred(ui, key.label, centre, width, theme::button, 1, colour);
    case KeyKind::Space:
        return write_centred(ui, ui.say(Text::KeySpace), centre, width, theme::body_large, 1, colour);
    case KeyKind::Backspace:
        return draw_backspace(ui.list, centre, ui.scaled(34), colour);
    case KeyKind::Shift:
        return draw_shift(ui.list, centre, ui.scaled(38), colour, composition(ui).shift);
    case KeyKind::More:
        return draw_chevron(ui.list, centre, ui.scaled(32), colour, composition(ui).expanded);
    case KeyKind::Mode: {
        bool const pinyin = composition(ui).mode == TypingMode::Pinyin;
        auto const now = ui.say(pinyin ? Text::KeyPinyin : Text::KeyEnglish);
        auto const other = ui.say(pinyin ? Text::KeyEnglish : Text::KeyPinyin);
        // Side by side on any key, also on an upright screen's narrow one.
        float const fits = std::min(1.F, static_cast<float>(box.w) / ui.scaled(100));
        float const big = std::round(ui.scaled(theme::heading_small) * fits);
        float const small = std::round(ui.scaled(theme::body) * fits);
        float const blank = ui.scaled(10) * fits;
        float const all = ui.fonts.width(now, big) + blank + ui.fonts.width(other, small);
        float const x = std::round(centre.x - all / 2);
        ui.fonts.draw(ui.list, now, {x, centre.y}, big, colour);
        ui.fonts.draw(ui.list, other, {x + all, centre.y + ui.scaled(3)}, small,
            colour == ui.palette.sand ? ui.palette.rail_quiet : colour, Align::Right);
        return;
    }
    }
}

bool is_function(KeyKind kind)
{
    return kind == KeyKind::Backspace || kind == KeyKind::Page || kind == KeyKind::Mode
        || kind == KeyKind::More || kind == KeyKind::Shift;
}

bool is_just_over(Ui const& ui, std::optional<SteadyTime> const& since)
{
    return since && ui.now >= *since && ui.now < *since + bar_guard;
}

/// A tap in the bar has ended: whether it means what it hit.
bool is_meant(Ui& ui)
{
    ui.typing.bar_touched = ui.now;
    return !is_just_over(ui, ui.typing.bar_changed);
}

void draw_key(Ui& ui, Key const& key, TypingLayout::Cell const& cell, bool is_in_bar)
{
    auto const& colours = ui.palette;
    Press const state = press(ui, "key." + key.name, spoken_label(ui, key), cell.touched, unless_saving(ui));
    bool const is_plain_mark = is_in_bar && key.kind == KeyKind::Character;
    bool const is_lit = state.held || (key.kind == KeyKind::Shift && composition(ui).shift)
        || (key.kind == KeyKind::More && composition(ui).expanded);
    theme::Colour const ground = is_lit ? colours.sand
        : is_plain_mark                 ? colours.rail
        : is_function(key.kind)         ? colours.rail_button
                                        : colours.card;
    theme::Colour const face = is_lit            ? colours.on_sand
        : key.kind == KeyKind::Mode              ? colours.sand
        : is_plain_mark || is_function(key.kind) ? colours.rail_text
                                                 : colours.ink;
    fill(ui, cell.seen, ground, key_radius);
    draw_face_of_key(ui, key, cell.seen, face);
    if (state.done && (!is_in_bar || is_meant(ui)))
        ui.events.push_back(event::KeyPressed {key.name});
}

void draw_candidate(Ui& ui, std::size_t index, TypingLayout::Cell const& cell, float em)
{
    auto const& colours = ui.palette;
    auto const& text = composition(ui).candidates[index];
    Press const state
        = press(ui, "candidate." + std::to_string(index), text, cell.touched, unless_saving(ui));
    bool const is_first = index == 0;
    if (is_first || state.held)
        fill(ui, cell.seen, state.held && is_first ? colours.sand_pressed : colours.sand, key_radius);
    theme::Colour const colour = is_first || state.held ? colours.on_sand : colours.rail_text;
    // Not fit(): what had to be cut is noted there, and this is what somebody writes.
    FittedText const fitted = fit_text(ui.fonts, text, em, static_cast<float>(cell.seen.w), 1);
    for (auto const& line : fitted.lines)
        ui.fonts.draw(ui.list, line, to_vec(cell.seen.centre()), fitted.pixels, colour, Align::Centre);
    if (state.done && is_meant(ui))
        ui.events.push_back(event::CandidateChosen {index});
}

/// Candidates from `first` on, left to right in the row, as many as fit, and be it one made
/// smaller. Returns the next one.
std::size_t draw_candidates(
    Ui& ui, TypingLayout const& layout, Rect const& row, int left, int right, std::size_t first)
{
    auto const& candidates = composition(ui).candidates;
    float const em = std::round(ui.scaled(theme::heading));
    int const least = static_cast<int>(std::round(layout.unit)) - layout.gap;
    std::size_t index = first;
    int const start = left;
    for (; index < candidates.size(); ++index) {
        if (!can_show(ui, candidates[index]))
            continue;
        int const width = std::max(least,
            static_cast<int>(ui.fonts.width(candidates[index], em) + 2 * ui.scaled(candidate_padding)));
        bool const is_alone = left == start && left + least <= right;
        if (left + width > right && !is_alone)
            break;
        // A line between two words; the first one has its own ground.
        if (index > first && index > 1)
            fill(ui,
                {left - layout.gap / 2 - 1, row.centre().y - row.h / 5, std::max(1, ui.stage.px(2)),
                    row.h * 2 / 5},
                ui.palette.rail_track, 0);
        draw_candidate(ui, index, layout.cell(row, left, std::min(left + width, right)), em);
        left += width + layout.gap;
    }
    return index;
}

/// The letters as typed, so that a slip is seen where the eyes are. Returns the right end.
int draw_letters(Ui& ui, TypingLayout const& layout, int left)
{
    std::string_view letters = composition(ui).letters;
    constexpr std::size_t most = 12;
    if (letters.size() > most)
        letters.remove_prefix(letters.size() - most);
    float const em = std::round(ui.scaled(theme::heading_small));
    float const inset = ui.scaled(20);
    float const room = static_cast<float>(layout.bar_row.w) * letters_share - 2 * inset;
    while (letters.size() > 1 && ui.fonts.width(letters, em) > room)
        letters.remove_prefix(1);
    float const width = ui.fonts.width(letters, em);
    ui.fonts.draw(ui.list, letters,
        {static_cast<float>(left) + inset, static_cast<float>(layout.bar_row.centre().y)}, em,
        ui.palette.sand);
    return left + static_cast<int>(width + 2 * inset);
}

void note_bar(Ui& ui)
{
    auto& typing = ui.typing;
    auto const& shown = composition(ui);
    std::vector<std::string> bar = shown.candidates;
    bar.resize(std::min<std::size_t>(bar.size(), 8));
    if (bar != typing.bar) {
        typing.bar = std::move(bar);
        typing.bar_changed.reset();
        if (is_just_over(ui, typing.bar_touched))
            typing.bar_changed = ui.now;
    }
    if (std::exchange(typing.letters, shown.letters.size()) != shown.letters.size() || !shown.expanded)
        typing.first_candidate = 0;
}

/// Returns the first candidate that found no place in the bar.
std::size_t draw_bar(Ui& ui, TypingLayout const& layout, KeyboardLayout const& keys)
{
    for (auto const& key : keys.bar)
        if (key.kind != KeyKind::Mode || types_pinyin(ui))
            draw_key(ui, key, layout.bar(key.column, key.width), true);
    auto const& shown = composition(ui);
    if (shown.letters.empty() && shown.candidates.empty())
        return 0;
    int const left = draw_letters(ui, layout, layout.unit_x(1));
    if (shown.candidates.empty()) {
        if (!shown.engine_ready)
            ui.fonts.draw(ui.list, ui.say(Text::PinyinLoading),
                {static_cast<float>(left), static_cast<float>(layout.bar_row.centre().y)},
                ui.scaled(theme::body), ui.palette.rail_quiet);
        return 0;
    }
    return draw_candidates(ui, layout, layout.bar_row, left, layout.unit_x(9) - layout.gap, 0);
}

/// All candidates, over the keys: three rows a page.
void draw_all_candidates(Ui& ui, TypingLayout const& layout, std::size_t first)
{
    auto& page = ui.typing.first_candidate;
    std::size_t const start = std::max(first, page);
    std::size_t next = start;
    int const right = layout.bar_row.right();
    int const more_left = layout.unit_x(9);
    for (std::size_t row = 0; row < layout.key_rows.size(); ++row) {
        bool const is_last = row + 1 == layout.key_rows.size();
        Rect const& place = layout.key_rows[row];
        next = draw_candidates(ui, layout, place, place.x, is_last ? more_left - layout.gap : right, next);
    }
    bool const has_more = next < composition(ui).candidates.size();
    if (!has_more && page == 0)
        return;
    TypingLayout::Cell const cell = layout.key(2, 9, 1);
    Press const state = press(ui, "key.more_next", ui.say(Text::NextStep), cell.touched, unless_saving(ui));
    fill(ui, cell.seen, state.held ? ui.palette.sand : ui.palette.rail_button, key_radius);
    draw_chevron(ui.list, to_vec(cell.seen.centre()), ui.scaled(32),
        state.held ? ui.palette.on_sand : ui.palette.rail_text, !has_more);
    if (state.done)
        page = has_more ? next : 0;
}

}

void draw_keyboard(Ui& ui, TypingLayout const& layout)
{
    note_bar(ui);
    fill(ui, layout.hand, ui.palette.rail, 0);
    if (ui.palette.rail_edge != ui.palette.rail)
        fill(ui, {layout.hand.x, layout.hand.y, layout.hand.w, std::max(1, ui.stage.px(2))},
            ui.palette.rail_edge, 0);
    KeyboardLayout const keys = keyboard_layout(composition(ui));
    std::size_t const first = draw_bar(ui, layout, keys);
    if (composition(ui).expanded)
        return draw_all_candidates(ui, layout, first);
    for (int row = 0; row < static_cast<int>(keys.rows.size()); ++row)
        for (auto const& key : keys.rows[static_cast<std::size_t>(row)])
            draw_key(ui, key, layout.key(row, key.column, key.width), false);
}

}

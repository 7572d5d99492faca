#include "kiosk/ui/icons.h"
#include "kiosk/ui/screen_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace listenpost::kiosk {
namespace {

void draw_ground(Ui& ui, PanelLayout const& panel, std::string_view headline, std::string_view hint)
{
    fill(ui, ui.stage.screen, theme::scrim, 0);
    fill(ui, panel.modal, ui.palette.card, theme::radius_modal);
    write(ui, headline, panel.headline, theme::heading, ui.palette.ink);
    if (!hint.empty())
        write(ui, hint, panel.hint, theme::body, ui.palette.ink2);
}

/// The way out, and last of all whatever lies beside the panel.
void draw_way_out(Ui& ui, PanelLayout const& panel, ButtonKind kind)
{
    bool closed
        = button(ui, kind, "panel.close", ui.say(Text::PanelClose), panel.close, theme::heading_small);
    swallow_touches(ui, panel.modal);
    closed = touched_anywhere(ui) || closed;
    if (closed)
        ui.events.push_back(event::PanelClosed {});
}

struct Aid {
    char const* id;
    Text label;
    Access access;
    bool View::*is_on;
};

/// What it is for, and its state: in a word, by the switch's shape, and by the edge.
void draw_aid(Ui& ui, Aid const& aid, Rect const& box)
{
    auto const& colours = ui.palette;
    bool const on = ui.view.*aid.is_on;
    auto const label = ui.say(aid.label);
    Press const state = press(ui, aid.id, label, box, Enabled::Yes, on);
    fill(ui, box, state.held ? colours.sunk : colours.paper);
    outline(
        ui, box, on || state.held ? colours.ink : colours.edge, on ? theme::outline_field : theme::outline);
    float const middle = static_cast<float>(box.centre().y);
    float const width = ui.scaled(92);
    draw_switch(ui.list, {static_cast<float>(box.x) + ui.scaled(24) + width / 2, middle}, ui.scaled(52), on,
        on ? colours.ink : colours.edge, colours.card);
    // Label and state as one group, whatever number of lines the label has.
    float const text_x = static_cast<float>(box.x) + ui.scaled(24 + 20) + width;
    float const text_width = static_cast<float>(box.right()) - ui.scaled(20) - text_x;
    FittedText const word
        = fit(ui, ui.say(on ? Text::AccessOn : Text::AccessOff), theme::body, text_width, 1);
    float const room = static_cast<float>(box.h) - word.height() - ui.scaled(8);
    FittedText const name = fit_box(ui, label, theme::button, text_width, room, 2);
    float y = middle - (name.height() + word.height()) / 2 + name.line_height() / 2;
    for (auto const& line : name.lines) {
        ui.fonts.draw(ui.list, line, {text_x, std::round(y)}, name.pixels, colours.ink);
        y += name.line_height();
    }
    y += (word.line_height() - name.line_height()) / 2;
    for (auto const& line : word.lines)
        ui.fonts.draw(ui.list, line, {text_x, std::round(y)}, word.pixels, colours.ink2);
    if (state.done)
        ui.events.push_back(event::AccessToggled {aid.access});
}

}

/// Each in its own name and its own face: who needs it reads nothing else here.
void draw_languages(Ui& ui)
{
    auto const& languages = ui.survey.languages;
    PanelLayout const panel = languages_layout(ui.stage, static_cast<int>(languages.size()));
    draw_ground(ui, panel, ui.say(Text::LanguagesHeadline), {});
    for (std::size_t index = 0; index < languages.size(); ++index) {
        auto const& language = languages[index];
        OtherLanguage const in_its_own_face(ui, language);
        Rect const& box = panel.buttons[index];
        if (chip(ui, "lang." + language, ui.strings.get(language, Text::LanguageName), box, box,
                theme::heading_small, language == ui.view.language))
            ui.events.push_back(event::LanguageChosen {language});
    }
    draw_way_out(ui, panel, ButtonKind::Secondary); // choosing closes it by itself
}

void draw_access(Ui& ui, std::span<Access const> offered)
{
    static constexpr std::array<Aid, 4> aids {{
        {"access.large", Text::AccessLarge, Access::Large, &View::large_text},
        {"access.low_reach", Text::AccessLowReach, Access::LowReach, &View::low_reach},
        {"access.contrast", Text::Contrast, Access::Contrast, &View::high_contrast},
        {"access.speech", Text::AccessSpeech, Access::Speech, &View::spoken},
    }};
    PanelLayout const panel = access_layout(ui.stage, static_cast<int>(offered.size()));
    draw_ground(ui, panel, ui.say(Text::AccessHeadline), ui.say(Text::AccessHint));
    for (std::size_t index = 0; index < offered.size(); ++index)
        draw_aid(ui, *std::ranges::find(aids, offered[index], &Aid::access), panel.buttons[index]);
    draw_way_out(ui, panel, ButtonKind::Primary);
}

}

#include "kiosk/ui/faces.h"
#include "kiosk/ui/screen_parts.h"

#include <cmath>

namespace listenpost::kiosk {
namespace {

void write_middle(
    Ui& ui, std::string_view text, Line const& line, float size, int lines, theme::Colour colour)
{
    write_centred(ui, text, to_vec(line.at), static_cast<float>(line.width), size, lines, colour);
}

/// Across an upright screen in one line if that is no smaller than without large text.
void write_headline(Ui& ui, AttractLayout const& layout)
{
    auto const headline = ui.say(ui.survey.attract_headline);
    if (ui.stage.orientation == Orientation::Landscape)
        return write_middle(ui, headline, layout.headline, theme::display, 1, ui.palette.ink);
    FittedText const one = fit_text(
        ui.fonts, headline, ui.text_pixels(theme::hero), static_cast<float>(layout.headline.width), 1);
    int const lines = one.whole && one.pixels >= std::round(ui.scaled(theme::hero)) ? 1 : 2;
    write_middle(ui, headline, layout.headline, theme::hero, lines, ui.palette.ink);
}

/// The invitation in other languages: as many as there is room for, others each minute.
void draw_elsewhere(Ui& ui, AttractLayout const& layout)
{
    std::vector<std::string_view> others;
    for (auto const& language : ui.survey.languages)
        if (language != ui.view.language)
            others.push_back(language);
    std::size_t const shown = std::min(others.size(), layout.start_elsewhere.size());
    for (std::size_t index = 0; index < shown; ++index) {
        std::size_t const first = static_cast<std::size_t>(ui.view.drift) * shown;
        auto const language = others[(first + index) % others.size()];
        OtherLanguage const in_its_own_face(ui, language);
        write_middle(ui, ui.strings.get(language, Text::AttractStart), layout.start_elsewhere[index],
            theme::body, 1, ui.palette.ink2);
    }
}

}

/// Seen across the room. A touch means nothing here but that somebody has come, which the
/// flow sees by itself.
void draw_attract(Ui& ui)
{
    auto const& colours = ui.palette;
    AttractLayout const layout = attract_layout(ui.stage, ui.view.drift);
    draw_brand_centred(ui, layout.brand, static_cast<float>(layout.headline.width));
    write_headline(ui, layout);
    write_middle(ui, ui.view.shop_is_open ? ui.say(ui.survey.attract_subline) : ui.say(Text::AttractClosed),
        layout.subline, theme::button, 2, colours.ink2);
    for (std::size_t index = 0; index < layout.faces.size(); ++index) {
        Disc const& face = layout.faces[index];
        draw_face(ui.list, colours, to_vec(face.centre), static_cast<float>(face.radius),
            static_cast<int>(index) + 1, FaceState::Rest, ui.stage.scale);
    }
    auto const start = ui.say(Text::AttractStart);
    write_middle(ui, start, layout.start, theme::button, 1, colours.sand);
    draw_elsewhere(ui, layout);
    press(ui, "start", start, ui.stage.screen);
}

}

#include "kiosk/ui/faces.h"
#include "kiosk/ui/widgets.h"

#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr float space = 12; ///< between the sign and the name
constexpr float widest_sign = 6; ///< of a logo, in heights
constexpr float dot_left = 16; ///< of the sign's edge, its middle
constexpr float dot_radius = 5;
constexpr float plate = 6; ///< a logo's own ground on a dark screen, beyond its edges

std::string name_of(Ui const& ui)
{
    std::string text(ui.say(ui.survey.brand));
    if (!ui.place.empty())
        text += " · " + std::string(ui.place);
    return text;
}

/// A logo is allowed a little more height than the mark: it carries letters.
ScreenPicture const* logo_for(Ui& ui, float mark_radius)
{
    if (!ui.logo.is_there())
        return nullptr;
    int const height = std::max(1, static_cast<int>(std::lround(mark_radius * 2.5F)));
    return &ui.logo.in({static_cast<int>(static_cast<float>(height) * widest_sign), height});
}

/// The mark or the chain's logo, its left edge at `left`.
void draw_sign(Ui& ui, ScreenPicture const* logo, float left, float centre_y, float mark_radius)
{
    if (logo == nullptr) {
        draw_mark(ui.list, {left + mark_radius, centre_y}, mark_radius, ui.palette.teal);
        return;
    }
    ImVec2 const corner {left, centre_y - static_cast<float>(logo->size().height) / 2};
    // Logos are made for white paper: on a dark ground they keep a piece of it.
    if (ui.palette.face_style == theme::FaceStyle::Outlined) {
        float const beyond = ui.scaled(plate);
        ImVec2 const end {corner.x + static_cast<float>(logo->size().width) + beyond,
            corner.y + static_cast<float>(logo->size().height) + beyond};
        ui.list.AddRectFilled(
            {corner.x - beyond, corner.y - beyond}, end, theme::light.card, ui.scaled(theme::gap) / 2);
    }
    logo->draw(ui.list, corner);
}

/// Who knows it sees it; who does not takes it for a part of the sign.
void draw_staff_dot(Ui& ui, float sign_left, float centre_y)
{
    if (!ui.staff_dot)
        return;
    ImVec2 const centre {std::round(sign_left - ui.scaled(dot_left)), std::round(centre_y)};
    float const radius = std::max(2.F, ui.scaled(dot_radius));
    ui.list.AddCircleFilled(centre, radius, ui.palette.staff_dot, 16);
    ui.map.add_hidden("manager.dot",
        {static_cast<int>(centre.x - radius), static_cast<int>(centre.y - radius),
            static_cast<int>(2 * radius), static_cast<int>(2 * radius)});
}

float sign_width(ScreenPicture const* logo, float mark_radius)
{
    return logo != nullptr ? static_cast<float>(logo->size().width) : 2 * mark_radius;
}

}

void draw_brand(Ui& ui)
{
    Disc const& mark = ui.stage.mark;
    float const radius = static_cast<float>(mark.radius);
    ScreenPicture const* const logo = logo_for(ui, radius);
    draw_sign(
        ui, logo, static_cast<float>(mark.centre.x) - radius, static_cast<float>(mark.centre.y), radius);
    draw_staff_dot(ui, static_cast<float>(mark.centre.x) - radius, static_cast<float>(mark.centre.y));
    int const wider = static_cast<int>(sign_width(logo, radius) - 2 * radius);
    Line const& line = ui.stage.brand;
    write(
        ui, name_of(ui), {{line.at.x + wider, line.at.y}, line.width - wider}, theme::body, ui.palette.ink2);
}

void draw_brand_centred(Ui& ui, Point centre, float width)
{
    float const radius = ui.scaled(18);
    ScreenPicture const* const logo = logo_for(ui, radius);
    float const sign = sign_width(logo, radius) + ui.scaled(space);
    FittedText const fitted = fit(ui, name_of(ui), theme::body_large, width - sign, 1);
    float const text = ui.fonts.width(fitted.lines.front(), fitted.pixels);
    float const left = std::round(static_cast<float>(centre.x) - (sign + text) / 2);
    draw_sign(ui, logo, left, static_cast<float>(centre.y), radius);
    draw_staff_dot(ui, left, static_cast<float>(centre.y));
    ui.fonts.draw(ui.list, fitted.lines.front(), {left + sign, static_cast<float>(centre.y)}, fitted.pixels,
        ui.palette.ink2);
}

}

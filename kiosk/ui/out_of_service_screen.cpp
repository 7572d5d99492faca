#include "kiosk/ui/faces.h"
#include "kiosk/ui/rail.h"
#include "kiosk/ui/screen_parts.h"

namespace listenpost::kiosk {

/// Offers nothing that it could not keep: no ratings, only language and contrast.
void draw_out_of_service(Ui& ui)
{
    auto const& colours = ui.palette;
    ApologyLayout const layout = apology_layout(ui.stage);
    draw_brand(ui);
    ImVec2 const centre = to_vec(layout.ring.centre);
    float const radius = static_cast<float>(layout.ring.radius);
    for (int index = 0; index < 3; ++index)
        draw_ring_segment(
            ui.list, centre, radius, static_cast<float>(layout.ring_stroke), index, colours.line);
    ui.list.AddCircleFilled(centre, radius * 0.73F, colours.card, 96);
    ImVec2 const dash[] {{centre.x - radius * 0.3F, centre.y}, {centre.x + radius * 0.3F, centre.y}};
    draw_stroke(ui.list, dash, 2, radius * 0.135F, colours.edge);
    write(ui, ui.say(Text::OutOfServiceHeadline), layout.title, theme::hero, colours.ink);
    Line line = layout.text;
    for (Text const text : {Text::OutOfServiceText, Text::OutOfServiceAdvice})
        line.at.y
            += static_cast<int>(write_lines(ui, ui.say(text), line, theme::heading_small, 2, colours.ink2));
    draw_rail(ui);
}

}

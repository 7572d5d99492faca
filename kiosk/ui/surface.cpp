#include "kiosk/ui/surface.h"

#include <algorithm>

namespace listenpost::kiosk {

void begin_surface(int width, int height)
{
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({static_cast<float>(width), static_cast<float>(height)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    ImGui::Begin("screen", nullptr,
        ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove
            | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoScrollWithMouse);
}

void end_surface()
{
    ImGui::End();
    ImGui::PopStyleVar(2);
}

void draw_focus(Ui& ui, Widget const& widget)
{
    constexpr float gap = 4;
    constexpr float ring = 4;
    Point const centre = widget.box.centre();
    Rect const& rail = ui.stage.rail;
    bool const is_on_rail = centre.x >= rail.x && centre.x < rail.right() && centre.y >= rail.y
        && centre.y < rail.bottom() && ui.view.panel == Panel::None;
    bool const is_on_keyboard = widget.id.starts_with("key.") || widget.id.starts_with("candidate.");
    int const reach = ui.stage.px(gap + ring);
    Rect box {widget.box.x - reach, widget.box.y - reach, widget.box.w + 2 * reach, widget.box.h + 2 * reach};
    // What reaches to the window's edge keeps its ring inside.
    int const left = std::max(box.x, 0);
    int const top = std::max(box.y, 0);
    box = {left, top, std::min(box.right(), ui.stage.screen.w) - left,
        std::min(box.bottom(), ui.stage.screen.h) - top};
    outline(
        ui, box, is_on_rail || is_on_keyboard ? ui.palette.sand : ui.palette.ink, ring, theme::radius + gap);
}

}

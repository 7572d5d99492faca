#include "kiosk/ui/screens.h"

#include "kiosk/ui/screen_parts.h"
#include "kiosk/ui/theme.h"

namespace listenpost::kiosk {
namespace {

void draw_screen(Ui& ui, Screen screen)
{
    switch (screen) {
    case Screen::Rate:
        return draw_rate(ui);
    case Screen::Reasons:
        return draw_reasons(ui);
    case Screen::Comment:
        return draw_comment_screen(ui);
    case Screen::Thanks:
        return draw_thanks(ui);
    case Screen::OutOfService:
        return draw_out_of_service(ui);
    case Screen::TimeoutWarning: {
        Reaction const own = ui.reaction;
        ui.reaction = Reaction::Inert;
        if (ui.view.behind != Screen::TimeoutWarning)
            draw_screen(ui, ui.view.behind);
        ui.reaction = own;
        return draw_timeout(ui);
    }
    }
}

/// A window of ImGui's that is nothing but a surface.
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

}

Screens::Screens(Survey const& survey, Strings const& strings, Fonts& fonts, std::string place)
    : survey_(survey)
    , strings_(strings)
    , fonts_(fonts)
    , place_(std::move(place))
{
}

/// How far the ring's newest segment has grown: only while the customer rates.
float Screens::newest_segment(View const& view, SteadyTime now)
{
    bool const was_here = last_screen_ == Screen::Rate;
    if (view.screen == Screen::Rate && was_here && view.unrated < last_unrated_)
        segment_since_ = now;
    if (view.screen != Screen::Rate || !was_here || view.unrated > last_unrated_)
        segment_since_.reset();
    last_screen_ = view.screen;
    last_unrated_ = view.unrated;
    if (!segment_since_)
        return 1;
    if (now >= *segment_since_ + theme::ring_segment_time || now < *segment_since_) {
        segment_since_.reset();
        return 1;
    }
    float const part = static_cast<float>((now - *segment_since_).count())
        / static_cast<float>(theme::ring_segment_time.count());
    return 1 - (1 - part) * (1 - part); // ease-out
}

Screens::Drawn Screens::draw(View const& view, int width, int height, SteadyTime now)
{
    if (stage_.screen.w != width || stage_.screen.h != height)
        stage_ = stage_for(width, height);
    map_.begin(name(view.screen), view.language);
    Drawn drawn;
    begin_surface(width, height);
    Ui ui {
        .list = *ImGui::GetWindowDrawList(),
        .fonts = fonts_,
        .palette = view.high_contrast ? theme::high_contrast : theme::light,
        .stage = stage_,
        .strings = strings_,
        .survey = survey_,
        .view = view,
        .place = place_,
        .map = map_,
        .events = drawn.events,
        .cut_texts = drawn.cut_texts,
        .newest_segment = newest_segment(view, now),
    };
    if (segment_since_)
        drawn.moving_until = *segment_since_ + theme::ring_segment_time;
    // A finger that went down on one screen means nothing on the next, even where both
    // have a button of the same name.
    ImGui::PushID(static_cast<int>(view.screen));
    fill(ui, stage_.screen, ui.palette.paper, 0);
    draw_screen(ui, view.screen);
    ImGui::PopID();
    end_surface();
    return drawn;
}

}

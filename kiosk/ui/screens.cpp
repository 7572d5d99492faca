#include "kiosk/ui/screens.h"

#include "kiosk/ui/branding.h"
#include "kiosk/ui/screen_parts.h"
#include "kiosk/ui/surface.h"
#include "kiosk/ui/theme.h"

#include <algorithm>
#include <array>
#include <utility>

namespace listenpost::kiosk {
namespace {

void draw_screen(Ui& ui, Screen screen)
{
    switch (screen) {
    case Screen::Attract:
        return draw_attract(ui);
    case Screen::Rate:
        return draw_rate(ui);
    case Screen::FollowUp:
        return draw_follow_up(ui);
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

constexpr std::array all_aids {Access::Large, Access::LowReach, Access::Contrast, Access::Speech};

/// Where customers begin, and where nobody is.
bool is_start(View const& view)
{
    return nobody_has_begun(view) && (view.screen == Screen::Attract || view.screen == Screen::Rate);
}

/// The screen, and over it what the customer asked for.
void draw_all(Ui& ui)
{
    Panel const panel = ui.view.screen == Screen::TimeoutWarning ? Panel::None : ui.view.panel;
    if (panel != Panel::None)
        ui.reaction = Reaction::Inert;
    draw_screen(ui, ui.view.screen);
    ui.reaction = Reaction::Live;
    if (panel == Panel::Languages)
        draw_languages(ui);
    else if (panel == Panel::Access)
        draw_access(ui, all_aids);
}

}

Screens::Screens(Survey const& survey, Strings const& strings, Fonts& fonts, std::string place)
    : survey_(survey)
    , strings_(strings)
    , fonts_(fonts)
    , place_(std::move(place))
    , light_(branded(theme::light, survey.branding))
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

void Screens::press_key(listenpost::Key key) { activated_ = focus_.take(key, map_); }

/// Before anything of this frame is drawn.
bool Screens::enter_scene(View const& view)
{
    // Where a customer begins, nobody's focus is left.
    bool const has_begun = !view.draft.answers.empty();
    if ((std::exchange(had_begun_, has_begun) && !has_begun) || view.screen == Screen::Attract)
        focus_.hide();
    Scene const scene {view.screen, view.panel, view.follow_up, view.current};
    if (scene == scene_)
        return false;
    if (scene.screen != scene_.screen || scene.follow_up != scene_.follow_up)
        typing_ = {};
    scene_ = scene;
    return true;
}

/// After the widgets of this frame are known.
void Screens::move_focus(Ui& ui, bool is_other_scene)
{
    activated_.clear();
    focus_.follow(map_, is_other_scene);
    map_.set_focus(focus_.id());
    if (Widget const* const widget = map_.find(focus_.id()))
        draw_focus(ui, *widget);
}

Screens::Drawn Screens::draw(View const& view, int width, int height, SteadyTime now)
{
    Aids const aids {.large_text = view.large_text, .low_reach = view.low_reach};
    if (stage_.screen.w != width || stage_.screen.h != height || !(stage_.aids == aids))
        stage_ = stage_for(width, height, aids);
    fonts_.set_language(view.language);
    // What is seen across the room is dark for all.
    bool const dark = view.high_contrast || view.screen == Screen::Attract;
    bool const is_other_scene = enter_scene(view);
    map_.begin(name(view.screen), view.language);
    if (nobody_has_begun(view)) {
        auto const corners = manager_corners(stage_);
        map_.add_hidden("manager.open", corners.rest);
        map_.add_hidden("manager.open.opposite", corners.tap);
    }
    Drawn drawn;
    begin_surface(width, height);
    Ui ui {
        .list = *ImGui::GetWindowDrawList(),
        .fonts = fonts_,
        .palette = dark ? theme::high_contrast : light_,
        .stage = stage_,
        .strings = strings_,
        .survey = survey_,
        .view = view,
        .place = place_,
        .logo = logo_,
        .map = map_,
        .events = drawn.events,
        .cut_texts = drawn.cut_texts,
        .smallest_text = drawn.smallest_text,
        .text_scale = view.large_text ? theme::large_text : 1.F,
        .typing = typing_,
        .now = now,
        .activated = activated_,
        .newest_segment = newest_segment(view, now),
        .staff_dot = staff_dot_ && is_start(view),
    };
    if (segment_since_)
        drawn.moving_until = *segment_since_ + theme::ring_segment_time;
    // A finger that went down on one screen means nothing on the next, even where both
    // have a button of the same name; nor on the same screen's next question.
    ImGui::PushID(static_cast<int>(view.screen));
    ImGui::PushID(static_cast<int>(view.panel));
    ImGui::PushID(static_cast<int>(view.current));
    ImGui::PushID(view.follow_up.c_str());
    fill(ui, stage_.screen, ui.palette.paper, 0);
    draw_all(ui);
    for (int pushed = 0; pushed < 4; ++pushed)
        ImGui::PopID();
    move_focus(ui, is_other_scene);
    end_surface();
    return drawn;
}

}

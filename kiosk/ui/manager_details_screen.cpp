#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

void draw_heat(ManagerUi& manager, DetailsLayout const& layout, Summary const& summary)
{
    Ui& ui = manager.ui;
    Rect const& card = layout.heat;
    fill(ui, card, ui.palette.card);
    draw_details_switch(manager, layout.tabs);
    int const inside = ui.stage.px(32);
    int const hint_y = layout.tabs.front().bottom() + ui.stage.px(20);
    if (summary.responses > 0)
        write_right(ui, ui.say(Text::ManagerHeatTouch), {card.right() - inside, hint_y}, card.w - 2 * inside,
            theme::axis, ui.palette.ink2);
    draw_heat_field(manager, card, hint_y - card.y + ui.stage.px(18), summary, ColumnHeads::Touched);
}

int comment_lines(Ui& ui, ListedResponse const& response, int width, int box_width)
{
    auto const lines = ui.fonts
                           .wrap(said_text(ui, response, box_width), ui.text_pixels(theme::body),
                               static_cast<float>(width))
                           .size();
    return static_cast<int>(std::min<std::size_t>(2, lines));
}

void draw_comments(ManagerUi& manager, Rect const& card)
{
    Ui& ui = manager.ui;
    draw_card(manager, card, ui.say(Text::ManagerComments), ui.say(Text::ManagerLowFirst));
    auto const& page = manager.figures.responses;
    int const inside = ui.stage.px(32);
    if (!page || page->responses.empty()) {
        write_centred(ui, ui.say(page ? Text::ManagerNoComments : Text::ManagerLoading),
            to_vec(card.centre()), static_cast<float>(card.w - 2 * inside), theme::body, 2, ui.palette.ink2);
        return;
    }
    int const footer = ui.stage.px(96);
    int y = card.y + ui.stage.px(66);
    std::size_t shown = 0;
    for (auto const& response : page->responses) {
        int const text_width = card.w - 2 * inside - ui.stage.px(72);
        int const lines = comment_lines(ui, response, text_width, card.w - 2 * inside);
        int const height = ui.stage.px(static_cast<float>(52 + 32 * lines));
        if (y + height > card.bottom() - footer)
            break;
        Rect const box {card.x + inside, y, card.w - 2 * inside, height};
        touch_listed_response(manager, shown, box, response);
        draw_listed_response(manager, box, response, lines);
        y += height;
        fill(ui, {card.x + inside, y - ui.stage.px(2), card.w - 2 * inside, std::max(1, ui.stage.px(2))},
            ui.palette.line, 0);
        y += ui.stage.px(12);
        ++shown;
    }
    Rect const more {card.x, card.bottom() - footer, card.w, footer};
    std::string const label = ui.say(Text::ManagerMore, {{"n", static_cast<int>(page->total - shown)}});
    Press const state = press(ui, "view.comments", label, more);
    if (state.held)
        fill(ui, more, ui.palette.sunk);
    write(ui, label, {{card.x + inside, more.centre().y}, card.w - 2 * inside - ui.stage.px(40)},
        theme::small, ui.palette.ink2);
    draw_chevron(ui.list,
        {static_cast<float>(card.right() - inside - ui.stage.px(12)), static_cast<float>(more.centre().y)},
        ui.scaled(24), ui.palette.ink2, false);
    if (!state.done)
        return;
    ListFilter filter;
    filter.with_comment_only = true;
    filter.with_flagged = true;
    filter.lowest_first = true;
    manager.tell(manager_event::ListChosen {filter});
}

}

void draw_manager_details(ManagerUi& manager)
{
    DetailsLayout const layout = details_layout(manager.ui.stage);
    std::size_t const part = manager.part_of(layout.parts);
    Summary const* const summary = manager.figures.summary.get();
    draw_manager_header(manager);
    if (summary && part == 0)
        draw_heat(manager, layout, *summary);
    else if (part == 0)
        draw_no_figures(manager, layout.heat);
    if (!summary || part > 0)
        draw_details_switch(manager, layout.tabs);
    if (part + 1 == layout.parts && manager.view.weekday && summary)
        draw_hours(manager, layout.comments, *summary, *manager.view.weekday);
    else if (part + 1 == layout.parts)
        draw_comments(manager, layout.comments);
    draw_manager_tabs(manager);
}

}

#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

void draw_filters(ManagerUi& manager, ResponsesLayout const& layout)
{
    Ui& ui = manager.ui;
    ListFilter const& list = manager.view.list;
    auto const toggle = [&](std::size_t place, char const* id, Text text, bool is_on, auto change) {
        if (!chip(ui, id, ui.say(text), layout.filters[place], layout.filters[place], theme::body, is_on))
            return;
        ListFilter next = list;
        change(next);
        next.offset = 0;
        manager.tell(manager_event::ListChosen {next});
    };
    toggle(0, "filter.comments", Text::ManagerOnlyComments, list.with_comment_only,
        [](ListFilter& next) { next.with_comment_only = !next.with_comment_only; });
    toggle(1, "filter.low", Text::ManagerOnlyLow, list.low_only,
        [](ListFilter& next) { next.low_only = !next.low_only; });
    toggle(2, "filter.lowest_first", Text::ManagerLowFirst, list.lowest_first,
        [](ListFilter& next) { next.lowest_first = !next.lowest_first; });
    toggle(3, "filter.open", Text::ManagerOnlyOpen, list.open_only,
        [](ListFilter& next) { next.open_only = !next.open_only; });
}

void turn_page(ManagerUi& manager, std::size_t offset, std::size_t part)
{
    ListFilter next = manager.view.list;
    next.offset = offset;
    manager.tell(manager_event::ListChosen {next, part});
}

/// `from` and `count`: which of the page's are shown.
void draw_pager(ManagerUi& manager, ResponsesLayout const& layout, ResponsePage const& page, std::size_t from,
    std::size_t count)
{
    Ui& ui = manager.ui;
    std::size_t const offset = page.offset + from;
    std::size_t const end = offset + count;
    if (offset > 0
        && button(ui, ButtonKind::Secondary, "page.previous", ui.say(Text::ManagerPrevious), layout.previous,
            theme::body))
        from > 0 ? manager.tell(manager_event::PartTurned {manager.view.part - 1})
                 : turn_page(manager, page.offset - std::min(page.offset, listed_at_once),
                     is_in_parts(ui.stage) ? 1 : 0); // what stands before it is the page's second half
    if (end < page.total
        && button(
            ui, ButtonKind::Secondary, "page.next", ui.say(Text::ManagerNext), layout.next, theme::body))
        from + count < page.responses.size() ? manager.tell(manager_event::PartTurned {manager.view.part + 1})
                                             : turn_page(manager, page.offset + listed_at_once, 0);
    if (page.total > 0)
        write_centred(ui,
            ui.say(Text::ManagerPage,
                {{"from", count_text(static_cast<std::int64_t>(offset) + 1)},
                    {"to", count_text(static_cast<std::int64_t>(end))},
                    {"n", count_text(static_cast<std::int64_t>(page.total))}}),
            to_vec(layout.page.at), static_cast<float>(layout.page.width), theme::small, 2, ui.palette.ink2);
}

/// Why the list is empty.
Text nothing_listed(ListFilter const& list)
{
    if (list.delivery)
        return Text::DeliveryListNone;
    if (list.open_only)
        return Text::ManagerNoneOpen;
    return list.with_comment_only ? Text::ManagerNoComments : Text::ManagerNone;
}

}

void draw_manager_responses(ManagerUi& manager)
{
    Ui& ui = manager.ui;
    std::size_t const at_once = is_in_parts(ui.stage) ? listed_at_once / 2 : listed_at_once;
    ResponsesLayout const layout = responses_layout(ui.stage, at_once);
    draw_manager_header(manager);
    fill(ui, layout.card, ui.palette.card);
    if (manager.view.list.delivery)
        draw_delivery_list_head(manager, layout.filters);
    else
        draw_filters(manager, layout);
    auto const& page = manager.figures.responses;
    if (!page || page->responses.empty()) {
        Text const none = page ? nothing_listed(manager.view.list) : Text::ManagerLoading;
        write_centred(ui, ui.say(none), to_vec(layout.card.centre()),
            static_cast<float>(layout.card.w) * 0.8F, theme::body_large, 2, ui.palette.ink2);
    } else {
        std::size_t const halves = (page->responses.size() + at_once - 1) / at_once;
        std::size_t const from = std::min(manager.view.part, halves - 1) * at_once;
        std::size_t const count = std::min(at_once, page->responses.size() - from);
        for (std::size_t row = 0; row < count; ++row) {
            Rect const& box = layout.rows[row];
            auto const& response = page->responses[from + row];
            int const lines = std::max(1, (box.h - ui.stage.px(44)) / ui.stage.px(32));
            touch_listed_response(manager, from + row, box, response);
            draw_listed_response(manager, box, response, lines);
            if (row + 1 < count)
                fill(ui, {box.x, box.bottom() - ui.stage.px(6), box.w, std::max(1, ui.stage.px(2))},
                    ui.palette.line, 0);
        }
        draw_pager(manager, layout, *page, from, count);
    }
    draw_manager_tabs(manager);
}

}

#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/text_field.h"

namespace listenpost::kiosk {
namespace {

/// What is written, and what it should be like.
void draw_header(Ui& ui, TypingLayout const& layout, Text title, Text hint)
{
    FittedText const fitted
        = fit(ui, ui.say(title), theme::heading, static_cast<float>(layout.headline.width), 1);
    ui.fonts.draw(ui.list, fitted.lines.front(), to_vec(layout.headline.at), fitted.pixels, ui.palette.ink);
    if (title == Text::MarkInitials && ui.view.editor.text.empty())
        return; // the empty field says it
    bool const is_masked = ui.view.editor.is_masked;
    write_right(ui, ui.say(is_masked ? Text::CommentMasked : hint), layout.notice.at, layout.notice.width,
        theme::body, is_masked ? ui.palette.clay : ui.palette.ink2);
}

void draw_way_back(ManagerUi& manager, Rect const& box)
{
    Ui& ui = manager.ui;
    if (button(ui, ButtonKind::Secondary, "back", ui.say(Text::Back), box, theme::button, 1))
        manager.tell(manager_event::WentBack {});
}

}

void draw_manager_mark_text(ManagerUi& manager)
{
    Ui& ui = manager.ui;
    bool const is_note = manager.view.screen == ManagerScreen::MarkNote;
    TypingLayout const layout = typing_layout(ui.stage, false);
    draw_header(ui, layout, is_note ? Text::MarkNote : Text::MarkInitials,
        is_note ? Text::MarkNotePrivacy : Text::MarkInitialsHint);
    draw_text_field(ui, layout.field, ui.say(is_note ? Text::MarkNotePlaceholder : Text::MarkInitialsHint));
    draw_way_back(manager, layout.back);
    if (button(ui, ButtonKind::Secondary, "manager.mark.clear", ui.say(Text::ManagerPinClear), layout.skip,
            theme::button, 1))
        manager.tell(manager_event::TextCleared {});
    if (button(ui, ButtonKind::Primary, "manager.mark.done", ui.say(Text::Submit), layout.submit,
            theme::heading_small, 1))
        manager.tell(manager_event::TextDone {});
    draw_keyboard(ui, layout);
}

}

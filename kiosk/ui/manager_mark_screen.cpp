#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

constexpr int faces_in_a_row = 3;
constexpr int faces_in_a_narrow_row = 2;

/// Down a card, one thing below the other.
struct Pen {
    int x = 0;
    int y = 0; ///< where the next begins
    int width = 0;
    int bottom = 0; ///< of what there is room for

    int room() const { return std::max(0, bottom - y); }
};

ListedResponse const* listed(ManagerUi const& manager)
{
    auto const& page = manager.figures.responses;
    if (!page)
        return nullptr;
    auto const found = std::ranges::find(page->responses, manager.view.mark.of, &ListedResponse::ref);
    return found == page->responses.end() ? nullptr : &*found;
}

/// A text of any length at the size at which it fits into what is left; what is too long for the smallest
/// ends with "…".
void write_whole(Ui& ui, Pen& pen, std::string_view text, float design_size, theme::Colour colour)
{
    float pixels = 0;
    std::size_t most = 0;
    for (float const size : {design_size, static_cast<float>(theme::body_large),
             static_cast<float>(theme::body), static_cast<float>(theme::axis)}) {
        pixels = ui.text_pixels(std::min(size, design_size));
        most = static_cast<std::size_t>(static_cast<float>(pen.room()) / (pixels * said_line_height));
        if (ui.fonts.wrap(text, pixels, static_cast<float>(pen.width)).size() <= most)
            break;
    }
    float const height = pixels * said_line_height;
    float y = static_cast<float>(pen.y) + height / 2;
    auto const lines = said_lines(ui, text, pixels, pen.width, std::max<std::size_t>(1, most));
    for (auto const& line : lines) {
        ui.fonts.draw(ui.list, line, {static_cast<float>(pen.x), std::round(y)}, pixels, colour);
        y += height;
    }
    pen.y += static_cast<int>(std::ceil(height * static_cast<float>(lines.size())));
}

std::vector<Answer const*> rated_by_faces(Survey const& survey, ListedResponse const& response)
{
    std::vector<Answer const*> ratings;
    for (auto const& answer : response.answers) {
        Question const* const question = survey.find(answer.question);
        if (question && answer.score && question->kind == QuestionKind::Rating
            && question->scale != Scale::Nps)
            ratings.push_back(&answer);
    }
    return ratings;
}

std::string reasons_text(Ui const& ui, Answer const& answer)
{
    std::string text;
    for (auto const& reason : answer.reasons)
        text += (text.empty() ? "" : " · ") + std::string(reason_name(ui, answer.question, reason));
    return text;
}

void draw_rating(Ui& ui, Rect const& box, Answer const& answer)
{
    int const radius = ui.stage.px(26);
    int const text_x = box.x + 2 * radius + ui.stage.px(16);
    int const width = box.right() - text_x - ui.stage.px(12);
    int const first_y = box.y + ui.stage.px(16);
    draw_face_said(ui.list, ui.palette,
        {static_cast<float>(box.x + radius), static_cast<float>(box.y + ui.stage.px(30))},
        static_cast<float>(radius), ui.survey.find(answer.question)->face_of(*answer.score));
    write(ui, question_name(ui, answer.question), {{text_x, first_y}, width}, theme::body, ui.palette.ink);
    write(ui, score_name(ui, answer.question, *answer.score), {{text_x, first_y + ui.stage.px(30)}, width},
        theme::small, ui.palette.ink2);
    if (auto const reasons = reasons_text(ui, answer); !reasons.empty())
        write_lines(
            ui, reasons, {{text_x, first_y + ui.stage.px(62)}, width}, theme::axis, 2, ui.palette.clay);
}

void draw_ratings(Ui& ui, Pen& pen, ListedResponse const& response)
{
    auto const ratings = rated_by_faces(ui.survey, response);
    if (ratings.empty())
        return;
    int const most = pen.width < ui.stage.px(600) ? faces_in_a_narrow_row : faces_in_a_row;
    int const columns = std::min(most, static_cast<int>(ratings.size()));
    int const width = pen.width / most;
    bool const has_reasons
        = std::ranges::any_of(ratings, [](Answer const* each) { return !each->reasons.empty(); });
    int const height = ui.stage.px(has_reasons ? 128 : 76);
    for (std::size_t index = 0; index < ratings.size(); ++index) {
        int const column = static_cast<int>(index) % columns;
        int const row = static_cast<int>(index) / columns;
        draw_rating(ui, {pen.x + column * width, pen.y + row * height, width, height}, *ratings[index]);
    }
    pen.y += height * ((static_cast<int>(ratings.size()) + columns - 1) / columns);
}

/// What was written to questions that ask for a text, behind the comment.
std::string words_of(Ui const& ui, ListedResponse const& response)
{
    std::string words = response.comment;
    for (auto const& answer : response.answers)
        if (!answer.text.empty())
            words += (words.empty() ? "" : "\n") + std::string(question_name(ui, answer.question)) + " "
                + answer.text;
    return words;
}

void draw_rule(Ui& ui, Pen& pen)
{
    pen.y += ui.stage.px(12);
    fill(ui, {pen.x, pen.y, pen.width, std::max(1, ui.stage.px(2))}, ui.palette.line, 0);
    pen.y += ui.stage.px(14);
}

/// Who has marked it last, when, and with which note.
void draw_mark(ManagerUi& manager, Pen& pen, ListedResponse const& response)
{
    Ui& ui = manager.ui;
    int const y = pen.y + ui.stage.px(16);
    if (!response.mark)
        return write(ui, ui.say(Text::MarkNobody), {{pen.x, y}, pen.width}, theme::small, ui.palette.ink2);
    ListedMark const& mark = *response.mark;
    std::string text = mark_text(ui, mark);
    if (mark.local_time)
        text += " · " + moment_text(ui, *mark.local_time, mark.day, Period::TwentyEightDays);
    int const tick = ui.stage.px(40);
    draw_check(ui.list, {static_cast<float>(pen.x) + ui.scaled(14), static_cast<float>(y)}, ui.scaled(18),
        ui.palette.teal);
    write(ui, text, {{pen.x + tick, y}, pen.width - tick}, theme::body, ui.palette.teal);
    pen.y += ui.stage.px(38);
    if (!mark.note.empty()) {
        pen.x += tick;
        pen.width -= tick;
        write_whole(ui, pen, mark.note, theme::body, ui.palette.ink);
    }
}

void draw_response(ManagerUi& manager, Rect const& card)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    ListedResponse const* const response = listed(manager);
    if (!response)
        return write_centred(ui, ui.say(Text::ManagerLoading), to_vec(card.centre()),
            static_cast<float>(card.w) * 0.8F, theme::body_large, 1, ui.palette.ink2);
    int const inside = ui.stage.px(32);
    Pen pen {card.x + inside, card.y + ui.stage.px(20), card.w - 2 * inside, card.bottom() - ui.stage.px(16)};
    int const first_y = pen.y + ui.stage.px(16);
    if (!response->flags.empty())
        write_right(ui, ui.say(Text::ManagerPlay), {pen.x + pen.width, first_y}, pen.width / 3, theme::small,
            ui.palette.clay);
    write(ui,
        response->has_time ? moment_text(ui, response->local_time, response->day, Period::TwentyEightDays)
                           : std::string(ui.say(Text::DeliveryNotKnown)),
        {{pen.x, first_y}, pen.width / 2}, theme::chip, ui.palette.ink2);
    pen.y += ui.stage.px(52);
    draw_ratings(ui, pen, *response);
    draw_rule(ui, pen);
    int const bottom = pen.bottom;
    pen.bottom -= ui.stage.px(response->mark ? 144 : 64); // for it, and a long note in small
    std::string const words = words_of(ui, *response);
    if (words.empty())
        write_whole(ui, pen, ui.say(response->comment_erased ? Text::MarkErased : Text::MarkNoComment),
            theme::body_large, ui.palette.ink2);
    else
        write_whole(ui, pen, words, theme::button, ui.palette.ink);
    pen.bottom = bottom;
    draw_rule(ui, pen);
    draw_mark(manager, pen, *response);
}

/// A field that is filled on a screen of its own: what it is, and what stands in it.
bool draw_field(Ui& ui, std::string id, std::string_view caption, std::string_view value, Rect const& box,
    bool is_wanted, Enabled enabled)
{
    std::string const label
        = value.empty() ? std::string(caption) : std::string(caption) + " " + std::string(value);
    Press const state = press(ui, std::move(id), label, box, enabled);
    if (state.held)
        fill(ui, box, ui.palette.sunk);
    outline(ui, box,
        is_wanted        ? ui.palette.teal
            : state.held ? ui.palette.ink
                         : ui.palette.edge,
        is_wanted ? theme::outline_field : theme::outline);
    return state.done;
}

void draw_initials(ManagerUi& manager, Rect const& box, Enabled enabled)
{
    Ui& ui = manager.ui;
    std::string const& initials = manager.view.mark.initials;
    auto const caption = ui.say(Text::MarkInitials);
    if (draw_field(ui, "manager.mark.initials", caption, initials, box, initials.empty(), enabled))
        manager.tell(manager_event::InitialsOpened {});
    int const side = ui.stage.px(24);
    int room = box.w - 2 * side;
    if (!initials.empty())
        room -= static_cast<int>(write_right(ui, initials, {box.right() - side, box.centre().y}, room / 2,
                    theme::button, ui.palette.ink))
            + ui.stage.px(16);
    write(ui, caption, {{box.x + side, box.centre().y}, room}, theme::body,
        initials.empty() ? ui.palette.ink : ui.palette.ink2);
}

/// In up to two lines; the whole of it is seen where it is written.
void draw_note(ManagerUi& manager, Rect const& box, Enabled enabled)
{
    Ui& ui = manager.ui;
    std::string const& note = manager.view.mark.note;
    auto const caption = ui.say(Text::MarkNote);
    if (draw_field(ui, "manager.mark.note", caption, note, box, false, enabled))
        manager.tell(manager_event::NoteOpened {});
    int const side = ui.stage.px(24);
    float const pixels = ui.text_pixels(theme::body);
    write(ui, caption, {{box.x + side, box.centre().y}, box.w / 3}, theme::body, ui.palette.ink2);
    int const x = box.x + side + static_cast<int>(ui.fonts.width(caption, pixels)) + ui.stage.px(20);
    int const width = box.right() - side - x;
    if (note.empty())
        return write(
            ui, ui.say(Text::CommentOptional), {{x, box.centre().y}, width}, theme::small, ui.palette.ink2);
    auto const lines = said_lines(ui, note, pixels, width, 2);
    float const height = pixels * said_line_height;
    float y = static_cast<float>(box.centre().y) - height * static_cast<float>(lines.size() - 1) / 2;
    for (auto const& line : lines) {
        ui.fonts.draw(ui.list, line, {static_cast<float>(x), std::round(y)}, pixels, ui.palette.ink);
        y += height;
    }
}

void draw_offered(ManagerUi& manager, MarkLayout const& layout, Enabled enabled)
{
    Ui& ui = manager.ui;
    auto const& page = manager.figures.responses;
    std::size_t const count = page ? std::min(page->initials.size(), layout.chips.size()) : 0;
    for (std::size_t index = 0; index < count; ++index) {
        auto const& initials = page->initials[index];
        Rect const& box = layout.chips[index];
        if (chip(ui, "manager.mark.by." + std::to_string(index), initials, box, box, theme::chip,
                initials == manager.view.mark.initials, enabled))
            manager.tell(manager_event::InitialsChosen {initials});
    }
}

void draw_failure(Ui& ui, Rect const& box)
{
    auto const text = ui.say(Text::MarkFails);
    press(ui, "manager.mark.failed", text, box, Enabled::No); // for who has it read
    fill(ui, box, ui.palette.clay_tint, theme::gap);
    FittedText const fitted = fit_box(ui, text, theme::body, static_cast<float>(box.w) - ui.scaled(32),
        static_cast<float>(box.h) - ui.scaled(8), 3);
    write_centred(ui, fitted, to_vec(box.centre()), ui.palette.clay);
}

/// One of the two ways to mark it. While it cannot be meant, it says why.
void draw_action(ManagerUi& manager, std::string id, CommentState state, Rect const& box)
{
    Ui& ui = manager.ui;
    auto const& mark = manager.view.mark;
    bool const is_ready = mark.is_complete() && mark.keeping == Keeping::No && listed(manager);
    bool const is_primary = state == CommentState::DealtWith;
    auto const label = ui.say(is_primary ? Text::MarkDealtWith : Text::MarkSeen);
    Press const touch = press(ui, std::move(id), label, box, is_ready ? Enabled::Yes : Enabled::No);
    theme::Colour text = ui.palette.rail_text;
    if (!is_ready) {
        outline(ui, box, ui.palette.rail_outline);
        text = ui.palette.rail_quiet;
    } else if (is_primary || touch.held) {
        fill(ui, box, touch.held ? ui.palette.sand_pressed : ui.palette.sand);
        text = ui.palette.on_sand;
    } else {
        fill(ui, box, ui.palette.rail_button);
    }
    float const width = static_cast<float>(box.w) - ui.scaled(16);
    ImVec2 const centre = to_vec(box.centre());
    bool const is_high = box.h > ui.stage.px(160);
    int const lines = label.find(' ') == label.npos ? 1 : 2;
    float const drop = is_ready ? 0 : ui.scaled(is_high ? 36 : 22);
    write_centred(ui, label, {centre.x, centre.y - drop}, width, theme::button, is_high ? lines : 1, text);
    if (!is_ready)
        write_centred(ui, ui.say(mark.keeping == Keeping::No ? Text::MarkWhoFirst : Text::MarkKeeping),
            {centre.x, centre.y + ui.scaled(is_high ? 44 : 24)}, width, theme::small, is_high ? 2 : 1,
            ui.palette.rail_quiet);
    if (touch.done)
        manager.tell(manager_event::Marked {state});
}

}

void draw_manager_mark(ManagerUi& manager)
{
    Ui& ui = manager.ui;
    MarkLayout const layout = mark_layout(ui.stage, initials_offered);
    Keeping const keeping = manager.view.mark.keeping;
    Enabled const enabled = keeping == Keeping::No ? Enabled::Yes : Enabled::No;
    std::size_t const part = manager.part_of(layout.parts);
    draw_manager_header(manager);
    if (part == 0)
        draw_response(manager, layout.response);
    if (part + 1 == layout.parts) {
        fill(ui, layout.form, ui.palette.card);
        draw_initials(manager, layout.initials, enabled);
        if (keeping == Keeping::Fails)
            draw_failure(ui, layout.offered);
        else
            draw_offered(manager, layout, enabled);
        draw_note(manager, layout.note, enabled);
    }
    draw_manager_rail(manager);
    if (layout.parts > 1)
        draw_next_part(manager, layout.next_part);
    draw_action(manager, "manager.mark.dealt_with", CommentState::DealtWith, layout.dealt_with);
    draw_action(manager, "manager.mark.seen", CommentState::Seen, layout.seen);
    draw_manager_leave(manager, layout.back, ui.say(Text::Back));
}

}

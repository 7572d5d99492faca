#include "kiosk/ui/faces.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <array>
#include <cmath>

/// What the manager's screens share.
namespace listenpost::kiosk {
namespace {

/// Neither the period's figures nor its uncertain times are that list's.
bool is_of_delivery(ManagerUi const& manager)
{
    return manager.view.screen == ManagerScreen::Responses && manager.view.list.delivery.has_value();
}

std::string header_text(ManagerUi const& manager)
{
    Ui const& ui = manager.ui;
    Summary const* const summary = manager.figures.summary.get();
    std::string text(ui.place.empty() ? ui.say(ui.survey.brand) : ui.place);
    if (is_of_delivery(manager))
        return delivery_list_name(ui, *manager.view.list.delivery); // of no period
    // What a list is of is worth more there than where: the bar that was tapped may not be the one meant.
    if (manager.view.screen == ManagerScreen::Responses)
        if (auto const list = list_name(ui, manager.view.list); !list.empty())
            text = list;
    if (manager.view.period != Period::Today)
        return text + " · " + ui.say(Text::ManagerLastDays, {{"n", days_of(manager.view.period)}});
    return summary ? text + " · " + date_text(ui, summary->last_day) : text;
}

std::string status_text(ManagerUi const& manager)
{
    Ui const& ui = manager.ui;
    auto const& figures = manager.figures;
    if (manager.view.earlier_mark_fails)
        return std::string(ui.say(Text::MarkEarlierFails));
    if (figures.is_failing)
        return std::string(ui.say(Text::ManagerFailing));
    if (figures.is_catching_up)
        return ui.say(
            Text::ManagerCounting, {{"n", count_text(figures.counted)}, {"of", count_text(figures.of)}});
    if (!figures.summary || is_of_delivery(manager))
        return {};
    return ui.say(Text::ManagerResponses, {{"n", count_text(figures.summary->responses)}});
}

/// Whether status_text() says how many responses there are.
bool says_responses(ManagerUi const& manager)
{
    auto const& figures = manager.figures;
    return figures.summary && !figures.is_failing && !figures.is_catching_up
        && !manager.view.earlier_mark_fails && !is_of_delivery(manager);
}

bool has_uncertain_time(ManagerUi const& manager)
{
    auto const& figures = manager.figures;
    return figures.summary && figures.summary->provisional_time > 0 && !figures.is_failing
        && !figures.is_catching_up && !is_of_delivery(manager);
}

/// How many responses may be of another hour or day, and why: on every screen, for wherever times matter it
/// matters.
void draw_uncertain_time(ManagerUi& manager, Line const& line)
{
    Ui& ui = manager.ui;
    std::string const note
        = ui.say(Text::ManagerUncertain, {{"n", count_text(manager.figures.summary->provisional_time)}});
    write(ui, note, line, theme::axis, ui.palette.clay);
    ListFilter filter;
    filter.kind = ResponseQuery::Kind::UncertainTime;
    filter.with_flagged = true;
    bool const leads_there = manager.view.screen != ManagerScreen::Mark; // from one response only back
    figure(manager, "uncertain", note, {line.at.x, 0, line.width, line.at.y + ui.stage.px(12)}, filter,
        leads_there ? Enabled::Yes : Enabled::No);
}

/// "Service poor · long wait", of what was rated lowest; without its reasons where they have no room. Who
/// rated nothing has said nothing low.
std::string lowest_text(Ui& ui, Answer const* lowest, int width)
{
    if (!lowest)
        return {};
    std::string text(question_name(ui, lowest->question));
    text += " ";
    text += score_name(ui, lowest->question, *lowest->score);
    for (auto const& reason : lowest->reasons) {
        std::string const longer = text + " · " + std::string(reason_name(ui, lowest->question, reason));
        if (ui.fonts.width(longer, ui.text_pixels(theme::axis)) > static_cast<float>(width))
            break;
        text = longer;
    }
    return text;
}

bool has_room_for_mark(Ui const& ui, int box_width) { return box_width >= ui.stage.px(640); }

/// A tick and the words, ending there; how much room they took.
float draw_mark_said(Ui& ui, ListedMark const& mark, Point end, int width)
{
    float const tick = ui.scaled(34);
    float const taken = write_right(
        ui, mark_text(ui, mark), end, width - static_cast<int>(tick), theme::axis, ui.palette.teal);
    draw_check(ui.list,
        {static_cast<float>(end.x) - taken - tick / 2 - ui.scaled(4), static_cast<float>(end.y)},
        ui.scaled(14), ui.palette.teal);
    return taken + tick + ui.scaled(16);
}

/// Ends there, in two lines where large text makes it too long for one; how wide it became.
float write_status(ManagerUi& manager, std::string_view status, Point end, int width)
{
    Ui& ui = manager.ui;
    bool const is_bad = manager.figures.is_failing || manager.view.earlier_mark_fails;
    auto const colour = is_bad ? ui.palette.clay : ui.palette.ink2;
    FittedText const fitted
        = fit(ui, status, theme::small, static_cast<float>(width), is_in_parts(ui.stage) ? 2 : 1);
    float widest = 0;
    float y
        = static_cast<float>(end.y) - fitted.line_height() * static_cast<float>(fitted.lines.size() - 1) / 2;
    for (auto const& line : fitted.lines) {
        ui.fonts.draw(
            ui.list, line, {static_cast<float>(end.x), std::round(y)}, fitted.pixels, colour, Align::Right);
        widest = std::max(widest, ui.fonts.width(line, fitted.pixels));
        y += fitted.line_height();
    }
    return widest;
}

}

void draw_manager_header(ManagerUi& manager)
{
    Ui& ui = manager.ui;
    Disc const& mark = ui.stage.mark;
    draw_mark(ui.list, to_vec(mark.centre), static_cast<float>(mark.radius), ui.palette.teal);
    Line const& line = ui.stage.brand;
    int const half = line.width / 2;
    bool const is_uncertain = has_uncertain_time(manager);
    int const y = line.at.y - (is_uncertain ? ui.stage.px(12) : 0);
    int taken = half;
    auto const status = status_text(manager);
    if (!status.empty()) {
        int const space = ui.stage.px(24);
        float const width = write_status(manager, status, {line.at.x + line.width, y}, half - space);
        taken = std::min(half, static_cast<int>(std::ceil(width)) + space);
    }
    write(ui, header_text(manager), {{line.at.x, y}, line.width - taken}, theme::body_large, ui.palette.ink);
    if (manager.view.earlier_mark_fails) // for who has it read: nothing to touch
        press(ui, "manager.mark.earlier_failed", status,
            {line.at.x + line.width - half, 0, half, 2 * line.at.y}, Enabled::No);
    if (is_uncertain)
        draw_uncertain_time(manager, {{line.at.x, line.at.y + ui.stage.px(18)}, line.width});
}

void touch_responses(ManagerUi& manager)
{
    // Below it stands how many of them are uncertain, which leads to those.
    if (!says_responses(manager) || has_uncertain_time(manager) || manager.figures.summary->responses == 0)
        return;
    ListFilter all;
    all.with_flagged = true; // they are counted
    Line const& line = manager.ui.stage.brand;
    int const half = line.width / 2;
    figure(manager, "responses", status_text(manager),
        {line.at.x + line.width - half, 0, half, 2 * line.at.y}, all);
}

void draw_no_figures(ManagerUi& manager, Rect const& card)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    write_centred(ui, ui.say(manager.figures.is_failing ? Text::ManagerFailing : Text::ManagerLoading),
        to_vec(card.centre()), static_cast<float>(card.w) - ui.scaled(64), theme::button, 2, ui.palette.ink2);
}

void draw_card(ManagerUi& manager, Rect const& card, std::string_view title, std::string_view unit)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    int const inside = ui.stage.px(32);
    int const y = card.y + ui.stage.px(38);
    int const width = card.w - 2 * inside;
    float const taken = unit.empty()
        ? 0.F
        : write_right(ui, unit, {card.right() - inside, y}, width / 2, theme::axis, ui.palette.ink2)
            + ui.scaled(16);
    write(ui, title, {{card.x + inside, y}, width - static_cast<int>(taken)}, theme::chip, ui.palette.ink);
}

void figure(ManagerUi& manager, std::string const& id, std::string_view label, Rect const& box,
    ListFilter const& filter, Enabled enabled)
{
    Press const state = press(manager.ui, "figure." + id, label, box, enabled);
    if (state.held)
        outline(manager.ui, box, manager.ui.palette.ink);
    if (state.done)
        manager.tell(manager_event::ListChosen {filter});
}

void draw_details_switch(ManagerUi& manager, std::vector<Rect> const& tabs)
{
    Ui& ui = manager.ui;
    static constexpr std::array screens {ManagerScreen::Details, ManagerScreen::Distribution};
    static constexpr std::array ids {"view.when", "view.distribution"};
    static constexpr std::array texts {Text::ManagerHeat, Text::ManagerDistribution};
    Rect const& first = tabs.front();
    fill(ui, {first.x, first.y, tabs.back().right() - first.x, first.h}, ui.palette.sunk);
    int const inset = ui.stage.px(4);
    for (std::size_t index = 0; index < screens.size(); ++index) {
        Rect const& tab = tabs[index];
        bool const is_chosen = manager.view.screen == screens[index];
        auto const label = ui.say(texts[index]);
        Press const state = press(ui, ids[index], label, tab, Enabled::Yes, is_chosen);
        Rect const tile {tab.x + inset, tab.y + inset, tab.w - 2 * inset, tab.h - 2 * inset};
        if (is_chosen)
            fill(ui, tile, ui.palette.card, theme::radius - 4);
        if (is_chosen || state.held)
            outline(ui, tile, ui.palette.edge, theme::outline, theme::radius - 4);
        write_centred(ui, label, to_vec(tab.centre()), static_cast<float>(tab.w) - ui.scaled(24), theme::chip,
            2, is_chosen ? ui.palette.ink : ui.palette.ink2);
        if (state.done)
            manager.tell(manager_event::ViewChosen {screens[index]});
    }
}

std::string_view comment_text(Ui const& ui, ListedResponse const& response)
{
    return response.comment_erased ? ui.say(Text::MarkErased) : std::string_view(response.comment);
}

std::string said_text(Ui const& ui, ListedResponse const& response, int box_width)
{
    std::string text;
    if (response.mark && !has_room_for_mark(ui, box_width))
        text += "[" + mark_text(ui, *response.mark) + "] ";
    if (!response.flags.empty())
        text += "[" + std::string(ui.say(Text::ManagerPlay)) + "] ";
    text += response.is_event && response.mark ? std::string_view(response.mark->note)
                                               : comment_text(ui, response);
    return text;
}

std::vector<std::string> said_lines(Ui& ui, std::string_view text, float pixels, int width, std::size_t most)
{
    auto const wrapped = ui.fonts.wrap(text, pixels, static_cast<float>(width));
    std::vector<std::string> lines;
    for (std::size_t line = 0; line < std::min(most, wrapped.size()); ++line) {
        bool const is_cut = line + 1 == most && wrapped.size() > most;
        lines.push_back(is_cut
                ? ui.fonts.shortened(std::string(wrapped[line]) + " " + std::string(wrapped[line + 1]),
                    pixels, static_cast<float>(width))
                : std::string(wrapped[line]));
    }
    return lines;
}

std::string mark_text(Ui const& ui, ListedMark const& mark)
{
    auto const state = ui.say(mark.state == CommentState::Seen ? Text::MarkSeen : Text::MarkDealtWith);
    return std::string(state) + " · " + mark.by;
}

void touch_listed_response(
    ManagerUi& manager, std::size_t place, Rect const& box, ListedResponse const& response)
{
    Ui& ui = manager.ui;
    std::string label = when_text(manager, response);
    if (response.is_event)
        label += " · " + std::string(ui.say(Text::DeliveryRowStaff));
    if (auto const why = held_up_text(manager, response); !why.empty())
        label += " · " + why;
    if (response.mark)
        label += " · " + mark_text(ui, *response.mark);
    if (auto const comment = comment_text(ui, response); !comment.empty())
        label += " · " + std::string(comment);
    Press const state = press(ui, "response." + std::to_string(place), label, box,
        response.is_event ? Enabled::No : Enabled::Yes); // it is marked already
    if (state.held)
        fill(ui, box, ui.palette.sunk, theme::gap);
    if (state.done)
        manager.tell(manager_event::ResponseChosen {response.ref});
}

void draw_listed_response(ManagerUi& manager, Rect const& box, ListedResponse const& response, int lines)
{
    Ui& ui = manager.ui;
    Answer const* const lowest = lowest_rating(ui.survey, response.answers);
    int const radius = ui.stage.px(26);
    int const text_x = box.x + 2 * radius + ui.stage.px(20);
    int const first_y = box.y + ui.stage.px(22);
    if (lowest)
        draw_face_said(ui.list, ui.palette,
            {static_cast<float>(box.x + radius), static_cast<float>(first_y + ui.stage.px(6))},
            static_cast<float>(radius), ui.survey.find(lowest->question)->face_of(*lowest->score));
    float taken = write_right(
        ui, when_text(manager, response), {box.right(), first_y}, box.w / 2, theme::axis, ui.palette.ink2);
    if (response.mark && has_room_for_mark(ui, box.w))
        taken += draw_mark_said(ui, *response.mark,
            {box.right() - static_cast<int>(taken) - ui.stage.px(16), first_y}, box.w / 2);
    int const width = box.right() - text_x;
    int const beside = width - static_cast<int>(taken) - ui.stage.px(12);
    write(ui,
        response.is_event ? std::string(ui.say(Text::DeliveryRowStaff)) : lowest_text(ui, lowest, beside),
        {{text_x, first_y}, beside}, theme::axis, ui.palette.ink2);
    std::string said = said_text(ui, response, box.w);
    if (auto const why = held_up_text(manager, response); !why.empty())
        said.insert(0, "[" + why + "] ");
    if (said.empty() || lines < 1)
        return;
    float const pixels = ui.text_pixels(theme::body);
    float y = static_cast<float>(first_y) + ui.scaled(34);
    for (auto const& line : said_lines(ui, said, pixels, width, static_cast<std::size_t>(lines))) {
        ui.fonts.draw(ui.list, line, {static_cast<float>(text_x), std::round(y)}, pixels, ui.palette.ink);
        y += pixels * said_line_height;
    }
}

}

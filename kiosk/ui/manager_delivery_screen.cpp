#include "kiosk/store/delivery_figures.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace listenpost::kiosk {
namespace {

Text advice_text(SendingTrouble trouble)
{
    return static_cast<Text>(static_cast<int>(Text::AdviceNone) + static_cast<int>(trouble));
}

/// What passes by itself needs nobody: it is said, but not in the colour that wants attention.
bool wants_somebody(SendingTrouble trouble)
{
    switch (trouble) {
    case SendingTrouble::None:
    case SendingTrouble::Starting:
    case SendingTrouble::HubBusy:
        return false;
    default:
        return true;
    }
}

void draw_state(ManagerUi& manager, Rect const& card, DeliveryFigures const& figures)
{
    Ui& ui = manager.ui;
    auto const refused = figures.counts ? figures.counts->quarantined : 0;
    bool const is_refused = figures.trouble == SendingTrouble::None && refused > 0;
    bool const is_bad = is_refused || wants_somebody(figures.trouble);
    fill(ui, card, is_bad ? ui.palette.clay_tint : ui.palette.card);
    float const radius = ui.scaled(36);
    ImVec2 const sign {
        static_cast<float>(card.x) + ui.scaled(32) + radius, static_cast<float>(card.centre().y)};
    ui.list.AddCircleFilled(sign, radius, is_bad ? ui.palette.clay : ui.palette.teal);
    if (is_bad)
        ui.fonts.draw(ui.list, "!", sign, ui.text_pixels(theme::title), ui.palette.on_teal, Align::Centre);
    else
        draw_check(ui.list, sign, radius * 0.8F, ui.palette.on_teal);
    int const x = card.x + ui.stage.px(32 + 72 + 28);
    int const width = card.right() - ui.stage.px(32) - x;
    std::string const state = is_refused ? ui.say(Text::TroubleRefused, {{"n", count_text(refused)}})
                                         : std::string(ui.say(trouble_text(figures.trouble)));
    Text const advice = is_refused ? Text::AdviceRefused : advice_text(figures.trouble);
    press(ui, "delivery.state", state, card, Enabled::No); // for who reads the map: nothing to touch
    if (card.h > ui.stage.px(200)) { // upright in large text: both in several lines
        int const y = card.centre().y - ui.stage.px(52);
        float const taken = write_lines(ui, state, {{x, y}, width}, theme::button, 2, ui.palette.ink);
        write_lines(ui, ui.say(advice), {{x, y + static_cast<int>(taken) + ui.stage.px(8)}, width},
            theme::body, 3, ui.palette.ink2);
        return;
    }
    write(ui, state, {{x, card.centre().y - ui.stage.px(26)}, width}, theme::heading_small, ui.palette.ink);
    write_lines(
        ui, ui.say(advice), {{x, card.centre().y + ui.stage.px(28)}, width}, theme::body, 1, ui.palette.ink2);
}

/// One of the four figures.
struct Count {
    char const* id;
    Text label;
    DeliveryState state;
    std::int64_t DeliveryCounts::*member;
};
constexpr std::array counted {
    Count {"captured", Text::DeliveryCaptured, DeliveryState::Captured, &DeliveryCounts::captured},
    Count {"delivered", Text::DeliveryDelivered, DeliveryState::Delivered, &DeliveryCounts::delivered},
    Count {"waiting", Text::DeliveryWaiting, DeliveryState::Waiting, &DeliveryCounts::waiting},
    Count {"refused", Text::DeliveryRefused, DeliveryState::Refused, &DeliveryCounts::quarantined}};

ListFilter list_of(DeliveryState state)
{
    ListFilter list;
    list.delivery = DeliveryList {state};
    return list;
}

void draw_count(ManagerUi& manager, Rect const& card, Count const& of)
{
    Ui& ui = manager.ui;
    auto const& counts = manager.figures.delivery->counts;
    std::int64_t const count = counts ? (*counts).*of.member : 0;
    bool const is_bad = of.state == DeliveryState::Refused && count > 0;
    fill(ui, card, ui.palette.card);
    float const width = static_cast<float>(card.w) - ui.scaled(32);
    ImVec2 const centre = to_vec(card.centre());
    std::string const text = counts ? count_text(count) : std::string(ui.say(Text::DeliveryNotKnown));
    figure(manager, of.id, std::string(ui.say(of.label)) + ": " + text, card, list_of(of.state),
        count > 0 ? Enabled::Yes : Enabled::No);
    write_centred(ui, text, {centre.x, centre.y - ui.scaled(24)}, width,
        counts ? theme::title_portrait : theme::body, 1, is_bad ? ui.palette.clay : ui.palette.ink);
    write_centred(ui, ui.say(of.label), {centre.x, centre.y + ui.scaled(40)}, width, theme::body,
        is_in_parts(ui.stage) ? 2 : 1, ui.palette.ink2);
}

/// What the box's clock has to say about it, if that can be known.
std::string ago_text(Ui const& ui, std::optional<WallTime> at, ManagerFigures const& figures, Text never)
{
    if (!at)
        return std::string(ui.say(never));
    WallTime const now = figures.now;
    if (now < *at || !figures.delivery->clock_is_set)
        return std::string(ui.say(Text::DeliveryNotKnown));
    auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(now - *at).count();
    auto const say = [&](Text text, std::int64_t n) { return ui.say(text, {{"n", static_cast<int>(n)}}); };
    constexpr std::int64_t hour = 60;
    constexpr std::int64_t day = 24 * hour;
    if (minutes < 1)
        return std::string(ui.say(Text::AgoNow));
    if (minutes < 2 * hour)
        return say(Text::AgoMinutes, minutes);
    return minutes < 2 * day ? say(Text::AgoHours, minutes / hour) : say(Text::AgoDays, minutes / day);
}

std::string gigabytes(std::int64_t bytes)
{
    double const value = static_cast<double>(bytes) / 1e9;
    return decimal(value, value < 10 ? 1 : 0);
}

std::string refused_text(Ui const& ui, RefusedRows const& rows)
{
    std::string const count = count_text(rows.count);
    if (rows.code == "invalid")
        return ui.say(Text::WhyInvalid, {{"n", count}});
    if (rows.code == "conflict")
        return ui.say(Text::WhyConflict, {{"n", count}});
    return ui.say(Text::WhyOther, {{"n", count}, {"code", rows.code}});
}

using Rows = std::vector<std::pair<Text, std::string>>;

Rows rows_of(ManagerUi const& manager)
{
    Ui const& ui = manager.ui;
    DeliveryFigures const& figures = *manager.figures.delivery;
    auto const ago
        = [&](std::optional<WallTime> at, Text never) { return ago_text(ui, at, manager.figures, never); };
    Rows rows;
    rows.emplace_back(Text::DeliveryContact, ago(figures.last_contact, Text::DeliveryNever));
    if (figures.counts && figures.counts->waiting > 0)
        rows.emplace_back(Text::DeliveryOldest, ago(figures.counts->oldest_waiting, Text::DeliveryNotKnown));
    rows.emplace_back(Text::DeliveryDisk,
        figures.disk_free_bytes && figures.disk_total_bytes ? ui.say(Text::DeliveryDiskFree,
            {{"free", gigabytes(*figures.disk_free_bytes)}, {"all", gigabytes(*figures.disk_total_bytes)}})
                                                            : std::string(ui.say(Text::DeliveryNotKnown)));
    rows.emplace_back(Text::DeliveryClock,
        std::string(ui.say(figures.clock_is_set ? Text::DeliveryClockSet : Text::DeliveryClockUnset)));
    rows.emplace_back(Text::DeliveryVersion, figures.version);
    for (auto const& refused : figures.refused)
        rows.emplace_back(Text::DeliveryWhy, refused_text(ui, refused));
    return rows;
}

void draw_rows(ManagerUi& manager, Rect const& card, Rows const& rows)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    int const inside = ui.stage.px(32);
    int const count = static_cast<int>(std::max<std::size_t>(1, rows.size()));
    bool const are_two_lines = card.w < ui.stage.px(600);
    int const pitch = std::clamp(
        (card.h - ui.stage.px(20)) / count, ui.stage.px(34), ui.stage.px(are_two_lines ? 88 : 56));
    int y = card.y + ui.stage.px(10) + pitch / 2;
    for (auto const& [label, value] : rows) {
        if (y + pitch / 2 > card.bottom())
            return;
        int const width = card.w - 2 * inside;
        if (are_two_lines) {
            write(ui, ui.say(label), {{card.x + inside, y - ui.stage.px(16)}, width}, theme::body,
                ui.palette.ink2);
            write(ui, value, {{card.x + inside, y + ui.stage.px(16)}, width}, theme::body, ui.palette.ink);
            y += pitch;
            continue;
        }
        write(ui, ui.say(label), {{card.x + inside, y}, width / 2 - ui.stage.px(8)}, theme::body,
            ui.palette.ink2);
        write_right(
            ui, value, {card.right() - inside, y}, width / 2 - ui.stage.px(8), theme::body, ui.palette.ink);
        y += pitch;
    }
}

/// What an export is doing.
std::string progress_text(Ui const& ui, ExportProgress const& progress)
{
    switch (progress.phase) {
    case ExportProgress::Phase::Looking:
        return std::string(ui.say(Text::ExportLooking));
    case ExportProgress::Phase::Drawing:
        return std::string(ui.say(Text::ExportDrawing));
    case ExportProgress::Phase::Writing:
        return ui.say(Text::ExportRunning, {{"n", progress.percent}});
    case ExportProgress::Phase::Finishing:
        break;
    }
    return std::string(ui.say(Text::ExportFinishing));
}

/// What it is doing, or what came of it; before anything was taken along, what that will be.
std::string export_text(Ui const& ui, ManagerFigures const& figures)
{
    if (figures.is_exporting)
        return progress_text(ui, figures.export_progress);
    if (!figures.exported || figures.exported->outcome == ExportOutcome::ChooseDrive)
        return std::string(ui.say(Text::ExportHint));
    auto const& result = *figures.exported;
    auto text = static_cast<Text>(static_cast<int>(Text::ExportDone) + static_cast<int>(result.outcome));
    if (result.outcome == ExportOutcome::Done && !result.has_week)
        text = Text::ExportTableOnly;
    std::string const said = ui.say(text, {{"n", count_text(result.report.responses)}});
    return result.outcome == ExportOutcome::Done ? said + "\n" + result.report.file : said;
}

/// What has failed wants the eye; the rest does not.
theme::Colour export_colour(Ui const& ui, ManagerFigures const& figures)
{
    if (figures.is_exporting)
        return ui.palette.ink;
    if (!figures.exported || figures.exported->outcome == ExportOutcome::ChooseDrive)
        return ui.palette.ink2;
    return figures.exported->outcome == ExportOutcome::Done ? ui.palette.teal : ui.palette.clay;
}

void draw_take_along(ManagerUi& manager, Rect const& strip)
{
    Ui& ui = manager.ui;
    int const gap = ui.stage.px(theme::gap);
    Rect const left {strip.x, strip.y, (strip.w - gap) * 2 / 5, strip.h};
    Period const period = manager.view.period;
    std::string const what = period == Period::Today ? std::string(ui.say(Text::ManagerToday))
                                                     : ui.say(Text::ManagerDays, {{"n", days_of(period)}});
    Enabled const enabled = manager.figures.is_exporting ? Enabled::No : Enabled::Yes;
    if (button(ui, ButtonKind::Secondary, "export", ui.say(Text::ExportButton, {{"period", what}}), left,
            theme::body, 2, enabled))
        manager.tell(manager_event::ExportPressed {});
    std::string const text = export_text(ui, manager.figures);
    Rect const right {left.right() + gap, strip.y, strip.right() - left.right() - gap, strip.h};
    if (manager.figures.is_exporting || manager.figures.exported)
        press(ui, "export.result", text, right, Enabled::No); // for who reads the map: nothing to touch
    FittedText const fitted = fit_box(ui, text, theme::body, static_cast<float>(right.w) - ui.scaled(16),
        static_cast<float>(right.h), std::max(3, right.h / ui.stage.px(30)));
    write_centred(ui, fitted, to_vec(right.centre()), export_colour(ui, manager.figures));
}

/// Of those that were put in last: more have no room.
constexpr std::size_t most_drives = 6;

void draw_drive(ManagerUi& manager, std::size_t number, ExportDrive const& drive, Rect const& box)
{
    Ui& ui = manager.ui;
    std::string room(ui.say(Text::DeliveryNotKnown));
    if (drive.is_read_only)
        room = ui.say(Text::ExportReadOnly);
    else if (drive.room)
        room = ui.say(Text::DeliveryDiskFree,
            {{"free", gigabytes(drive.room->free_bytes)}, {"all", gigabytes(drive.room->total_bytes)}});
    Enabled const enabled = drive.is_read_only ? Enabled::No : Enabled::Yes;
    Press const state = press(ui, "drive." + std::to_string(number), drive.name + ": " + room, box, enabled);
    fill(ui, box, state.held || drive.is_read_only ? ui.palette.sunk : ui.palette.paper);
    outline(ui, box, state.held ? ui.palette.ink : ui.palette.edge);
    int const inside = ui.stage.px(32);
    Line line {{box.x + inside, box.centre().y - ui.stage.px(22)}, box.w - 2 * inside};
    // A label is whatever somebody called the stick: cut where it is too long, and nobody's to mend.
    float const pixels = ui.text_pixels(theme::button);
    ui.fonts.draw(ui.list, ui.fonts.shortened(drive.name, pixels, static_cast<float>(line.width)),
        to_vec(line.at), pixels, drive.is_read_only ? ui.palette.disabled_text : ui.palette.ink);
    line.at.y = box.centre().y + ui.stage.px(28);
    write(ui, room, line, theme::body, ui.palette.ink2);
    if (state.done)
        manager.tell(manager_event::ExportPressed {drive.place});
}

/// Over the screen: which of several sticks.
void draw_drives(ManagerUi& manager, ExportResult const& choice)
{
    Ui& ui = manager.ui;
    auto const& all = choice.drives;
    std::span<ExportDrive const> const drives(
        all.end() - static_cast<std::ptrdiff_t>(std::min(all.size(), most_drives)), all.end());
    PanelLayout const panel = drives_layout(ui.stage, static_cast<int>(drives.size()));
    fill(ui, ui.stage.screen, theme::scrim, 0);
    fill(ui, panel.modal, ui.palette.card, theme::radius_modal);
    write(ui, ui.say(Text::ExportChoose), panel.headline, theme::heading, ui.palette.ink);
    auto const hint = ui.say(choice.is_exchanged ? Text::ExportExchanged : Text::ExportHint);
    write_lines(
        ui, hint, panel.hint, theme::small, 2, choice.is_exchanged ? ui.palette.clay : ui.palette.ink2);
    if (choice.is_exchanged) // for who has it read: nothing to touch
        press(ui, "export.exchanged", hint, panel.modal, Enabled::No);
    for (std::size_t index = 0; index < drives.size(); ++index)
        draw_drive(manager, index + 1, drives[index], panel.buttons[index]);
    if (button(ui, ButtonKind::Secondary, "export.cancel", ui.say(Text::Back), panel.close,
            theme::heading_small))
        manager.tell(manager_event::ExportDismissed {});
}

void draw_below(ManagerUi& manager)
{
    DeliveryLayout const layout = delivery_layout(manager.ui.stage);
    std::size_t const part = manager.part_of(layout.parts);
    draw_manager_header(manager);
    if (part > 0 && manager.figures.delivery) {
        draw_rows(manager, layout.rows, rows_of(manager));
        return draw_manager_tabs(manager);
    }
    if (auto const* const figures = manager.figures.delivery.get()) {
        draw_state(manager, layout.state, *figures);
        for (std::size_t index = 0; index < counted.size(); ++index)
            draw_count(manager, layout.counts[index], counted[index]);
        if (layout.parts == 1)
            draw_rows(manager, layout.rows, rows_of(manager));
    } else {
        draw_no_figures(manager, layout.state);
    }
    draw_take_along(manager, layout.take_along);
    draw_manager_tabs(manager);
}

}

void draw_manager_delivery(ManagerUi& manager)
{
    auto const& exported = manager.figures.exported;
    bool const is_choosing = exported && exported->outcome == ExportOutcome::ChooseDrive;
    Reaction const reaction
        = std::exchange(manager.ui.reaction, is_choosing ? Reaction::Inert : manager.ui.reaction);
    draw_below(manager);
    manager.ui.reaction = reaction;
    if (!is_choosing)
        return;
    AsForCustomers over(manager);
    draw_drives(over.manager, *exported);
}

}

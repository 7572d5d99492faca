#include "kiosk/store/delivery_figures.h"
#include "kiosk/ui/icons.h"
#include "kiosk/ui/layout_manager.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

Text nth(Text first, SendingTrouble trouble)
{
    return static_cast<Text>(static_cast<int>(first) + static_cast<int>(trouble));
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
                                         : std::string(ui.say(nth(Text::TroubleNone, figures.trouble)));
    Text const advice = is_refused ? Text::AdviceRefused : nth(Text::AdviceNone, figures.trouble);
    press(ui, "delivery.state", state, card, Enabled::No); // for who reads the map: nothing to touch
    write(ui, state, {{x, card.centre().y - ui.stage.px(26)}, width}, theme::heading_small, ui.palette.ink);
    write_lines(
        ui, ui.say(advice), {{x, card.centre().y + ui.stage.px(28)}, width}, theme::body, 1, ui.palette.ink2);
}

void draw_count(
    ManagerUi& manager, Rect const& card, Text label, std::optional<std::int64_t> count, bool is_bad)
{
    Ui& ui = manager.ui;
    fill(ui, card, ui.palette.card);
    float const width = static_cast<float>(card.w) - ui.scaled(32);
    ImVec2 const centre = to_vec(card.centre());
    std::string const text = count ? count_text(*count) : std::string(ui.say(Text::DeliveryNotKnown));
    write_centred(ui, text, {centre.x, centre.y - ui.scaled(24)}, width,
        count ? theme::title_portrait : theme::body, 1, is_bad ? ui.palette.clay : ui.palette.ink);
    write_centred(
        ui, ui.say(label), {centre.x, centre.y + ui.scaled(40)}, width, theme::body, 1, ui.palette.ink2);
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
    int const pitch = std::clamp((card.h - ui.stage.px(20)) / count, ui.stage.px(34), ui.stage.px(56));
    int y = card.y + ui.stage.px(10) + pitch / 2;
    for (auto const& [label, value] : rows) {
        if (y + pitch / 2 > card.bottom())
            return;
        int const width = card.w - 2 * inside;
        write(ui, ui.say(label), {{card.x + inside, y}, width / 2 - ui.stage.px(8)}, theme::body,
            ui.palette.ink2);
        write_right(
            ui, value, {card.right() - inside, y}, width / 2 - ui.stage.px(8), theme::body, ui.palette.ink);
        y += pitch;
    }
}

/// What came of it; empty before anything was taken along.
std::string export_text(Ui const& ui, ManagerFigures const& figures)
{
    if (figures.is_exporting)
        return std::string(ui.say(Text::ExportRunning));
    if (!figures.exported)
        return {};
    auto const& [outcome, drive, report] = *figures.exported;
    auto const text = static_cast<Text>(static_cast<int>(Text::ExportDone) + static_cast<int>(outcome));
    return ui.say(text, {{"n", count_text(report.responses)}, {"file", report.file}});
}

void draw_take_along(ManagerUi& manager, Rect const& strip)
{
    Ui& ui = manager.ui;
    int const width = strip.w / 2 - ui.stage.px(theme::gap / 2);
    Rect const left {strip.x, strip.y, width, strip.h};
    Period const period = manager.view.period;
    std::string const what = period == Period::Today ? std::string(ui.say(Text::ManagerToday))
                                                     : ui.say(Text::ManagerDays, {{"n", days_of(period)}});
    Enabled const enabled = manager.figures.is_exporting ? Enabled::No : Enabled::Yes;
    if (button(ui, ButtonKind::Secondary, "export", ui.say(Text::ExportButton, {{"period", what}}), left,
            theme::body, 2, enabled))
        manager.tell(manager_event::ExportPressed {});
    std::string const text = export_text(ui, manager.figures);
    if (text.empty())
        return;
    Rect const right {left.right() + ui.stage.px(theme::gap), strip.y, width, strip.h};
    press(ui, "export.result", text, right, Enabled::No); // for who reads the map: nothing to touch
    write_centred(ui, text, to_vec(right.centre()), static_cast<float>(width) - ui.scaled(32), theme::body, 2,
        ui.palette.ink);
}

}

void draw_manager_delivery(ManagerUi& manager)
{
    DeliveryLayout const layout = delivery_layout(manager.ui.stage);
    draw_manager_header(manager);
    if (auto const* const figures = manager.figures.delivery.get()) {
        auto const count = [&](std::int64_t DeliveryCounts::*member) {
            return figures->counts ? std::optional((*figures->counts).*member) : std::nullopt;
        };
        draw_state(manager, layout.state, *figures);
        draw_count(
            manager, layout.counts[0], Text::DeliveryCaptured, count(&DeliveryCounts::captured), false);
        draw_count(
            manager, layout.counts[1], Text::DeliveryDelivered, count(&DeliveryCounts::delivered), false);
        draw_count(manager, layout.counts[2], Text::DeliveryWaiting, count(&DeliveryCounts::waiting), false);
        auto const refused = count(&DeliveryCounts::quarantined);
        draw_count(manager, layout.counts[3], Text::DeliveryRefused, refused, refused.value_or(0) > 0);
        draw_rows(manager, layout.rows, rows_of(manager));
    } else {
        draw_no_figures(manager, layout.state);
    }
    draw_take_along(manager, layout.take_along);
    draw_manager_tabs(manager);
}

}

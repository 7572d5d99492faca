#include "kiosk/store/delivery_figures.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>

/// What the lists behind the figures of Delivery say beside what every list does.
namespace listenpost::kiosk {
namespace {

std::string refusal_text(Ui const& ui, ListedDelivery const& delivery)
{
    std::string text = delivery.code.empty() ? std::string(ui.say(Text::DeliveryRefused)) : delivery.code;
    if (delivery.code == "invalid")
        text = ui.say(Text::DeliveryRowInvalid);
    else if (delivery.code == "conflict")
        text = ui.say(Text::DeliveryRowConflict);
    return delivery.detail.empty() ? text : text + ": " + delivery.detail;
}

/// The same for all that wait; empty: it is not known yet.
std::string waiting_text(ManagerUi const& manager)
{
    auto const* const figures = manager.figures.delivery.get();
    if (!figures)
        return {};
    return std::string(manager.ui.say(
        figures->trouble == SendingTrouble::None ? Text::DeliveryRowNext : trouble_text(figures->trouble)));
}

Rect across(Rect const& first, Rect const& last)
{
    return {first.x, first.y, last.right() - first.x, last.bottom() - first.y};
}

void draw_hint(ManagerUi& manager, Rect const& box)
{
    Ui& ui = manager.ui;
    std::string text(ui.say(Text::DeliveryListAll));
    auto const& page = manager.figures.responses;
    if (page && page->gone > 0)
        text += " · " + ui.say(Text::DeliveryListGone, {{"n", count_text(page->gone)}});
    press(ui, "delivery.list", text, box, Enabled::No); // for who reads the map: nothing to touch
    FittedText const fitted
        = fit_box(ui, text, theme::body, static_cast<float>(box.w), static_cast<float>(box.h), 3);
    write_centred(ui, fitted, to_vec(box.centre()), ui.palette.ink2);
}

/// Of what was refused, the reasons, the most frequent first: one is chosen, or all. How many there are.
std::size_t draw_reasons(ManagerUi& manager, std::vector<Rect> const& places)
{
    auto const* const figures = manager.figures.delivery.get();
    DeliveryList const& list = *manager.view.list.delivery;
    if (!figures || list.state != DeliveryState::Refused)
        return 0;
    bool const is_hint_needed = manager.figures.responses && manager.figures.responses->gone > 0;
    std::size_t const room = is_hint_needed ? places.size() / 2 : places.size();
    std::size_t const count = std::min(room, figures->refused.size());
    for (std::size_t place = 0; place < count; ++place) {
        RefusedRows const& rows = figures->refused[place];
        bool const is_chosen = rows.code == list.code;
        std::string const label = refusal_text(manager.ui, {DeliveryState::Refused, rows.code, {}}) + ": "
            + count_text(rows.count);
        if (!chip(manager.ui, "filter.refused." + rows.code, label, places[place], places[place], theme::body,
                is_chosen))
            continue;
        ListFilter next = manager.view.list;
        next.delivery->code = is_chosen ? std::string() : rows.code;
        next.offset = 0;
        manager.tell(manager_event::ListChosen {next});
    }
    return count;
}

}

Text trouble_text(SendingTrouble trouble)
{
    return static_cast<Text>(static_cast<int>(Text::TroubleNone) + static_cast<int>(trouble));
}

std::string delivery_list_name(Ui const& ui, DeliveryList const& list)
{
    switch (list.state) {
    case DeliveryState::Captured:
        return std::string(ui.say(Text::DeliveryCaptured));
    case DeliveryState::Delivered:
        return std::string(ui.say(Text::DeliveryDelivered));
    case DeliveryState::Waiting:
        return std::string(ui.say(Text::DeliveryWaiting));
    case DeliveryState::Refused:
        break;
    }
    std::string const name(ui.say(Text::DeliveryRefused));
    return list.code.empty() ? name
                             : name + " · " + refusal_text(ui, {DeliveryState::Refused, list.code, {}});
}

std::string held_up_text(ManagerUi const& manager, ListedResponse const& response)
{
    if (!response.delivery || response.delivery->state == DeliveryState::Delivered)
        return {};
    return response.delivery->state == DeliveryState::Refused ? refusal_text(manager.ui, *response.delivery)
                                                              : waiting_text(manager);
}

std::string when_text(ManagerUi const& manager, ListedResponse const& response)
{
    Ui const& ui = manager.ui;
    if (!response.has_time)
        return std::string(ui.say(Text::DeliveryNotKnown));
    return moment_text(ui, response.local_time, response.day,
        response.delivery ? Period::TwentyEightDays : manager.view.period);
}

void draw_delivery_list_head(ManagerUi& manager, std::vector<Rect> const& places)
{
    std::size_t const chips = draw_reasons(manager, places);
    if (chips == 0)
        draw_hint(manager, across(places.front(), places.back()));
    else if (chips <= places.size() / 2)
        draw_hint(manager, across(places[places.size() / 2], places.back()));
}

}

#include "kiosk/ui/focus.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <vector>

namespace listenpost::kiosk {
namespace {

using listenpost::Key;

std::vector<Widget const*> enabled_of(UiMap const& map)
{
    std::vector<Widget const*> widgets;
    for (auto const& widget : map.widgets())
        if (widget.enabled)
            widgets.push_back(&widget);
    return widgets;
}

/// How far the box reaches beyond the other one sideways of the movement; 0: straight ahead.
int aside(int from, int from_size, int to, int to_size)
{
    return std::max({0, to - (from + from_size), from - (to + to_size)});
}

/// The price of going from one box to another in a direction; nothing ahead: no price.
/// What is straight ahead comes before what is nearer but aside.
long price(Key key, Rect const& from, Rect const& to)
{
    constexpr long no_way = std::numeric_limits<long>::max();
    constexpr long being_aside = 1'000;
    constexpr long aside_counts = 8;
    Point const here = from.centre();
    Point const there = to.centre();
    bool const is_vertical = key == Key::Up || key == Key::Down;
    bool const is_forward = key == Key::Down || key == Key::Right;
    int const way = is_vertical ? there.y - here.y : there.x - here.x;
    int const gap = is_vertical ? (is_forward ? to.y - from.bottom() : from.y - to.bottom())
                                : (is_forward ? to.x - from.right() : from.x - to.right());
    int const overlap_allowed = is_vertical ? from.h / 2 : from.w / 2;
    if ((is_forward ? way <= 0 : way >= 0) || gap < -overlap_allowed)
        return no_way;
    int const off = is_vertical ? aside(from.x, from.w, to.x, to.w) : aside(from.y, from.h, to.y, to.h);
    int const middle = std::abs(is_vertical ? there.x - here.x : there.y - here.y);
    return std::max(0, gap) + (off > 0 ? being_aside : 0) + aside_counts * off + middle / 4;
}

}

void Focus::stand_on(Widget const* widget)
{
    if (!widget)
        return hide();
    id_ = widget->id;
    place_ = widget->box.centre();
}

std::string Focus::take(Key key, UiMap const& map)
{
    auto const widgets = enabled_of(map);
    if (widgets.empty())
        return {};
    if (!is_shown()) {
        stand_on(widgets.front());
        return {};
    }
    if (key == Key::Select)
        return id_;
    move(key, map);
    return {};
}

void Focus::move(Key key, UiMap const& map)
{
    auto const widgets = enabled_of(map);
    auto const here = std::ranges::find(widgets, id_, [](Widget const* widget) { return widget->id; });
    if (here == widgets.end())
        return stand_on(widgets.empty() ? nullptr : widgets.front());
    if (key == Key::Next || key == Key::Previous) {
        auto const count = static_cast<std::ptrdiff_t>(widgets.size());
        auto const step = key == Key::Next ? 1 : count - 1;
        return stand_on(widgets[static_cast<std::size_t>((here - widgets.begin() + step) % count)]);
    }
    Widget const* best = nullptr;
    long best_price = std::numeric_limits<long>::max();
    for (auto const* widget : widgets) {
        long const its_price = widget == *here ? best_price : price(key, (*here)->box, widget->box);
        if (its_price < best_price) {
            best = widget;
            best_price = its_price;
        }
    }
    if (best)
        stand_on(best);
}

void Focus::follow(UiMap const& map, bool is_other_screen)
{
    if (!is_shown())
        return;
    auto const widgets = enabled_of(map);
    if (is_other_screen)
        return stand_on(widgets.empty() ? nullptr : widgets.front());
    if (auto const* const same = map.find(id_); same && same->enabled) {
        place_ = same->box.centre();
        return;
    }
    auto const distance = [this](Widget const* widget) {
        return std::abs(widget->box.centre().x - place_.x) + std::abs(widget->box.centre().y - place_.y);
    };
    auto const nearest = std::ranges::min_element(widgets, {}, distance);
    stand_on(nearest == widgets.end() ? nullptr : *nearest);
}

}

#include "kiosk/ui/ui_map.h"

#include "kiosk/model/response.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

void append_widget(std::string& out, Widget const& widget, std::string_view more)
{
    out += "\n{\"id\":";
    append_json_string(out, widget.id);
    out += ",\"label\":";
    append_json_string(out, widget.label);
    auto const number = [&](char const* key, int value) {
        out += std::string(",\"") + key + "\":" + std::to_string(value);
    };
    number("x", widget.box.x);
    number("y", widget.box.y);
    number("w", widget.box.w);
    number("h", widget.box.h);
    out += std::string(",\"enabled\":") + (widget.enabled ? "true" : "false");
    out += std::string(",\"value\":") + (!widget.value ? "null" : *widget.value ? "true" : "false");
    out += more;
    out += "}";
}

Widget const* find_in(std::vector<Widget> const& widgets, std::string_view id)
{
    auto const found = std::ranges::find(widgets, id, &Widget::id);
    return found == widgets.end() ? nullptr : &*found;
}

}

void UiMap::begin(std::string_view screen, std::string_view language)
{
    screen_ = screen;
    language_ = language;
    focus_.clear();
    widgets_.clear();
    hidden_.clear();
}

Widget const* UiMap::find(std::string_view id) const { return find_in(widgets_, id); }

Widget const* UiMap::find_hidden(std::string_view id) const { return find_in(hidden_, id); }

std::string UiMap::json(std::optional<float> millimetres_per_pixel) const
{
    std::string out = "{\"screen\":";
    append_json_string(out, screen_);
    out += ",\"lang\":";
    append_json_string(out, language_);
    if (millimetres_per_pixel)
        out += ",\"mm_per_pixel\":" + std::to_string(*millimetres_per_pixel);
    out += ",\"widgets\":[";
    char const* separator = "";
    for (auto const& widget : widgets_) {
        out += std::exchange(separator, ",");
        append_widget(out, widget, widget.id == focus_ ? ",\"focused\":true" : "");
    }
    for (auto const& widget : hidden_) {
        out += std::exchange(separator, ",");
        append_widget(out, widget, ",\"hidden\":true");
    }
    out += "]}\n";
    return out;
}

}

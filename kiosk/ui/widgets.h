#pragma once

#include "kiosk/flow/flow.h"
#include "kiosk/ui/fonts.h"
#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/layout.h"
#include "kiosk/ui/logo.h"
#include "kiosk/ui/strings.h"
#include "kiosk/ui/text_fit.h"
#include "kiosk/ui/theme.h"
#include "kiosk/ui/ui_map.h"

#include <imgui.h>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// Whether a screen can be touched, or is only seen (under an overlay).
enum class Reaction { Live, Inert };

/// What one frame is drawn with and what comes out of it. Borrowed by every
/// function that draws; lives for one frame.
struct Ui {
    ImDrawList& list;
    Fonts& fonts;
    theme::Palette const& palette;
    Stage const& stage;
    Strings const& strings;
    Survey const& survey;
    View const& view;
    std::string_view place; ///< the store's name; may be empty
    Logo& logo;
    UiMap& map;
    std::vector<Event>& events;
    std::vector<std::string>& cut_texts; ///< what had to be cut short with "…"
    float& smallest_text; ///< em in pixels of what fit() had to make smallest
    float text_scale = 1; ///< 1.25 for who asked for large text
    Reaction reaction = Reaction::Live;
    TypingState& typing;
    SteadyTime now {};
    std::string_view activated {}; ///< the widget that a key has chosen in this frame
    float newest_segment = 1; ///< how far the ring's newest segment has grown, 0 to 1
    bool staff_dot = false; ///< see Screens::set_staff_dot()

    float scaled(float design) const { return design * stage.scale; }
    /// Em in pixels of a text of that design size.
    float text_pixels(float design) const { return scaled(design) * text_scale; }
    std::string_view say(Text text) const { return strings.get(view.language, text); }
    std::string say(Text text, Strings::Values const& values) const
    {
        return strings.get(view.language, text, values);
    }
    std::string_view say(LocalizedText const& text) const { return text.in(view.language); }
};

inline ImVec2 to_vec(Point point) { return {static_cast<float>(point.x), static_cast<float>(point.y)}; }

void fill(Ui& ui, Rect const& box, theme::Colour colour, float design_radius = theme::radius);
void outline(Ui& ui, Rect const& box, theme::Colour colour, float design_stroke = theme::outline,
    float design_radius = theme::radius);

/// fit_text() for a design size, larger for who asked for it; notes what had to be cut.
FittedText fit(Ui& ui, std::string_view text, float design_size, float width, int max_lines);
/// As fit(), and no higher than `height`: smaller still where two lines need it.
FittedText fit_box(
    Ui& ui, std::string_view text, float design_size, float width, float height, int max_lines);
/// One line from `line.at`, made smaller if it is wider than the line.
void write(Ui& ui, std::string_view text, Line const& line, float design_size, theme::Colour colour);
/// Lines around `centre`, each centred.
void write_centred(Ui& ui, std::string_view text, ImVec2 centre, float width, float design_size,
    int max_lines, theme::Colour colour);
/// The same of what was fitted before.
void write_centred(Ui& ui, FittedText const& fitted, ImVec2 centre, theme::Colour colour);
/// Lines from the left, the first at `line.at`. Returns the height of what was written.
float write_lines(
    Ui& ui, std::string_view text, Line const& line, float design_size, int max_lines, theme::Colour colour);

/// One line that ends at `end`, made smaller if it is wider than `width`. Returns how wide it became.
float write_right(
    Ui& ui, std::string_view text, Point end, int width, float design_size, theme::Colour colour);

enum class Enabled { No, Yes };

/// Enters the widget into the map and tries it against the finger. Touching shows at
/// once; the meaning comes when the finger lifts inside, and not if it slid off.
struct Press {
    bool held = false; ///< the finger is on it
    bool done = false; ///< it lifted, inside
};
Press press(Ui& ui, std::string id, std::string_view label, Rect const& hit, Enabled enabled = Enabled::Yes,
    std::optional<bool> value = std::nullopt);

/// A button on paper.
enum class ButtonKind { Primary, Secondary };
bool button(Ui& ui, ButtonKind kind, std::string id, std::string_view label, Rect const& box,
    float design_size, int max_lines = 1, Enabled enabled = Enabled::Yes);

/// A chip that is chosen or not. Returns true when it was tapped.
bool chip(Ui& ui, std::string id, std::string_view label, Rect const& seen, Rect const& hit,
    float design_size, bool chosen, Enabled enabled = Enabled::Yes);

/// A tap on whatever is no other widget; for the last call of a screen. Not in the map.
bool touched_anywhere(Ui& ui);
/// Keeps touches of this place from whatever is asked after it.
void swallow_touches(Ui& ui, Rect const& box);

/// Mark or logo, brand and store: in the header …
void draw_brand(Ui& ui);
/// … or larger, around a point.
void draw_brand_centred(Ui& ui, Point centre, float width);
/// A headline of the step, and what to know about it in small beside or below it.
void draw_headline_with_hint(Ui& ui, std::string_view headline, std::string_view hint);
void draw_privacy(Ui& ui);

/// Says something in another language than the screen's, in that language's own face.
class OtherLanguage {
public:
    OtherLanguage(Ui& ui, std::string_view language)
        : ui_(ui)
    {
        ui_.fonts.set_language(language);
    }
    ~OtherLanguage() { ui_.fonts.set_language(ui_.view.language); }
    OtherLanguage(OtherLanguage const&) = delete;
    OtherLanguage& operator=(OtherLanguage const&) = delete;

private:
    Ui& ui_;
};

/// Nothing of the screen can be meant while the disk is being waited for.
inline Enabled unless_saving(Ui const& ui) { return ui.view.saving ? Enabled::No : Enabled::Yes; }

}

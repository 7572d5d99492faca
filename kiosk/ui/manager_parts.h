#pragma once

#include "kiosk/flow/manager_flow.h"
#include "kiosk/ui/manager_figures.h"
#include "kiosk/ui/widgets.h"

#include <algorithm>
#include <functional>
#include <vector>

/// One function for each of the manager's screens, each in a file of its own.
namespace listenpost::kiosk {

/// What a frame of the manager's is drawn with, and what comes out of it. Borrowed; lives for one frame.
struct ManagerUi {
    Ui& ui; ///< its view is nobody's: only the language is said there, and what is being typed
    ManagerView const& view;
    ManagerFigures const& figures;
    std::vector<ManagerEvent>& events;
    std::size_t parts = 1; ///< that the screen has come to; what draws it says so

    /// The one to draw of so many.
    std::size_t part_of(std::size_t count)
    {
        parts = count;
        return std::min(view.part, count - 1);
    }
    void tell(ManagerEvent event) { events.push_back(std::move(event)); }
};

/// For what is the customers' own, the keyboard and the panels: their layout, in which large text is larger
/// text and not all of the design. Borrows all of the other one; lives as long.
struct AsForCustomers {
    explicit AsForCustomers(ManagerUi& other);
    AsForCustomers(AsForCustomers const&) = delete;
    AsForCustomers& operator=(AsForCustomers const&) = delete;

    Stage stage;
    Ui ui;
    ManagerUi manager;
};

/// One of several cards below one another. Heights are design pixels.
struct StackedCard {
    int least = 0;
    int most = 0;
    std::function<void(Rect const&)> draw;
};
/// As many of them as fit on each part of the screen, and of those the part that is shown.
void draw_stack(ManagerUi& manager, std::vector<StackedCard> const& cards);

void draw_manager_pin(ManagerUi& manager);
void draw_manager_overview(ManagerUi& manager);
void draw_manager_details(ManagerUi& manager);
void draw_manager_distribution(ManagerUi& manager);
void draw_manager_delivery(ManagerUi& manager);
void draw_manager_responses(ManagerUi& manager);
void draw_manager_mark(ManagerUi& manager);
/// The keyboard, for the initials or the note.
void draw_manager_mark_text(ManagerUi& manager);

/// Mark, store and what time it is about, and how many responses there are.
void draw_manager_header(ManagerUi& manager);
/// How many responses there are, in the header, leads to them.
void touch_responses(ManagerUi& manager);
/// What is said where there are no figures: that they are being counted, or cannot be read.
void draw_no_figures(ManagerUi& manager, Rect const& card);
/// Title of a card, and what it is in.
void draw_card(ManagerUi& manager, Rect const& card, std::string_view title, std::string_view unit = {});
/// Cards of the overview and the details, which the printed week has too: the index with its interval and
/// change, the reasons ranked, hours by weekdays.
void draw_index(ManagerUi& manager, Rect const& card, Summary const& summary);
void draw_reasons(ManagerUi& manager, Rect const& card, Summary const& summary);
enum class ColumnHeads { Read, Touched };
void draw_heat_field(ManagerUi& manager, Rect const& card, int top, Summary const& summary,
    ColumnHeads heads); ///< below `top`
/// One weekday's hours, each as large as a finger: cells of the heat map are not.
void draw_hours(ManagerUi& manager, Rect const& card, Summary const& summary, int weekday);
/// Up or down, where a change is more than chance; from `at` to the right.
void draw_arrow(Ui& ui, Point at, bool is_up, theme::Colour colour);
/// What is said where nothing stands out, or no day is asked about: how many, and who they were.
std::string counts_sentence(Ui const& ui, Summary const& summary);
/// The comment of a listed response, or that it was erased; empty: none was written.
std::string_view comment_text(Ui const& ui, ListedResponse const& response);
/// The same in a box of that width. In front of it stands that it broke a misuse
/// rule, and who has marked it where there is no room for that beside its time.
std::string said_text(Ui const& ui, ListedResponse const& response, int box_width);
/// What somebody wrote, in at most so many lines. It is never made small to fit: it ends with "…" where they
/// do.
std::vector<std::string> said_lines(Ui& ui, std::string_view text, float pixels, int width, std::size_t most);
inline constexpr float said_line_height = 1.32F; ///< in ems
/// "Dealt with · LW".
std::string mark_text(Ui const& ui, ListedMark const& mark);
/// The ground of a listed response: whoever touches it opens it. For before it is drawn.
void touch_listed_response(
    ManagerUi& manager, std::size_t place, Rect const& box, ListedResponse const& response);
/// One response in `box`: who was unhappy with what, when, who has marked it, and what was said, in up to
/// `lines` lines.
void draw_listed_response(ManagerUi& manager, Rect const& box, ListedResponse const& response, int lines);

Text trouble_text(SendingTrouble trouble);
/// Of the lists behind the figures of Delivery (manager_delivery_list.cpp): what the list is called, and in
/// place of every other list's filters the reasons for which something was refused, and what belongs to the
/// figure besides what is seen.
std::string delivery_list_name(Ui const& ui, DeliveryList const& list);
void draw_delivery_list_head(ManagerUi& manager, std::vector<Rect> const& places);
/// Why head office does not have it; empty where it has, and in other lists.
std::string held_up_text(ManagerUi const& manager, ListedResponse const& response);
/// When it was, as far as that is known.
std::string when_text(ManagerUi const& manager, ListedResponse const& response);

/// Touching a figure shows the responses behind it: the widget figure.`id`.
void figure(ManagerUi& manager, std::string const& id, std::string_view label, Rect const& box,
    ListFilter const& filter, Enabled enabled = Enabled::Yes);
/// Between Details and Distribution, at the top of both.
void draw_details_switch(ManagerUi& manager, std::vector<Rect> const& tabs);

/// Periods, views and the way out; on the PIN's screen nothing but the ground.
void draw_manager_rail(ManagerUi& manager);
void draw_manager_tabs(ManagerUi& manager);
/// To the next of ManagerUi::parts, and from the last to the first.
void draw_next_part(ManagerUi& manager, Rect const& box);
/// As the tabs' way out.
void draw_manager_leave(ManagerUi& manager, Rect const& box, std::string_view label);
void draw_manager_back(ManagerUi& manager, Rect const& box, std::string_view label);

}

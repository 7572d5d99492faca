#include "kiosk/ui/week_page.h"

#include "kiosk/ui/branding.h"
#include "kiosk/ui/charts.h"
#include "kiosk/ui/faces.h"
#include "kiosk/ui/manager_parts.h"
#include "kiosk/ui/manager_text.h"

#include <algorithm>
#include <cmath>

namespace listenpost::kiosk {
namespace {

// The page is designed for 150 dots an inch: 210 by 297 mm are 1240 by 1754 of them, and 20 are 9.6 points.
constexpr int design_dots_per_inch = 150;
constexpr int page_width = 1240;
constexpr int page_height = 1754;
constexpr int margin = 64; ///< 11 mm: no printer needs more
constexpr int width = page_width - 2 * margin;
constexpr int gap = theme::gap;
constexpr std::size_t most_ratings = 3;
constexpr char no_figure[] = "–"; ///< nobody rated
constexpr int note_size = 18; ///< 8.6 points
constexpr float comment_scale = 0.84F; ///< of the screens' size: held in a hand it is nearer

struct Places {
    Rect header, index, ratings, sentence, trend, reasons, heat, comments, notes;
};

Places places_on(Stage const& stage)
{
    auto const box = [&](int x, int y, int w, int h) {
        auto const px = [&](int design) { return stage.px(static_cast<float>(design)); };
        return Rect {px(x), px(y), px(x + w) - px(x), px(y + h) - px(y)};
    };
    constexpr int index = 352;
    constexpr int reasons = 432;
    constexpr int comments = 512;
    constexpr int notes = 194;
    constexpr int heat_y = 900;
    constexpr int bottom = page_height - margin - notes - gap;
    return {box(margin, margin, width, 104), box(margin, 184, index, 224),
        box(margin + index + gap, 184, width - index - gap, 224), box(margin, 424, width, 88),
        box(margin, 528, width - reasons - gap, 356), box(margin + width - reasons, 528, reasons, 356),
        box(margin, heat_y, width - comments - gap, bottom - heat_y),
        box(margin + width - comments, heat_y, comments, bottom - heat_y),
        box(margin, page_height - margin - notes, width, notes)};
}

void frame(Ui& ui, Rect const& card) { outline(ui, card, ui.palette.line); }

std::string clock_text(std::chrono::local_time<std::chrono::milliseconds> at)
{
    auto const day = std::chrono::floor<std::chrono::days>(at);
    std::chrono::hh_mm_ss const clock(std::chrono::floor<std::chrono::minutes>(at - day));
    auto const two = [](auto part) { return (part < 10 ? "0" : "") + std::to_string(part); };
    return std::to_string(clock.hours().count()) + ":" + two(clock.minutes().count());
}

void draw_header(ManagerUi& manager, Rect const& box, WeekFigures const& week)
{
    Ui& ui = manager.ui;
    int const half = ui.stage.px(26);
    int const first = box.y + half;
    int name_x = box.x;
    if (ui.logo.is_there()) {
        auto const& logo = ui.logo.in({6 * half, 2 * half});
        logo.draw(ui.list, {static_cast<float>(box.x), static_cast<float>(box.y)});
        name_x += logo.size().width + ui.stage.px(20);
    } else {
        draw_mark(ui.list, {static_cast<float>(box.x + half), static_cast<float>(first)},
            static_cast<float>(half), ui.palette.ink);
        name_x += 2 * half + ui.stage.px(20);
    }
    std::string const range = ui.say(Text::WeekRange,
        {{"from", short_date_text(ui, week.summary.first_day)},
            {"to", short_date_text(ui, week.summary.last_day)}});
    int const taken = static_cast<int>(
        write_right(ui, range, {box.right(), first}, box.w / 3, theme::heading_small, ui.palette.ink));
    std::string const name = week.place.empty() ? std::string(ui.say(ui.survey.brand)) : week.place;
    write(ui, name + " · " + std::string(ui.say(Text::WeekTitle)),
        {{name_x, first}, box.right() - taken - ui.stage.px(32) - name_x}, theme::heading_small,
        ui.palette.ink);

    std::string counts = counts_sentence(ui, week.summary);
    if (week.counted < week.of)
        counts
            = ui.say(Text::ManagerCounting, {{"n", count_text(week.counted)}, {"of", count_text(week.of)}});
    write(ui, counts, {{box.x, box.bottom() - ui.stage.px(18)}, box.w}, theme::small, ui.palette.ink);
}

/// Those by faces, as many as have a line; nothing is said of a rating whose figure is not there.
std::vector<Summary::Rating const*> shown_ratings(Summary const& summary)
{
    std::vector<Summary::Rating const*> shown;
    for (auto const& rating : summary.ratings)
        if (rating.scale != Scale::Nps && shown.size() < most_ratings)
            shown.push_back(&rating);
    return shown;
}

std::optional<double> usual_of(Summary::Rating const& rating)
{
    return rating.change.is_known() ? std::optional(rating.change.usual) : std::nullopt;
}

/// "▼ −0.21 vs usual"; nothing where nothing is usual yet.
void draw_change(Ui& ui, Line const& line, Summary const& summary, Comparison const& change)
{
    if (!change.is_known())
        return;
    bool const is_clear = change.is_clear();
    bool const falls = change.change < 0;
    int const arrow = ui.stage.px(28);
    if (is_clear)
        draw_arrow(ui, line.at, !falls, falls ? ui.palette.clay : ui.palette.teal);
    write(ui,
        ui.say(Text::ManagerAgainst,
            {{"usual", usual_name(ui, summary)}, {"change", change_text(ui, change.change)}}),
        {{line.at.x + arrow, line.at.y}, line.width - arrow}, theme::small,
        is_clear ? ui.palette.ink : ui.palette.ink2);
}

/// Each with its name, mean, margin and change in digits, and all of it as a line.
void draw_ratings(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    auto const shown = shown_ratings(summary);
    std::vector<Mean> means;
    std::vector<std::optional<double>> usual;
    for (auto const* rating : shown) {
        means.push_back(rating->on_five);
        usual.push_back(usual_of(*rating));
    }
    ScoreAxis const axis = ScoreAxis::for_means(means, usual);
    int const inside = ui.stage.px(32);
    auto const column = [&](float design) { return card.x + inside + ui.stage.px(design); };
    int const value_end = column(208);
    int const margin_x = column(218);
    int const change_x = column(300);
    int const line_x = column(492);
    int const line_width = card.right() - inside - line_x;
    for (std::size_t row = 0; row < shown.size(); ++row) {
        auto const& rating = *shown[row];
        int const y = card.y + ui.stage.px(40) + static_cast<int>(row) * ui.stage.px(56);
        write(ui, question_name(ui, rating.question), {{column(0), y}, ui.stage.px(136)}, theme::body,
            ui.palette.ink);
        bool const is_few = rating.on_five.is_too_few();
        std::string const mean = rating.on_five.count == 0 ? std::string(no_figure)
            : is_few                                       ? std::string(ui.say(Text::ManagerFew))
                                                           : decimal(rating.on_five.value, 2);
        write_right(
            ui, mean, {value_end, y}, ui.stage.px(68), is_few ? theme::body : theme::button, ui.palette.ink);
        if (!is_few) {
            write(ui, ui.say(Text::ManagerMargin, {{"n", decimal(rating.on_five.margin(), 2)}}),
                {{margin_x, y}, ui.stage.px(78)}, theme::small, ui.palette.ink2);
            draw_change(ui, {{change_x, y}, line_x - change_x - ui.stage.px(12)}, summary, rating.change);
        }
        draw_interval(ui, axis, {{line_x, y}, line_width}, rating.on_five, usual[row]);
    }
    int const axis_y = card.bottom() - ui.stage.px(24);
    draw_score_axis(ui, axis, {{line_x, axis_y}, line_width});
    if (std::ranges::none_of(usual, [](auto const& each) { return each.has_value(); }))
        return;
    fill(ui, {change_x, axis_y - ui.stage.px(12), ui.stage.px(4), ui.stage.px(24)}, ui.palette.ink2, 2);
    write(ui, usual_name(ui, summary), {{change_x + ui.stage.px(28), axis_y}, ui.stage.px(150)}, theme::axis,
        ui.palette.ink2);
}

/// The rating that has changed most, of those that changed by more than chance.
Summary::Rating const* most_changed(Summary const& summary)
{
    Summary::Rating const* found = nullptr;
    for (auto const* rating : shown_ratings(summary)) // three: for so many the rule holds
        if (!rating->on_five.is_too_few() && rating->change.is_clear_of_three()
            && (!found || std::abs(rating->change.change) > std::abs(found->change.change)))
            found = rating;
    return found;
}

std::string week_sentence(Ui const& ui, Summary const& summary)
{
    auto const* const rating = most_changed(summary);
    if (!rating) {
        bool const is_known = std::ranges::any_of(shown_ratings(summary),
            [](auto const* each) { return !each->on_five.is_too_few() && each->change.is_known(); });
        return std::string(ui.say(is_known ? Text::WeekCalm : Text::WeekTooEarly));
    }
    bool const is_better = rating->change.change > 0;
    std::string text = ui.say(is_better ? Text::ManagerBetter : Text::ManagerWorse,
        {{"when", ui.say(Text::ManagerLastDays, {{"n", days_of(summary.query.period)}})},
            {"question", question_name(ui, rating->question)}, {"now", decimal(rating->on_five.value, 2)},
            {"less", decimal(std::abs(rating->change.change), 2)}});
    auto const reason = std::ranges::find(summary.reasons, rating->question, &Summary::ReasonCount::question);
    if (is_better || reason == summary.reasons.end())
        return text + std::string(ui.say(Text::ManagerStandoutEnd));
    return text
        + ui.say(Text::ManagerStandoutReason,
            {{"n", static_cast<int>(reason->count)},
                {"reason", reason_name(ui, reason->question, reason->reason)}});
}

void draw_sentence(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    auto const* const rating = most_changed(summary);
    int x = card.x + ui.stage.px(32);
    if (rating) {
        int const radius = ui.stage.px(28);
        draw_face_said(ui.list, ui.palette,
            {static_cast<float>(card.x + ui.stage.px(20) + radius), static_cast<float>(card.centre().y)},
            static_cast<float>(radius), rating->change.change > 0 ? 5 : 2);
        x = card.x + ui.stage.px(40) + 2 * radius;
    }
    int const room = card.right() - ui.stage.px(32) - x;
    FittedText const fitted
        = fit_box(ui, week_sentence(ui, summary), rating ? theme::body_large : theme::body,
            static_cast<float>(room), static_cast<float>(card.h) - ui.scaled(12), 2);
    float y = static_cast<float>(card.centre().y)
        - fitted.line_height() * static_cast<float>(fitted.lines.size() - 1) / 2;
    for (auto const& line : fitted.lines) {
        ui.fonts.draw(ui.list, line, {static_cast<float>(x), std::round(y)}, fitted.pixels, ui.palette.ink);
        y += fitted.line_height();
    }
}

/// Bars as high as the responses, and below each what they said on average.
void draw_trend(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    draw_card(manager, card, ui.say(Text::WeekTrend));
    int const inside = ui.stage.px(32);
    if (summary.responses == 0)
        return write_centred(ui, ui.say(Text::ManagerNone), to_vec(card.centre()),
            static_cast<float>(card.w - 2 * inside), theme::body, 2, ui.palette.ink2);
    std::vector<Bar> bars;
    for (auto const& day : summary.trend) {
        int const weekday = static_cast<int>(std::chrono::weekday(day.day).iso_encoding()) - 1; // 0 Monday
        bars.push_back({"", std::string(weekday_name(ui, weekday)), day.cell.responses, day.cell.index});
    }
    int const top = ui.stage.px(64);
    int const means = ui.stage.px(40);
    Rect const area {card.x + inside, card.y + top, card.w - 2 * inside, card.h - top - means};
    draw_bars(ui, area, bars);
    for (std::size_t index = 0; index < bars.size(); ++index) {
        float const pitch = static_cast<float>(area.w) / static_cast<float>(bars.size());
        float const x = static_cast<float>(area.x) + pitch * (static_cast<float>(index) + 0.5F);
        std::string const mean = bars[index].count == 0 ? std::string(no_figure)
            : bars[index].is_few()                      ? std::string(ui.say(Text::ManagerFew))
                                                        : decimal(bars[index].mean.value, 2);
        write_centred(ui, mean, {std::round(x), static_cast<float>(area.bottom() + ui.stage.px(13))}, pitch,
            theme::small, 1, bars[index].is_few() ? ui.palette.ink2 : ui.palette.ink);
    }
}

void draw_heat(ManagerUi& manager, Rect const& card, Summary const& summary)
{
    Ui& ui = manager.ui;
    draw_card(manager, card, ui.say(Text::ManagerHeat), ui.say(Text::ManagerHeatHint));
    draw_heat_field(manager, card, ui.stage.px(68), summary, ColumnHeads::Read);
}

/// As many of the lowest as have room, each as a whole. How many.
std::size_t draw_comment_list(
    ManagerUi& manager, Rect const& area, std::vector<ListedResponse> const& responses)
{
    Ui& ui = manager.ui;
    int y = area.y;
    std::size_t shown = 0;
    for (auto const& response : responses) {
        float const text_width = static_cast<float>(area.w - ui.stage.px(72));
        float const pixels = ui.text_pixels(theme::body);
        auto const lines
            = static_cast<int>(ui.fonts.wrap(said_text(ui, response, area.w), pixels, text_width).size());
        int const height = ui.stage.px(48) + static_cast<int>(pixels * 1.32F * static_cast<float>(lines));
        if (y + height > area.bottom())
            break;
        draw_listed_response(manager, {area.x, y, area.w, height}, response, lines);
        y += height;
        fill(ui, {area.x, y, area.w, std::max(1, ui.stage.px(2))}, ui.palette.line, 0);
        y += ui.stage.px(12);
        ++shown;
    }
    return shown;
}

void draw_comments(ManagerUi& manager, Rect const& card, ResponsePage page)
{
    // Where there is nothing to read any more, another has the place.
    page.total -= std::erase_if(page.responses, [](auto const& each) { return each.comment_erased; });
    Ui& ui = manager.ui;
    draw_card(manager, card, ui.say(Text::ManagerComments), ui.say(Text::ManagerLowFirst));
    int const inside = ui.stage.px(32);
    Rect const area {
        card.x + inside, card.y + ui.stage.px(66), card.w - 2 * inside, card.h - ui.stage.px(118)};
    if (page.responses.empty())
        return write_centred(ui, ui.say(Text::ManagerNoComments), to_vec(card.centre()),
            static_cast<float>(area.w), theme::body, 2, ui.palette.ink2);
    ui.text_scale = comment_scale;
    std::size_t const shown = draw_comment_list(manager, area, page.responses);
    ui.text_scale = 1;
    if (page.total > shown)
        write(ui, ui.say(Text::ManagerMore, {{"n", static_cast<int>(page.total - shown)}}),
            {{area.x, card.bottom() - ui.stage.px(28)}, area.w}, theme::axis, ui.palette.ink2);
}

/// How to read it, who may, and below all else whose it is and of when.
void draw_notes(Ui& ui, Rect const& box, WeekFigures const& week)
{
    float const pixels = ui.text_pixels(note_size);
    float y = static_cast<float>(box.y) + pixels / 2;
    for (auto const& [text, colour] :
        {std::pair(ui.say(Text::WeekNotes), ui.palette.ink2), {ui.say(Text::WeekPrivacy), ui.palette.ink}}) {
        for (auto const line : ui.fonts.wrap(text, pixels, static_cast<float>(box.w))) {
            ui.fonts.draw(ui.list, line, {static_cast<float>(box.x), std::round(y)}, pixels, colour);
            y += pixels * 1.4F;
        }
        y += pixels * 0.4F;
    }
    ui.smallest_text = std::min(ui.smallest_text, pixels);
    int const last = box.bottom() - static_cast<int>(pixels / 2);
    if (y > static_cast<float>(last))
        ui.cut_texts.emplace_back(ui.say(Text::WeekPrivacy));
    StoreDay const made_on = std::chrono::floor<std::chrono::days>(week.made);
    std::string made
        = ui.say(Text::WeekMade, {{"date", short_date_text(ui, made_on)}, {"time", clock_text(week.made)}});
    if (!week.store_id.empty())
        made = ui.say(Text::WeekStore, {{"id", week.store_id}}) + " · " + made;
    int const taken
        = static_cast<int>(write_right(ui, made, {box.right(), last}, box.w / 2, note_size, ui.palette.ink2));
    if (week.summary.provisional_time > 0)
        write(ui, ui.say(Text::ManagerUncertain, {{"n", count_text(week.summary.provisional_time)}}),
            {{box.x, last}, box.w - taken - ui.stage.px(32)}, note_size, ui.palette.clay);
}

void draw_all(ManagerUi& manager, WeekFigures const& week)
{
    Ui& ui = manager.ui;
    Places const places = places_on(ui.stage);
    fill(ui, ui.stage.screen, ui.palette.paper, 0);
    draw_header(manager, places.header, week);
    draw_index(manager, places.index, week.summary);
    draw_ratings(manager, places.ratings, week.summary);
    draw_sentence(manager, places.sentence, week.summary);
    draw_trend(manager, places.trend, week.summary);
    draw_reasons(manager, places.reasons, week.summary);
    draw_heat(manager, places.heat, week.summary);
    draw_comments(manager, places.comments, week.comments);
    for (Rect const& card : {places.index, places.ratings, places.sentence, places.trend, places.reasons,
             places.heat, places.comments})
        frame(ui, card);
    draw_notes(ui, places.notes, week);
}

}

PixelSize week_page_size(int dots_per_inch)
{
    return {page_width * dots_per_inch / design_dots_per_inch,
        page_height * dots_per_inch / design_dots_per_inch};
}

std::unique_ptr<Page> draw_week_page(Fonts& fonts, Survey const& survey, Strings const& strings, Logo& logo,
    WeekFigures const& week, WeekStyle const& style, WeekDrawn& drawn)
{
    PixelSize const size = week_page_size(style.dots_per_inch);
    Stage stage;
    stage.scale = static_cast<float>(style.dots_per_inch) / design_dots_per_inch;
    stage.screen = stage.reading = {0, 0, size.width, size.height};
    theme::Palette const palette = branded(theme::print, survey.branding);
    View nobody;
    nobody.language = style.language;
    UiMap map;
    std::vector<Event> none;
    TypingState typing;
    ManagerView view;
    view.language = style.language;
    view.period = week.summary.query.period;
    ManagerFigures const figures;
    std::vector<ManagerEvent> nothing_touched;
    fonts.set_language(style.language);
    return std::make_unique<Page>(fonts, size, [&](ImDrawList& list) {
        Ui ui {
            .list = list,
            .fonts = fonts,
            .palette = palette,
            .stage = stage,
            .strings = strings,
            .survey = survey,
            .view = nobody,
            .place = week.place,
            .logo = logo,
            .map = map,
            .events = none,
            .cut_texts = drawn.cut_texts,
            .smallest_text = drawn.smallest_text,
            .reaction = Reaction::Inert,
            .typing = typing,
        };
        ManagerUi manager {ui, view, figures, nothing_touched};
        draw_all(manager, week);
    });
}

}

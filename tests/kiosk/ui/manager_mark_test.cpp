#include "tests/kiosk/ui/golden.h"
#include "tests/kiosk/ui/manager_month.h"
#include "tests/kiosk/ui/manager_rig.h"
#include "tests/kiosk/ui/screen_cases.h"
#include "tests/kiosk/ui/typing_views.h"

#include <algorithm>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

constexpr double least_em = 2.4; ///< mm, as on the manager's other screens

/// A bad week, of which somebody has marked the first, the second and the fifth.
ManagerFigures marked_week()
{
    static ManagerMonth month(ManagerMonth::weeks(bench::MonthOf::BadWeek));
    static ManagerFigures const week = month.figures(Period::SevenDays);
    ManagerFigures figures = week;
    ResponsePage page = *week.responses;
    REQUIRE(page.responses.size() == 6);
    auto const marked = [&](std::size_t place, CommentState state, std::string by, std::string note) {
        auto& response = page.responses[place];
        response.mark = ListedMark {
            state, std::move(by), std::move(note), response.local_time + std::chrono::hours(1), response.day};
    };
    marked(0, CommentState::DealtWith, "LW", "已致歉，给客人重做了一份，并提醒后厨注意出餐顺序。");
    marked(1, CommentState::Seen, "李", "");
    marked(4, CommentState::DealtWith, "WMWM", "so");
    page.initials = {"LW", "李", "WMWM"};
    figures.responses = std::make_shared<ResponsePage const>(page);
    return figures;
}

ManagerView mark_view(ManagerFigures const& figures, std::size_t place, std::string const& language,
    std::string initials = {}, std::string note = {})
{
    ManagerView view;
    view.screen = ManagerScreen::Mark;
    view.language = language;
    view.period = Period::SevenDays;
    view.mark.of = figures.responses->responses[place].ref;
    view.mark.initials = std::move(initials);
    view.mark.note = std::move(note);
    return view;
}

ManagerView typing_view(ManagerScreen screen, std::string const& language, std::string text)
{
    ManagerView view;
    view.screen = screen;
    view.language = language;
    bool const is_note = screen == ManagerScreen::MarkNote;
    view.mark.editor = writing(language, std::move(text)).editor;
    if (!is_note) {
        view.mark.editor.most_characters = 4;
        view.mark.editor.composition.mode = TypingMode::English;
        view.mark.editor.composition.shift = true;
    }
    return view;
}

ManagerView list_view(std::string const& language)
{
    ManagerView view;
    view.screen = ManagerScreen::Responses;
    view.language = language;
    view.period = Period::SevenDays;
    view.list.with_comment_only = true;
    view.list.lowest_first = true;
    return view;
}

bool overlap(Rect const& a, Rect const& b)
{
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

void check_screen(ManagerRig& rig, ManagerView const& view, PanelSize const& size)
{
    INFO(name(view.screen) << " " << view.language << " " << size.width << "x" << size.height);
    auto const drawn = rig.draw(view);
    CHECK(drawn.cut_texts == std::vector<std::string> {});
    CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
    auto const& widgets = rig.map().widgets();
    for (std::size_t a = 0; a < widgets.size(); ++a) {
        INFO(widgets[a].id);
        CHECK(widgets[a].box.x >= 0);
        CHECK(widgets[a].box.right() <= size.width);
        CHECK(widgets[a].box.bottom() <= size.height);
        for (std::size_t b = a + 1; b < widgets.size(); ++b) {
            INFO(widgets[b].id);
            CHECK_FALSE(overlap(widgets[a].box, widgets[b].box));
        }
    }
}

std::string const long_note = [] {
    std::string note;
    while (count_characters(note) < StaffEvent::max_note_characters)
        note += "写";
    return note;
}();

}

TEST_CASE("On every panel and in every language a response is marked with whole texts",
    "[kiosk][ui][manager][mark][sizes]")
{
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = marked_week();
        for (auto const& language : shipped_survey().languages) {
            check_screen(rig, list_view(language), size);
            for (std::size_t place = 0; place < rig.figures.responses->responses.size(); ++place)
                check_screen(rig, mark_view(rig.figures, place, language), size);
            ManagerView view = mark_view(rig.figures, 0, language, "WMWM", long_note);
            for (Keeping const keeping : {Keeping::No, Keeping::Waits, Keeping::Fails}) {
                view.mark.keeping = keeping;
                check_screen(rig, view, size);
            }
            check_screen(rig, typing_view(ManagerScreen::MarkInitials, language, ""), size);
            check_screen(rig, typing_view(ManagerScreen::MarkNote, language, ""), size);
        }
    }
}

TEST_CASE("On every screen with a header stands that an earlier mark is not on disk",
    "[kiosk][ui][manager][mark][sizes]")
{
    ManagerFigures const figures = marked_week();
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        rig.figures = figures;
        for (auto const& language : shipped_survey().languages)
            for (auto const screen :
                {ManagerScreen::Overview, ManagerScreen::Responses, ManagerScreen::Mark}) {
                INFO(size.width << "x" << size.height << " " << language << " " << name(screen));
                ManagerView view = mark_view(figures, 2, language, "LW");
                view.screen = screen;
                rig.draw(view);
                CHECK_FALSE(rig.map().find("manager.mark.earlier_failed"));
                view.earlier_mark_fails = true;
                auto const drawn = rig.draw(view);
                CHECK(drawn.cut_texts == std::vector<std::string> {});
                CHECK(drawn.smallest_text * size.millimetres_per_pixel >= least_em);
                Widget const* const said = rig.map().find("manager.mark.earlier_failed");
                REQUIRE(said);
                CHECK_FALSE(said->enabled);
            }
    }
}

TEST_CASE("A response of a list is opened by a touch, and its label says what is marked of it",
    "[kiosk][ui][manager][mark]")
{
    ManagerRig rig(1280, 800);
    rig.figures = marked_week();
    auto events = rig.tap(list_view("zh-CN"), "response.1");
    REQUIRE(events.size() == 1);
    CHECK(std::get<manager_event::ResponseChosen>(events.front()).of
        == rig.figures.responses->responses[1].ref);
    CHECK(rig.map().find("response.1")->label.find("已看 · 李") != std::string::npos);
    CHECK(rig.map().find("response.2")->label.find("已") == std::string::npos);

    ManagerView details = list_view("zh-CN");
    details.screen = ManagerScreen::Details;
    events = rig.tap(details, "response.0");
    REQUIRE(events.size() == 1);
    CHECK(std::get<manager_event::ResponseChosen>(events.front()).of
        == rig.figures.responses->responses[0].ref);
    auto const open = std::get<manager_event::ListChosen>(rig.tap(list_view("zh-CN"), "filter.open").front());
    CHECK(open.list.open_only);
}

TEST_CASE("A response is marked only once it is said by whom, and only while it is there",
    "[kiosk][ui][manager][mark]")
{
    ManagerRig rig(1280, 800);
    rig.figures = marked_week();
    rig.draw(mark_view(rig.figures, 2, "zh-CN"));
    CHECK_FALSE(rig.map().find("manager.mark.seen")->enabled);
    CHECK_FALSE(rig.map().find("manager.mark.dealt_with")->enabled);

    ManagerView view = mark_view(rig.figures, 2, "zh-CN", "LW");
    auto const only = [&](std::string_view id) {
        auto events = rig.tap(view, id);
        REQUIRE(events.size() == 1);
        return events.front();
    };
    CHECK(std::get<manager_event::Marked>(only("manager.mark.seen")).state == CommentState::Seen);
    CHECK(std::get<manager_event::Marked>(only("manager.mark.dealt_with")).state == CommentState::DealtWith);
    CHECK(std::holds_alternative<manager_event::InitialsOpened>(only("manager.mark.initials")));
    CHECK(std::holds_alternative<manager_event::NoteOpened>(only("manager.mark.note")));
    CHECK(std::get<manager_event::InitialsChosen>(only("manager.mark.by.1")).initials == "李");
    CHECK(rig.map().find("manager.mark.by.0")->value == true);
    CHECK(std::holds_alternative<manager_event::WentBack>(only("back")));

    view.mark.keeping = Keeping::Fails;
    rig.draw(view);
    for (auto const& widget : rig.map().widgets()) {
        INFO(widget.id);
        CHECK(widget.enabled == (widget.id == "back"));
    }
    view.mark.keeping = Keeping::No;
    rig.figures.responses = nullptr;
    rig.draw(view);
    CHECK_FALSE(rig.map().find("manager.mark.seen")->enabled);
}

TEST_CASE(
    "Of how many the time is uncertain leads to them, but not from one response, and the list says of what",
    "[kiosk][ui][manager][mark][golden]")
{
    ManagerRig rig(1280, 800);
    rig.figures = marked_week();
    Summary summary = *rig.figures.summary;
    summary.provisional_time = 7;
    rig.figures.summary = std::make_shared<Summary const>(summary);
    rig.draw(mark_view(rig.figures, 2, "zh-CN", "LW"));
    CHECK_FALSE(rig.map().find("figure.uncertain")->enabled);
    ManagerView view = list_view("zh-CN");
    auto const events = rig.tap(view, "figure.uncertain");
    REQUIRE(events.size() == 1);
    auto const before = rig.picture().pixels;
    view.list = std::get<manager_event::ListChosen>(events.front()).list;
    CHECK(view.list.kind == ResponseQuery::Kind::UncertainTime);
    view.list.with_comment_only = true; // so that the filters look as before
    view.list.lowest_first = true;
    ResponsePage page = *rig.figures.responses;
    page.query = list_query(view.list, page.query.of);
    rig.figures.responses = std::make_shared<ResponsePage const>(page);
    rig.draw(view);
    CHECK(rig.picture().pixels != before); // the header is another
    compare_with_golden(rig.picture(), "manager-list-uncertain.zh-CN");
}

TEST_CASE("A comment that was erased is said to be, and not that there never was one",
    "[kiosk][ui][manager][mark][sizes][golden]")
{
    auto const figures_with = [](bool is_erased) {
        ManagerFigures figures = marked_week();
        ResponsePage page = *figures.responses;
        page.responses[2].comment.clear();
        page.responses[2].comment_erased = is_erased;
        figures.responses = std::make_shared<ResponsePage const>(page);
        return figures;
    };
    for (auto const& size : panel_sizes()) {
        ManagerRig rig(size.width, size.height);
        for (auto const& language : shipped_survey().languages) {
            auto const view = mark_view(marked_week(), 2, language);
            rig.figures = figures_with(false);
            rig.draw(view);
            auto const none = rig.picture().pixels;
            rig.figures = figures_with(true);
            check_screen(rig, view, size);
            CHECK(rig.picture().pixels != none);
            check_screen(rig, list_view(language), size);
        }
    }
    ManagerRig rig(1280, 800);
    rig.figures = figures_with(true);
    rig.draw(list_view("en"));
    CHECK(rig.map().find("response.2")->label.find("Comment erased by head office") != std::string::npos);
    compare_with_golden(rig.picture(), "manager-list-erased.en");
    rig.draw(mark_view(rig.figures, 2, "zh-CN"));
    compare_with_golden(rig.picture(), "manager-mark-erased.zh-CN");
}

TEST_CASE("However much was said and noted, it stays on its card", "[kiosk][ui][manager][mark][golden]")
{
    for (auto const& size : panel_sizes()) {
        INFO(size.width << "x" << size.height);
        ManagerRig rig(size.width, size.height);
        rig.figures = marked_week();
        ManagerView const view = mark_view(rig.figures, 0, "zh-CN", "LW", long_note);
        rig.draw(view);
        auto const before = rig.picture();
        Rect const initials = rig.map().find("manager.mark.initials")->box;
        ResponsePage page = *rig.figures.responses;
        page.responses[0].comment = long_note;
        page.responses[0].mark->note = long_note;
        for (auto& answer : page.responses[0].answers)
            answer.reasons = {"long_wait", "indifferent", "ignored", "wrong_order"};
        page.responses[0].answers.push_back(
            {.question = "nothing.of.this.survey", .text = long_note + long_note});
        rig.figures.responses = std::make_shared<ResponsePage const>(page);
        rig.draw(view);
        auto const after = rig.picture();
        if (size.width == 1280)
            compare_with_golden(after, "manager-mark-long.zh-CN");
        CHECK(before.pixels != after.pixels);
        auto const below = static_cast<std::ptrdiff_t>((initials.y - initials.h / 8) * size.width);
        CHECK(std::equal(before.pixels.begin() + below, before.pixels.end(), after.pixels.begin() + below));
    }
}

TEST_CASE("The customers' keyboard writes initials and note", "[kiosk][ui][manager][mark]")
{
    ManagerRig rig(1280, 800);
    ManagerView note = typing_view(ManagerScreen::MarkNote, "zh-CN", "已");
    note.mark.editor.composition.letters = note.mark.editor.composition.preedit = "zhi";
    note.mark.editor.composition.candidates = {"致", "之"};
    auto events = rig.tap(note, "candidate.1");
    REQUIRE(events.size() == 1);
    CHECK(std::get<manager_event::CandidateChosen>(events.front()).index == 1);
    events = rig.tap(note, "key.q");
    REQUIRE(events.size() == 1);
    CHECK(std::get<manager_event::KeyPressed>(events.front()).key == "q");
    CHECK(std::holds_alternative<manager_event::TextDone>(rig.tap(note, "manager.mark.done").front()));
    CHECK(std::holds_alternative<manager_event::TextCleared>(rig.tap(note, "manager.mark.clear").front()));
    CHECK(std::holds_alternative<manager_event::WentBack>(rig.tap(note, "back").front()));
    ManagerView const initials = typing_view(ManagerScreen::MarkInitials, "zh-CN", "L");
    CHECK(std::get<manager_event::KeyPressed>(rig.tap(initials, "key.w").front()).key == "w");
}

TEST_CASE("Marking looks as the pictures that were looked at", "[kiosk][ui][manager][mark][golden]")
{
    ManagerFigures const figures = marked_week();
    auto const failing = [&](std::string const& language, int place) {
        ManagerView view = mark_view(figures, static_cast<std::size_t>(place), language, "LW", "已致歉");
        view.mark.keeping = Keeping::Fails;
        return view;
    };
    ManagerView composing = typing_view(ManagerScreen::MarkNote, "zh-CN", "已致歉，");
    composing.mark.editor.composition.letters = composing.mark.editor.composition.preedit = "man";
    composing.mark.editor.composition.candidates = many_candidates();
    ManagerView details = list_view("zh-CN");
    details.screen = ManagerScreen::Details;
    struct Case {
        char const* name;
        ManagerView view;
        bool is_portrait = false;
    };
    for (auto const& each : {Case {"manager-mark-list.zh-CN", list_view("zh-CN")},
             Case {"manager-mark-list-portrait.en", list_view("en"), true},
             Case {"manager-mark-details.zh-CN", details},
             Case {"manager-mark-new.zh-CN", mark_view(figures, 2, "zh-CN")},
             Case {"manager-mark.zh-CN", mark_view(figures, 0, "zh-CN", "LW", "已电话致歉")},
             Case {"manager-mark.en", mark_view(figures, 1, "en", "LW")},
             Case {"manager-mark-portrait.zh-CN", mark_view(figures, 0, "zh-CN", "LW", "已致歉"), true},
             Case {"manager-mark-new-portrait.en", mark_view(figures, 2, "en"), true},
             Case {"manager-mark-fails.zh-CN", failing("zh-CN", 2)},
             Case {"manager-mark-fails-portrait.en", failing("en", 2), true},
             Case {"manager-mark-initials.en", typing_view(ManagerScreen::MarkInitials, "en", "LW")},
             Case {"manager-mark-initials-portrait.zh-CN",
                 typing_view(ManagerScreen::MarkInitials, "zh-CN", ""), true},
             Case {"manager-mark-note.zh-CN", composing},
             Case {"manager-mark-note-portrait.en",
                 typing_view(ManagerScreen::MarkNote, "en", "Apologised, dish made anew"), true}}) {
        DYNAMIC_SECTION(each.name)
        {
            ManagerRig rig(each.is_portrait ? 800 : 1280, each.is_portrait ? 1280 : 800);
            rig.figures = figures;
            rig.draw(each.view);
            compare_with_golden(rig.picture(), each.name);
        }
    }
}

#include "tests/kiosk/flow/manager.h"

#include <algorithm>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;

namespace {

ResponseRef response(std::int64_t seq) { return {std::string(32, 'a'), seq, "boot", 1'000 * seq}; }

/// Inside, over the list of responses, with the keyboard that types letters as they are.
struct Marker : test::Manager {
    Marker()
    {
        let_in();
        tap(manager_event::ListChosen {});
    }
    void choose(std::int64_t seq = 17)
    {
        tap(manager_event::ResponseChosen {response(seq)});
        REQUIRE(screen() == ManagerScreen::Mark);
    }
    void type(std::string_view text)
    {
        for (char const c : text)
            tap(manager_event::KeyPressed {c == ' ' ? "space" : std::string(1, c)});
    }
    void sign(std::string_view initials)
    {
        tap(manager_event::InitialsOpened {});
        type(initials);
        tap(manager_event::TextDone {});
    }
    void note(std::string_view text)
    {
        tap(manager_event::NoteOpened {});
        if (flow.view().mark.editor.composition.mode == TypingMode::Pinyin)
            tap(manager_event::KeyPressed {"mode"});
        type(text);
        tap(manager_event::TextDone {});
    }
    std::optional<StaffEvent> mark(CommentState state)
    {
        for (auto const& request : tap(manager_event::Marked {state}))
            if (auto const* const keep = std::get_if<manager_request::Keep>(&request)) {
                given_out = keep->number;
                return keep->event;
            }
        return std::nullopt;
    }
    /// What the disk has to say of the last that was given out.
    std::vector<ManagerRequest> kept() { return send(manager_event::MarkKept {given_out}); }
    std::vector<ManagerRequest> fails() { return send(manager_event::MarkFails {given_out}); }
    std::uint64_t given_out = 0;
    ManagerScreen screen() const { return flow.view().screen; }
    MarkView const& marked() const { return flow.view().mark; }
};

bool asks_for_list(std::vector<ManagerRequest> const& requests)
{
    return std::ranges::any_of(requests, [](ManagerRequest const& each) {
        return std::holds_alternative<manager_request::AskResponses>(each);
    });
}

}

TEST_CASE("A response is marked by who says so, with a note, and the list is asked for when it is on disk",
    "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    CHECK_FALSE(manager.marked().is_complete());
    manager.sign("lw");
    CHECK(manager.marked().initials == "LW");
    manager.note("made anew");
    auto const event = manager.mark(CommentState::DealtWith);
    REQUIRE(event);
    CHECK(*event == StaffEvent {response(17), CommentState::DealtWith, "LW", "made anew"});
    CHECK(fit_to_keep(*event));
    CHECK(manager.screen() == ManagerScreen::Mark);
    CHECK(manager.marked().keeping == Keeping::Waits);

    CHECK(asks_for_list(manager.kept()));
    CHECK(manager.screen() == ManagerScreen::Responses);
    CHECK(manager.marked() == MarkView {});
}

TEST_CASE("Nothing is marked by nobody", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    CHECK_FALSE(manager.mark(CommentState::Seen));
    manager.sign("7 !");
    CHECK(manager.marked().initials.empty());
    CHECK_FALSE(manager.mark(CommentState::Seen));
    manager.tap(manager_event::InitialsChosen {"not one to four letters"});
    CHECK_FALSE(manager.mark(CommentState::Seen));
    manager.tap(manager_event::InitialsChosen {"李"});
    CHECK(manager.mark(CommentState::Seen)->by == "李");
}

TEST_CASE("Initials are at most four capitals, whatever is typed", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    manager.tap(manager_event::InitialsOpened {});
    CHECK(manager.screen() == ManagerScreen::MarkInitials);
    CHECK(manager.marked().editor.composition.mode == TypingMode::English);
    CHECK(manager.marked().editor.composition.shift);
    CHECK(manager.marked().editor.most_characters == 4);
    manager.type("a1 b?cdefg");
    CHECK(manager.marked().editor.text == "ABCD");
    CHECK(manager.marked().editor.composition.shift);
    manager.tap(manager_event::KeyPressed {"backspace"});
    CHECK(manager.marked().initials == "ABC");
    manager.tap(manager_event::TextCleared {});
    CHECK(manager.marked().initials.empty());
    manager.type("x");
    manager.tap(manager_event::WentBack {});
    CHECK(manager.screen() == ManagerScreen::Mark);
    CHECK(manager.marked().initials == "X");
    SECTION("also of pinyin that no candidate was chosen for")
    {
        manager.tap(manager_event::InitialsOpened {});
        manager.tap(manager_event::KeyPressed {"mode"});
        CHECK(manager.marked().editor.composition.mode == TypingMode::Pinyin);
        manager.type("li");
        manager.tap(manager_event::TextDone {});
        CHECK(manager.marked().initials == "XLI");
    }
    SECTION("and the note is written as the language is")
    {
        manager.tap(manager_event::NoteOpened {});
        CHECK(manager.marked().editor.composition.mode == TypingMode::Pinyin);
        CHECK(manager.marked().editor.most_characters == 140);
        CHECK(manager.marked().editor.text.empty());
    }
}

TEST_CASE("A number that tells who somebody is does not get into a note", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    manager.sign("LW");
    manager.note("called 13812345678");
    CHECK(manager.marked().note == "called ***********");
    CHECK(manager.mark(CommentState::Seen)->note == "called ***********");
}

TEST_CASE("Who has marked one response is offered for the next, with an empty note", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose(1);
    manager.sign("LW");
    manager.note("so");
    manager.mark(CommentState::Seen);
    manager.kept();
    manager.choose(2);
    CHECK(manager.marked().initials == "LW");
    CHECK(manager.marked().note.empty());
    CHECK(manager.mark(CommentState::DealtWith) == StaffEvent {response(2), CommentState::DealtWith, "LW"});

    SECTION("but not for who comes after that visit")
    {
        manager.kept();
        manager.tap(manager_event::WentBack {});
        manager.tap(manager_event::WentBack {});
        REQUIRE_FALSE(manager.flow.view().is_open());
        manager.let_in();
        manager.tap(manager_event::ListChosen {});
        manager.choose(3);
        CHECK(manager.marked().initials.empty());
    }
}

TEST_CASE("While the disk refuses a mark, what was typed stays, and nothing is given out twice",
    "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    manager.sign("LW");
    manager.note("so");
    REQUIRE(manager.mark(CommentState::Seen));
    CHECK_FALSE(manager.mark(CommentState::Seen));
    manager.fails();
    CHECK(manager.marked().keeping == Keeping::Fails);
    CHECK(manager.marked().note == "so");
    CHECK(manager.marked().initials == "LW");
    CHECK_FALSE(manager.mark(CommentState::DealtWith));
    manager.tap(manager_event::NoteOpened {});
    CHECK(manager.screen() == ManagerScreen::Mark);

    SECTION("until it is kept after all")
    {
        CHECK(asks_for_list(manager.kept()));
        CHECK(manager.screen() == ManagerScreen::Responses);
    }
    SECTION("and who goes back sees it in the list once it is kept")
    {
        manager.tap(manager_event::WentBack {});
        CHECK(manager.screen() == ManagerScreen::Responses);
        CHECK(asks_for_list(manager.kept()));
        CHECK(manager.screen() == ManagerScreen::Responses);
    }
}

TEST_CASE("Who has opened the next response before the last mark was kept goes back to a list that has it",
    "[flow][manager][mark]")
{
    Marker manager;
    manager.choose(1);
    manager.sign("LW");
    REQUIRE(manager.mark(CommentState::Seen));
    CHECK_FALSE(asks_for_list(manager.tap(manager_event::WentBack {})));
    manager.choose(2);
    CHECK_FALSE(asks_for_list(manager.kept()));
    CHECK(manager.screen() == ManagerScreen::Mark);
    CHECK(asks_for_list(manager.tap(manager_event::WentBack {})));
    manager.choose(3);
    CHECK_FALSE(asks_for_list(manager.tap(manager_event::WentBack {}))); // nothing is new by then
}

TEST_CASE("What the disk says of an earlier mark changes nothing of the response that is open by then",
    "[flow][manager][mark]")
{
    Marker manager;
    manager.choose(1);
    manager.sign("LW");
    REQUIRE(manager.mark(CommentState::Seen));
    auto const first = manager.given_out;
    manager.tap(manager_event::WentBack {});
    manager.choose(2);
    manager.note("made anew");
    MarkView const open = manager.marked();
    bool const is_waiting = GENERATE(false, true);
    if (is_waiting)
        REQUIRE(manager.mark(CommentState::DealtWith));

    SECTION("it is kept")
    {
        CHECK_FALSE(asks_for_list(manager.send(manager_event::MarkKept {first})));
        CHECK_FALSE(manager.flow.view().earlier_mark_fails);
    }
    SECTION("it fails, which is said, and no more once it is kept after all")
    {
        manager.send(manager_event::MarkFails {first});
        CHECK(manager.flow.view().earlier_mark_fails);
        CHECK(manager.marked().keeping == (is_waiting ? Keeping::Waits : Keeping::No));
        manager.send(manager_event::MarkKept {first});
        CHECK_FALSE(manager.flow.view().earlier_mark_fails);
    }
    CHECK(manager.screen() == ManagerScreen::Mark);
    CHECK(manager.marked().of == open.of);
    CHECK(manager.marked().note == open.note);
    CHECK(manager.marked().initials == open.initials);
    if (is_waiting) {
        CHECK(manager.marked().keeping == Keeping::Waits);
        CHECK(asks_for_list(manager.kept())); // its own answer
        CHECK(manager.screen() == ManagerScreen::Responses);
    } else {
        CHECK(manager.mark(CommentState::DealtWith)->note == "made anew");
    }
}

TEST_CASE("That a mark fails is said wherever its writer goes, and to nobody after", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose(1);
    manager.sign("LW");
    REQUIRE(manager.mark(CommentState::Seen));
    auto const first = manager.given_out;
    manager.fails();
    CHECK_FALSE(manager.flow.view().earlier_mark_fails); // the screen itself says it
    manager.tap(manager_event::WentBack {});
    CHECK(manager.flow.view().earlier_mark_fails);
    manager.tap(manager_event::WentBack {});
    CHECK(manager.screen() == ManagerScreen::Overview);
    CHECK(manager.flow.view().earlier_mark_fails);

    SECTION("until all are kept")
    {
        manager.tap(manager_event::ListChosen {});
        manager.choose(2);
        REQUIRE(manager.mark(CommentState::Seen));
        manager.fails();
        manager.tap(manager_event::WentBack {});
        manager.send(manager_event::MarkKept {first});
        CHECK(manager.flow.view().earlier_mark_fails);
        manager.kept();
        CHECK_FALSE(manager.flow.view().earlier_mark_fails);
    }
    SECTION("nor does it close what the next manager has open")
    {
        manager.now += 60s;
        manager.send(manager_event::Tick {});
        CHECK(manager.flow.view() == ManagerView {});
        manager.let_in();
        manager.tap(manager_event::ListChosen {});
        manager.choose(2);
        manager.sign("KM");
        REQUIRE(manager.mark(CommentState::Seen));
        CHECK(manager.send(manager_event::MarkFails {first}).empty());
        CHECK(manager.send(manager_event::MarkKept {first}).empty());
        CHECK_FALSE(manager.flow.view().earlier_mark_fails);
        CHECK(manager.screen() == ManagerScreen::Mark);
        CHECK(manager.marked().keeping == Keeping::Waits);
    }
}

TEST_CASE("A mark is left for the list that it was opened from", "[flow][manager][mark]")
{
    Marker manager;
    manager.tap(manager_event::ViewChosen {ManagerScreen::Details});
    manager.choose();
    manager.tap(manager_event::WentBack {});
    CHECK(manager.screen() == ManagerScreen::Details);
    manager.choose();
    manager.sign("LW");
    manager.mark(CommentState::Seen);
    CHECK(asks_for_list(manager.kept()));
    CHECK(manager.screen() == ManagerScreen::Details);
}

TEST_CASE("Over one response no other figure is asked for", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    for (ManagerEvent const& event : {ManagerEvent(manager_event::PeriodChosen {Period::SevenDays}),
             ManagerEvent(manager_event::ViewChosen {ManagerScreen::Overview}),
             ManagerEvent(manager_event::ListChosen {}), ManagerEvent(manager_event::ExportPressed {})}) {
        CHECK(manager.tap(event).empty());
        CHECK(manager.screen() == ManagerScreen::Mark);
    }
}

TEST_CASE(
    "Who types is not cut off, and what is left half typed for a minute is gone", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    manager.sign("LW");
    manager.tap(manager_event::NoteOpened {});
    manager.tap(manager_event::KeyPressed {"mode"});
    for (int key = 0; key < 20; ++key) {
        manager.now += 59s;
        manager.send(manager_event::Tick {});
        manager.tap(manager_event::KeyPressed {"s"});
    }
    CHECK(manager.marked().note == std::string(20, 's'));
    manager.now += 60s;
    manager.send(manager_event::Tick {});
    CHECK(manager.flow.view() == ManagerView {});

    manager.let_in();
    manager.tap(manager_event::ListChosen {});
    manager.choose();
    CHECK(manager.marked().initials.empty());
    CHECK(manager.marked().note.empty());
    manager.tap(manager_event::NoteOpened {});
    CHECK(manager.marked().editor.text.empty());
}

TEST_CASE("A mark that is kept after its writer left changes nothing for the next", "[flow][manager][mark]")
{
    Marker manager;
    manager.choose();
    manager.sign("LW");
    manager.mark(CommentState::Seen);
    manager.now += 60s;
    manager.send(manager_event::Tick {});
    CHECK(manager.kept().empty());
    CHECK(manager.flow.view() == ManagerView {});
    manager.let_in();
    CHECK(manager.kept().empty());
    CHECK(manager.screen() == ManagerScreen::Overview);
}

TEST_CASE(
    "Whatever comes in whatever order: what is given out is fit to keep and said of the response that is "
    "shown, and nothing that was typed outlives its response",
    "[flow][manager][mark][property]")
{
    std::vector<std::string> const keys {
        "a", "w", "1", "space", "backspace", "mode", "shift", "numbers", "letters", "symbols", "more", "?"};
    int kept = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        auto const up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
        Marker manager;
        for (int step = 0; step < 300; ++step) {
            if (up_to(99) == 0)
                manager.now += std::chrono::milliseconds(up_to(70'000));
            if (!manager.flow.view().is_open()) {
                manager.let_in();
                manager.tap(manager_event::ListChosen {});
            }
            MarkView const before = manager.marked();
            std::vector<ManagerRequest> requests;
            switch (up_to(12)) {
            case 0:
                requests = manager.tap(manager_event::ResponseChosen {response(1 + up_to(5))});
                break;
            case 1:
                requests = manager.tap(manager_event::InitialsOpened {});
                break;
            case 2:
                requests = manager.tap(manager_event::NoteOpened {});
                break;
            case 3:
                requests = manager.tap(manager_event::TextDone {});
                break;
            case 4:
                requests = manager.tap(manager_event::TextCleared {});
                break;
            case 5:
                requests = manager.tap(manager_event::InitialsChosen {up_to(1) == 0 ? "李" : "x1"});
                break;
            case 6:
                requests = manager.tap(
                    manager_event::Marked {up_to(1) == 0 ? CommentState::Seen : CommentState::DealtWith});
                break;
            case 7:
                requests = manager.send(
                    manager_event::MarkKept {manager.given_out - static_cast<unsigned>(up_to(1))});
                break;
            case 8:
                requests = manager.send(
                    manager_event::MarkFails {manager.given_out - static_cast<unsigned>(up_to(1))});
                break;
            case 9:
                requests = up_to(3) == 0 ? manager.tap(manager_event::WentBack {})
                                         : manager.send(manager_event::Tick {});
                break;
            case 10:
                requests = manager.tap(manager_event::ViewChosen {static_cast<ManagerScreen>(up_to(9))});
                break;
            default:
                requests = manager.tap(manager_event::KeyPressed {
                    keys[static_cast<std::size_t>(up_to(static_cast<int>(keys.size()) - 1))]});
            }
            for (auto const& request : requests)
                if (auto const* const keep = std::get_if<manager_request::Keep>(&request)) {
                    REQUIRE(fit_to_keep(keep->event));
                    REQUIRE(keep->event.of == before.of);
                    REQUIRE(keep->event.by == before.initials);
                    REQUIRE(keep->event.note == before.note);
                    REQUIRE(before.keeping == Keeping::No);
                    manager.given_out = keep->number;
                    ++kept;
                }
            auto const& mark = manager.marked();
            bool const is_marking = manager.screen() == ManagerScreen::Mark
                || manager.screen() == ManagerScreen::MarkInitials
                || manager.screen() == ManagerScreen::MarkNote;
            if (!is_marking)
                REQUIRE(mark == MarkView {});
            if (is_marking && !(mark.of == before.of))
                REQUIRE(mark.note.empty());
            REQUIRE((mark.initials.empty() || is_initials(mark.initials)));
        }
    }
    CHECK(kept > 100); // somebody did mark something
}

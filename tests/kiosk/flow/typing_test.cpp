#include "tests/kiosk/flow/customer.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace std::chrono_literals;
using listenpost::test::Customer;

namespace {

Survey const survey = test::sample_survey();

/// A customer who has tapped once, opened the comment and set the keyboard to English.
struct Writer : Customer {
    Writer()
        : Customer(survey)
    {
        touch(event::LanguageChosen {"en"});
        rate("quality", 4);
        touch(event::CommentOpened {});
    }
    void type(std::string_view text)
    {
        for (char const c : text)
            touch(event::KeyPressed {c == ' ' ? "space" : std::string(1, c)});
    }
};

}

TEST_CASE("What is typed is kept at every key, and is on the screen", "[flow][typing]")
{
    Writer writer;
    writer.type("too slow");
    CHECK(writer.view().editor.text == "too slow");
    CHECK(writer.view().editor.characters == 8);
    CHECK(writer.last_save()->draft.comment == "too slow");
    writer.touch(event::KeyPressed {"backspace"});
    CHECK(writer.last_save()->draft.comment == "too slo");

    SECTION("phrases join it and leave it again")
    {
        writer.touch(event::PhraseToggled {1});
        CHECK(writer.view().editor.text == "too slo, Will be back");
        CHECK(writer.view().phrases_chosen[1]);
        writer.touch(event::PhraseToggled {1});
        CHECK(writer.view().editor.text == "too slo");
    }
    SECTION("skip forgets it")
    {
        writer.touch(event::Skipped {});
        CHECK(writer.view().draft.comment.empty());
    }
    SECTION("the next customer finds an empty field")
    {
        writer.touch(event::Submitted {});
        writer.stored();
        writer.touch(event::Submitted {});
        writer.rate("quality", 4);
        writer.touch(event::CommentOpened {});
        REQUIRE(writer.view().screen == Screen::Comment);
        CHECK(writer.view().editor.text.empty());
        CHECK(writer.view().editor.composition.is_empty());
    }
}

TEST_CASE("A text ends at 140 characters, and not in the middle of one", "[flow][typing]")
{
    Writer writer;
    for (int count = 0; count < 150; ++count)
        writer.type("a");
    CHECK(writer.view().editor.characters == 140);
    writer.touch(event::KeyPressed {"backspace"});
    writer.type("bc");
    CHECK(writer.view().editor.text == std::string(139, 'a') + "b");
}

TEST_CASE("A telephone number is never on the disk, not even while it is typed", "[flow][typing]")
{
    Writer writer;
    writer.type("call 13800138000");
    CHECK(writer.view().editor.is_masked);
    CHECK(writer.view().editor.text == "call ***********");
    writer.type(" ok");
    writer.touch(event::Submitted {});
    for (auto const& write : writer.writes)
        if (auto const* const save = std::get_if<SaveDraft>(&write))
            CHECK(save->draft.comment.find("13800") == std::string::npos);
    auto const* const last = std::get_if<SaveDraft>(&writer.writes[writer.writes.size() - 2]);
    REQUIRE(last);
    CHECK(last->draft.comment == "call *********** ok");
}

TEST_CASE("A price at the end of a comment is kept, though it looked unfinished", "[flow][typing]")
{
    Writer writer;
    writer.type("paid 12345");
    CHECK(writer.last_save()->draft.comment == "paid");
    writer.touch(event::Submitted {});
    auto const* const last = std::get_if<SaveDraft>(&writer.writes[writer.writes.size() - 2]);
    REQUIRE(last);
    CHECK(last->draft.comment == "paid 12345");
}

TEST_CASE("Nobody is hurried while writing", "[flow][typing]")
{
    Writer writer;
    writer.type("too");
    writer.pass(59s);
    CHECK(writer.view().screen == Screen::Comment);
    writer.type(" slow");
    writer.pass(59s);
    CHECK(writer.view().screen == Screen::Comment);
    writer.pass(2s);
    REQUIRE(writer.view().screen == Screen::TimeoutWarning);

    SECTION("more time goes on with the same words")
    {
        writer.touch(event::MoreTime {});
        CHECK(writer.view().screen == Screen::Comment);
        CHECK(writer.view().editor.text == "too slow");
        writer.type("ly");
        CHECK(writer.view().editor.text == "too slowly");
    }
    SECTION("who walked away is heard as far as they came")
    {
        writer.pass(21s);
        CHECK(writer.last_close()->closed_by == ClosedBy::Timeout);
        CHECK(writer.view().draft == Draft {});
        CHECK(writer.view().editor == Editor {});
    }
}

TEST_CASE("Back and forth between the ratings and the comment loses no word", "[flow][typing]")
{
    Writer writer;
    writer.type("slow");
    writer.touch(event::WentBack {});
    CHECK(writer.view().screen == Screen::Rate);
    CHECK(writer.view().draft.comment == "slow");
    writer.touch(event::CommentOpened {});
    CHECK(writer.view().editor.text == "slow");
}

TEST_CASE("Nor is a number that is typed with the marks of a Chinese keyboard", "[flow][typing]")
{
    Writer writer;
    for (char const* const key : {"1", "3", "8", "—", "0", "0", "1", "3", "·", "8", "0", "0"})
        writer.touch(event::KeyPressed {key});
    for (auto const& write : writer.writes)
        if (auto const* const save = std::get_if<SaveDraft>(&write))
            CHECK(save->draft.comment.find("0013") == std::string::npos);
}

TEST_CASE("An e-mail address is not on the disk before it is whole, and then it is masked", "[flow][typing]")
{
    Writer writer;
    writer.type("write zhang.san");
    writer.touch(event::KeyPressed {"@"});
    writer.type("qq");
    CHECK(writer.last_save()->draft.comment.find('@') == std::string::npos);
    CHECK(writer.last_save()->draft.comment.find("san@") == std::string::npos);
    writer.type(".com ok");
    CHECK(writer.view().editor.is_masked);
    for (auto const& write : writer.writes)
        if (auto const* const save = std::get_if<SaveDraft>(&write))
            CHECK(save->draft.comment.find('@') == std::string::npos);
}

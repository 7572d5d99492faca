#include "kiosk/input/keyboard_layout.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace listenpost::kiosk;

namespace {

Composition composition_of(TypingMode mode, KeyPage page)
{
    Composition composition;
    composition.mode = mode;
    composition.page = page;
    return composition;
}

std::vector<Composition> all_compositions()
{
    std::vector<Composition> all;
    for (auto const mode : {TypingMode::Pinyin, TypingMode::English})
        for (auto const page : {KeyPage::Letters, KeyPage::Numbers, KeyPage::Symbols})
            all.push_back(composition_of(mode, page));
    return all;
}

std::map<std::string, Key> keys_of(Composition const& composition)
{
    std::map<std::string, Key> keys;
    auto const layout = keyboard_layout(composition);
    for (auto const& row : layout.rows)
        for (auto const& key : row)
            keys.emplace(key.name, key);
    return keys;
}

}

TEST_CASE("Every page fills the same grid, no key over another", "[kiosk][input]")
{
    for (auto const& composition : all_compositions()) {
        std::set<std::string> names;
        auto const layout = keyboard_layout(composition);
        for (auto const& row : layout.rows) {
            int column = 0;
            for (auto const& key : row) {
                CHECK(key.column == column);
                CHECK(key.width >= 1);
                CHECK(key.width <= 2);
                CHECK(names.insert(key.name).second);
                column += key.width;
            }
            CHECK(column == KeyboardLayout::units);
        }
        int end = 0;
        for (auto const& key : layout.bar) {
            CHECK(key.column >= end);
            end = key.column + key.width;
        }
        CHECK(end <= KeyboardLayout::units);
    }
}

TEST_CASE("Backspace, space and the way to other pages never move", "[kiosk][input]")
{
    for (auto const& composition : all_compositions()) {
        auto const layout = keyboard_layout(composition);
        CHECK(layout.rows[1].back().kind == KeyKind::Backspace);
        CHECK(layout.rows[1].back().column == 9);
        CHECK(layout.rows[2].back().kind == KeyKind::Space);
        CHECK(layout.rows[2].back().column == 8);
        CHECK(layout.rows[2].front().kind == KeyKind::Page);
        CHECK(layout.bar.front().kind == KeyKind::Mode);
    }
}

TEST_CASE("Letters, digits and the marks of the language can be reached", "[kiosk][input]")
{
    for (auto const mode : {TypingMode::Pinyin, TypingMode::English}) {
        auto const letters = keys_of(composition_of(mode, KeyPage::Letters));
        for (char letter = 'a'; letter <= 'z'; ++letter)
            CHECK(letters.contains(std::string(1, letter)));
        CHECK(letters.contains("numbers"));
        auto const numbers = keys_of(composition_of(mode, KeyPage::Numbers));
        for (char digit = '0'; digit <= '9'; ++digit)
            CHECK(numbers.contains(std::string(1, digit)));
        CHECK(numbers.contains("symbols"));
        CHECK(numbers.contains("letters"));
        CHECK(numbers.contains("'"));
        CHECK(keys_of(composition_of(mode, KeyPage::Symbols)).contains("numbers"));
    }
    auto const chinese = keys_of(composition_of(TypingMode::Pinyin, KeyPage::Numbers));
    for (auto const* mark : {"，", "。", "！", "？", "、", "；", "：", "“", "”", "（", "）"})
        CHECK(chinese.contains(mark));
    auto const english = keys_of(composition_of(TypingMode::English, KeyPage::Numbers));
    for (auto const* mark : {",", ".", "!", "?", ";", ":", "\"", "(", ")"})
        CHECK(english.contains(mark));
}

TEST_CASE("English letters are drawn as they will be typed", "[kiosk][input]")
{
    auto composition = composition_of(TypingMode::English, KeyPage::Letters);
    CHECK(keys_of(composition).at("q").label == "q");
    CHECK(keyboard_layout(composition).bar[1].kind == KeyKind::Shift);
    composition.shift = true;
    CHECK(keys_of(composition).at("q").label == "Q");
    CHECK(keys_of(composition_of(TypingMode::Pinyin, KeyPage::Letters)).at("q").label == "Q");
}

TEST_CASE("The bar leaves its middle to the candidates", "[kiosk][input]")
{
    auto composition = composition_of(TypingMode::Pinyin, KeyPage::Letters);
    CHECK(keyboard_layout(composition).bar.size() == 10);
    composition.preedit = "hao";
    CHECK(keyboard_layout(composition).bar.size() == 1);
    composition.candidates = {"好"};
    auto const bar = keyboard_layout(composition).bar;
    REQUIRE(bar.size() == 2);
    CHECK(bar[1] == Key {"more", KeyKind::More, "", 9, 1});
}

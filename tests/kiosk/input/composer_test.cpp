#include "kiosk/input/composer.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

/// Knows syllables of two letters: "ab" is 啊, as are all; offers all, then the first alone.
class TwoLetterEngine final : public PinyinEngine {
public:
    bool ready = true;
    bool missing = false;
    int prepared = 0;

    void prepare() override { ++prepared; }
    bool is_ready() const override { return ready; }
    bool is_missing() const override { return missing; }
    std::vector<PinyinCandidate> candidates(std::string_view letters, std::size_t limit) override
    {
        if (!ready || letters.find('i') == 0)
            return {};
        std::vector<PinyinCandidate> found;
        std::string all;
        for (std::size_t at = 0; at < letters.size(); at += 2)
            all += "好";
        found.push_back({all, letters.size()});
        if (letters.size() > 2)
            found.push_back({"面", 2});
        found.resize(std::min(found.size(), limit));
        return found;
    }
    std::string syllables(std::string_view letters) override
    {
        std::string text;
        for (std::size_t at = 0; at < letters.size(); at += 2)
            text += (at > 0 ? " " : "") + std::string(letters.substr(at, 2));
        return text;
    }
};

class FaceConverter final : public HanziConverter {
public:
    bool ready = true;
    void prepare() override { }
    bool is_ready() const override { return ready; }
    std::string convert(std::string_view simplified) const override
    {
        std::string text(simplified);
        for (auto at = text.find("面"); ready && at != std::string::npos; at = text.find("面"))
            text.replace(at, 3, "麵");
        return text;
    }
};

void type(Composer& composer, std::string_view letters)
{
    for (char const letter : letters)
        REQUIRE(composer.press(std::string_view(&letter, 1)) == Composer::Outcome {});
}

std::string typed(Composer& composer, std::string_view key) { return composer.press(key).typed; }

}

TEST_CASE("Letters wait in the preedit until a candidate is chosen", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    CHECK(engine.prepared == 0);
    type(composer, "haoma");
    CHECK(engine.prepared > 0);
    CHECK(composer.composition().preedit == "ha om a");
    CHECK(composer.composition().letters == "haoma");

    SECTION("one that uses all letters goes into the text")
    {
        CHECK(composer.choose(0).typed == "好好好");
        CHECK(composer.composition().is_empty());
    }
    SECTION("one that uses a part stays before the rest")
    {
        CHECK(composer.choose(1).typed.empty());
        CHECK(composer.composition().preedit == "面om a");
        CHECK(composer.composition().letters == "oma");
        CHECK(composer.choose(0).typed == "面好好");
    }
    SECTION("space takes the first candidate, and is a blank when nothing is composed")
    {
        CHECK(typed(composer, "space") == "好好好");
        CHECK(typed(composer, "space") == " ");
    }
    SECTION("a mark or a digit takes the first candidate and follows it")
    {
        CHECK(typed(composer, "，") == "好好好，");
        type(composer, "ab");
        CHECK(typed(composer, "7") == "好7");
        CHECK(typed(composer, "。") == "。");
    }
    SECTION("a candidate that is not there does nothing")
    {
        auto const before = composer.composition();
        CHECK(composer.choose(2) == Composer::Outcome {});
        CHECK(composer.composition() == before);
    }
    SECTION("leaving the screen keeps chosen words and raw letters")
    {
        composer.choose(1);
        CHECK(composer.finish().typed == "面oma");
        CHECK(composer.composition().is_empty());
    }
    SECTION("changing to English keeps them too")
    {
        CHECK(typed(composer, "mode") == "haoma");
        CHECK(composer.composition().mode == TypingMode::English);
    }
}

TEST_CASE("Backspace takes a letter, then a choice back, then erases text", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    type(composer, "haom");
    composer.choose(1);
    type(composer, "a");
    for (auto const* expected : {"面om", "面o", "面", "ha", "h", ""}) {
        CHECK_FALSE(composer.press("backspace").erases);
        CHECK(composer.composition().preedit == expected);
    }
    CHECK(composer.press("backspace").erases);
}

TEST_CASE("The apostrophe parts syllables only between letters", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    CHECK(typed(composer, "'") == "'");
    type(composer, "xi''an");
    CHECK(composer.composition().letters == "xi'an");
    composer.choose(1);
    CHECK(composer.composition().letters == "an");
    composer.press("backspace");
    composer.press("backspace");
    composer.press("backspace");
    CHECK(composer.composition().letters == "xi'");
}

TEST_CASE("English has shift for one letter and nothing to choose", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::English, HanziOutput::Simplified);
    CHECK(typed(composer, "a") == "a");
    composer.press("shift");
    CHECK(composer.composition().shift);
    CHECK(typed(composer, "b") == "B");
    CHECK(typed(composer, "c") == "c");
    CHECK(typed(composer, "'") == "'");
    CHECK(typed(composer, "space") == " ");
    composer.press("shift");
    composer.press("shift");
    CHECK_FALSE(composer.composition().shift);
    CHECK(composer.composition().is_empty());
    CHECK(engine.prepared == 0);
    composer.press("mode");
    composer.press("shift");
    CHECK_FALSE(composer.composition().shift);
}

TEST_CASE("While the engine loads, letters are kept and nothing raw is typed", "[kiosk][input]")
{
    TwoLetterEngine engine;
    engine.ready = false;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    type(composer, "hao");
    CHECK_FALSE(composer.composition().engine_ready);
    CHECK(typed(composer, "space").empty());
    CHECK(typed(composer, "，").empty());
    CHECK(composer.composition().preedit == "hao");
    CHECK_FALSE(composer.refresh());

    SECTION("refresh brings the candidates once it is ready, and once only")
    {
        engine.ready = true;
        CHECK(composer.refresh());
        CHECK(composer.composition().engine_ready);
        CHECK(composer.composition().candidates.size() == 2);
        CHECK_FALSE(composer.refresh());
    }
    SECTION("with no engine to come, the letters are the text")
    {
        engine.missing = true;
        CHECK(typed(composer, "space") == "hao");
        CHECK(composer.composition().is_empty());
    }
}

TEST_CASE("Letters that mean nothing go into the text as they are", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    type(composer, "ii");
    CHECK(composer.composition().candidates.empty());
    CHECK(typed(composer, "space") == "ii");
}

TEST_CASE("Traditional output shows and types traditional Hanzi", "[kiosk][input]")
{
    TwoLetterEngine engine;
    FaceConverter converter;
    Composer composer(engine, &converter);
    composer.reset(TypingMode::Pinyin, HanziOutput::Traditional);
    type(composer, "mian");
    CHECK(composer.composition().candidates[1] == "麵");
    composer.choose(1);
    CHECK(composer.composition().preedit == "麵an");
    CHECK(composer.choose(0).typed == "麵好");

    SECTION("and waits for the converter")
    {
        converter.ready = false;
        type(composer, "mian");
        CHECK(composer.composition().candidates.empty());
        converter.ready = true;
        CHECK(composer.refresh());
        CHECK(composer.composition().candidates[1] == "麵");
    }
    SECTION("the next customer's is their own")
    {
        composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
        type(composer, "mian");
        CHECK(composer.composition().candidates[1] == "面");
    }
}

TEST_CASE("More shows all candidates while there are any", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    composer.press("more");
    CHECK_FALSE(composer.composition().expanded);
    type(composer, "haom");
    composer.press("more");
    CHECK(composer.composition().expanded);
    composer.choose(1);
    CHECK(composer.composition().expanded);
    composer.choose(0);
    CHECK_FALSE(composer.composition().expanded);
}

TEST_CASE("Key names that are no keys do nothing", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    for (auto const* key : {"", "enter", "\n", "\x7F", "ab", "\xE5", "\xE5\xA5", "\xFF", "，，"})
        CHECK(composer.press(key) == Composer::Outcome {});
    CHECK(composer.composition() == Composition {});
}

TEST_CASE("A million random keys leave nothing and pass no limit", "[kiosk][input]")
{
    TwoLetterEngine engine;
    Composer composer(engine);
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    std::minstd_rand random(7);
    constexpr std::array<std::string_view, 16> others {"backspace", "space", "shift", "mode", "numbers",
        "symbols", "letters", "more", "'", "，", "7", "(", "", "\xE5", "enter", "backspace"};
    bool sane = true;
    for (int step = 0; step < 1'000'000; ++step) {
        auto const kind = random() % 20;
        char const letter = static_cast<char>('a' + random() % 26);
        if (kind < 14)
            composer.press(std::string_view(&letter, 1));
        else if (kind < 16)
            composer.press(others[random() % others.size()]);
        else if (kind == 16)
            composer.choose(random() % 4);
        else if (kind == 17 && random() % 50 == 0)
            engine.ready = !engine.ready;
        else
            composer.refresh();
        auto const& now = composer.composition();
        sane = sane && now.letters.size() <= Composer::max_letters
            && now.preedit.size() <= 3 * Composer::max_letters
            && now.candidates.size() <= Composer::max_candidates && !now.letters.starts_with('\'')
            && (now.mode == TypingMode::Pinyin || now.is_empty())
            && (!now.expanded || !now.candidates.empty());
        if (random() % 1'000 == 0) {
            composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
            Composition fresh;
            fresh.engine_ready = engine.ready;
            sane = sane && composer.composition() == fresh && composer.press("backspace").erases;
        }
        if (!sane)
            FAIL("after step " << step << ": " << now.preedit << " / " << now.letters);
    }
}

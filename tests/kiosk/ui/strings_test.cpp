#include "kiosk/ui/strings.h"

#include "platform/base/utf8.h"
#include "tests/kiosk/ui/screen_rig.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::kiosk;
using namespace listenpost::kiosk::test;

namespace {

/// A complete file whose texts are their keys, but for those replaced.
std::string file(std::map<std::string, std::string> const& replaced = {})
{
    std::string json = "{";
    for (std::size_t index = 0; index < text_count; ++index) {
        std::string const key = key_of(static_cast<Text>(index));
        auto const found = replaced.find(key);
        std::string const value = found == replaced.end() ? "\"" + key + "\"" : found->second;
        if (value.empty())
            continue;
        json += (json.size() > 1 ? ",\"" : "\"") + key + "\":" + value;
    }
    return json + "}";
}

std::string refusal(std::map<std::string, std::string> const& files)
{
    auto const strings = Strings::parse(files);
    return strings ? "" : strings.error().detail;
}

}

TEST_CASE("The shipped languages have all texts, with the same placeholders", "[kiosk][ui]")
{
    // load() refuses anything else.
    CHECK(shipped_strings().languages() == std::vector<std::string> {"en", "ja", "ko", "zh-CN", "zh-TW"});
    for (auto const& language : shipped_survey().languages)
        for (std::size_t index = 0; index < text_count; ++index)
            CHECK_FALSE(shipped_strings().get(language, static_cast<Text>(index)).empty());
}

TEST_CASE("Each language calls itself by its own name", "[kiosk][ui]")
{
    auto const name
        = [](char const* language) { return shipped_strings().get(language, Text::LanguageName); };
    CHECK(name("zh-CN") == "中文");
    CHECK(name("zh-TW") == "繁體中文");
    CHECK(name("en") == "English");
    CHECK(name("ja") == "日本語");
    CHECK(name("ko") == "한국어");
}

TEST_CASE("No language says a whole sentence in another's words", "[kiosk][ui]")
{
    // Labels such as ABC and a shared Hanzi word may agree; what was not translated may not.
    for (auto const& one : shipped_strings().languages())
        for (auto const& other : shipped_strings().languages())
            for (std::size_t index = 0; one < other && index < text_count; ++index) {
                auto const text = static_cast<Text>(index);
                auto const said = shipped_strings().get(one, text);
                INFO(one << " and " << other << ": " << key_of(text));
                CHECK((said.size() <= 24 || said != shipped_strings().get(other, text)));
            }
}

TEST_CASE("The number chooses the plural form", "[kiosk][ui]")
{
    auto const& strings = shipped_strings();
    CHECK(
        strings.get("en", Text::TimeoutText, {{"n", 1}}) == "Closing in 1 second. What you tapped is kept.");
    CHECK(strings.get("en", Text::TimeoutText, {{"n", 12}})
        == "Closing in 12 seconds. What you tapped is kept.");
    CHECK(strings.get("zh-CN", Text::RateLeft, {{"n", 1}}) == "还差 1 项");
    CHECK(strings.get("zh-CN", Text::RateProgress, {{"done", 2}, {"all", 3}}) == "2/3");
}

TEST_CASE("A language without texts speaks English, or what there is", "[kiosk][ui]")
{
    CHECK(shipped_strings().get("fr", Text::Submit) == "Done");
    auto const strings = Strings::parse({{"zh-CN", file({{"submit", "\"完成\""}})}});
    REQUIRE(strings);
    CHECK(strings->get("fr", Text::Submit) == "完成");
}

TEST_CASE("Texts that are not all there are refused, by name", "[kiosk][ui]")
{
    CHECK(refusal({}) != "");
    CHECK(refusal({{"en", "[]"}}) == "en is not a JSON object");
    CHECK(refusal({{"en", file()}, {"zh-CN", file({{"back", ""}})}}) == "zh-CN: back is missing");
    CHECK(refusal({{"en", file({{"skip", "\"\""}})}}) == "en: skip is empty");
    CHECK(refusal({{"en", file({{"skip", "{\"one\":\"x\"}"}})}}) == "en: skip is empty");
    CHECK(refusal({{"en", file({{"back", "\"a\",\"bakc\":\"b\""}})}}) == "en: bakc is used nowhere");
    CHECK(refusal({{"en", file({{"rate.left", "\"{n} left\""}})},
              {"zh-CN", file({{"rate.left", "\"还差 {m}\""}})}})
        == "zh-CN: rate.left has other placeholders than elsewhere");
    CHECK(refusal({{"en", file({{"rate.left", "{\"one\":\"one left\",\"other\":\"{n} left\"}"}})}})
        == "en: rate.left has other placeholders than elsewhere");
}

TEST_CASE("Every character of strings and survey is in the font", "[kiosk][ui]")
{
    ScreenRig rig(1280, 800);
    auto const check = [&](std::string_view text) {
        INFO(text);
        while (!text.empty())
            CHECK(rig.fonts().has(take_character(text)));
    };
    for (auto const& language : shipped_survey().languages) {
        rig.fonts().set_language(language);
        for (std::size_t index = 0; index < text_count; ++index)
            check(shipped_strings().get(language, static_cast<Text>(index)));
        for (auto const& question : shipped_survey().questions)
            for (auto const& reason : question.reasons)
                check(reason.text.in(language));
        for (auto const& phrase : shipped_survey().phrases)
            check(phrase.in(language));
    }
}

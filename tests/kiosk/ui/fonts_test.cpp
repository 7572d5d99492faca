#include "platform/base/utf8.h"
#include "tests/kiosk/ui/scene.h"

#include <fstream>
#include <string>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

int inked_pixels(Scene& scene)
{
    Picture const picture = scene.shown();
    return static_cast<int>(std::count_if(picture.pixels.begin(), picture.pixels.end(),
        [](std::uint32_t pixel) { return (pixel & 0xFFFFFFU) != 0; }));
}

std::vector<std::string> lines_of(Fonts& fonts, std::string_view text, float width)
{
    auto const views = fonts.wrap(text, 20, width);
    return {views.begin(), views.end()};
}

}

TEST_CASE("The font has what Chinese and English screens show", "[fonts]")
{
    auto const fonts = Fonts::from_files({test_fonts() / "listenpost-sc.otf"});
    REQUIRE(fonts);
    for (char32_t const character : U"品质服务清洁ABCxyz019，。！？、“”…·￥éüのカ龘")
        if (character != 0 && character != U'龘')
            CHECK((*fonts)->has(character));
    CHECK_FALSE((*fonts)->has(U'龘')); // not in GB2312: the subset is one
}

TEST_CASE("A missing or broken font is an error, not a crash", "[fonts]")
{
    CHECK(Fonts::create("/nowhere").error().code == Errc::NotFound);

    auto const broken
        = std::filesystem::temp_directory_path() / ("listenpost-font-" + std::to_string(::getpid()));
    std::ofstream(broken) << std::string(5000, 'x');
    CHECK(Fonts::from_files({broken}).error().code == Errc::Invalid);
    // The first half of a real font: its tables point past the end.
    std::ifstream whole(test_fonts() / "listenpost-sc.otf", std::ios::binary);
    std::string half(200000, '\0');
    whole.read(half.data(), static_cast<std::streamsize>(half.size()));
    std::ofstream(broken, std::ios::binary | std::ios::trunc) << half;
    CHECK(Fonts::from_files({broken}).error().code == Errc::Invalid);
    std::ofstream(broken, std::ios::trunc) << "";
    CHECK(Fonts::from_files({broken}).error().code == Errc::Invalid);
    std::filesystem::remove(broken);
}

TEST_CASE("A glyph is drawn the first time it is shown, and only then", "[fonts]")
{
    Scene scene({320, 120});
    unsigned const before = scene.fonts().slab().revision();
    auto const draw_it = [](ImDrawList& list, Fonts& fonts) {
        fonts.draw(list, "好", {10, 60}, 48, IM_COL32_WHITE);
    };
    scene.show(draw_it);
    CHECK(scene.fonts().slab().revision() == before + 1);
    CHECK(inked_pixels(scene) > 300);
    scene.show(draw_it);
    CHECK(scene.fonts().slab().revision() == before + 1);
    // Measuring draws nothing.
    scene.fonts().width("很多别的字", 31);
    CHECK(scene.fonts().slab().revision() == before + 1);
}

TEST_CASE("A line's capitals and Hanzi are centred on its anchor", "[fonts]")
{
    Scene scene({200, 200});
    scene.show([](ImDrawList& list, Fonts& fonts) {
        fonts.draw(list, "国", {100, 100}, 96, IM_COL32_WHITE, Align::Centre);
    });
    int top = 200;
    int bottom = 0;
    int left = 200;
    int right = 0;
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < 200; ++x) {
            if (scene.pixel(x, y) == 0)
                continue;
            top = std::min(top, y);
            bottom = std::max(bottom, y);
            left = std::min(left, x);
            right = std::max(right, x);
        }
    }
    CHECK(std::abs((top + bottom) / 2 - 100) <= 3);
    CHECK(std::abs((left + right) / 2 - 100) <= 2);
    CHECK(bottom - top > 75);
}

TEST_CASE("Text ends where it was measured to end", "[fonts]")
{
    Scene scene({600, 60});
    float const width = scene.fonts().width("Would you come again?", 22);
    scene.show([&](ImDrawList& list, Fonts& fonts) {
        fonts.draw(list, "Would you come again?", {600, 30}, 22, IM_COL32_WHITE, Align::Right);
    });
    int left = 600;
    for (int y = 0; y < 60; ++y)
        for (int x = 0; x < 600; ++x)
            if (scene.pixel(x, y) != 0)
                left = std::min(left, x);
    CHECK(std::abs(static_cast<float>(left) - (600 - width)) <= 2);
    CHECK(scene.fonts().width("品质", 32) == 64);
}

TEST_CASE("Bytes that are no UTF-8 are shown as such and end nothing", "[fonts]")
{
    Scene scene({200, 60});
    for (std::string_view const text :
        {"\xFF", "\xE5\x93", "\xC0\x80", "\xED\xA0\x80", "\xF8\x88\x80\x80\x80", "a\x80z"}) {
        std::string_view rest = text;
        int characters = 0;
        bool has_replacement = false;
        while (!rest.empty()) {
            has_replacement = take_character(rest) == replacement_character || has_replacement;
            ++characters;
        }
        CHECK(has_replacement);
        CHECK(characters <= static_cast<int>(text.size()));
        scene.show([&](ImDrawList& list, Fonts& fonts) {
            fonts.draw(list, text, {10, 30}, 24, IM_COL32_WHITE);
        });
        CHECK(inked_pixels(scene) > 0);
    }
}

TEST_CASE("Lines break as Chinese and English are written", "[fonts]")
{
    auto const created = Fonts::create(test_fonts());
    REQUIRE(created);
    Fonts& fonts = **created;
    using Lines = std::vector<std::string>;

    CHECK(lines_of(fonts, "", 100) == Lines {""});
    CHECK(lines_of(fonts, "服务很好", 40) == Lines {"服务", "很好"});
    // No comma at a line's start, no opening bracket at its end.
    CHECK(lines_of(fonts, "服务，很好", 40) == Lines {"服", "务，", "很好"});
    CHECK(lines_of(fonts, "今天（周一）来", 60) == Lines {"今天", "（周", "一）来"});
    CHECK(lines_of(fonts, "one two", 50) == Lines {"one", "two"});
    CHECK(lines_of(fonts, "好 two", 70) == Lines {"好 two"});
    CHECK(lines_of(fonts, "a\nb\n\nc", 100) == Lines {"a", "b", "", "c"});
    // A word that no line can hold is cut.
    for (auto const& line : lines_of(fonts, "Donaudampfschifffahrt", 60))
        CHECK(fonts.width(line, 20) <= 60);
    // Nothing gets lost, however narrow.
    CHECK(lines_of(fonts, "品质", 1) == Lines {"品", "质"});
}

TEST_CASE("What is too long is cut where it still fits with its ellipsis", "[fonts]")
{
    auto const created = Fonts::create(test_fonts());
    REQUIRE(created);
    Fonts& fonts = **created;
    CHECK(fonts.shortened("服务", 20, 40) == "服务");
    CHECK(fonts.shortened("服务很好很好", 20, 80) == "服务很…");
    CHECK(fonts.shortened("服务很好很好", 20, 20) == "…");
}

TEST_CASE("When the glyphs become too many the next frame starts anew, and looks right", "[fonts]")
{
    Scene scene({640, 640});
    unsigned const generation = scene.fonts().slab().generation();
    char32_t character = 0x4E00;
    Picture last;
    int frames = 0;
    for (; scene.fonts().slab().generation() == generation && frames < 500; ++frames) {
        std::string text;
        for (int count = 0; count < 36; ++character) {
            if (!scene.fonts().has(character))
                continue;
            ++count;
            text += static_cast<char>(0xE0 | character >> 12);
            text += static_cast<char>(0x80 | (character >> 6 & 0x3F));
            text += static_cast<char>(0x80 | (character & 0x3F));
        }
        scene.show([&](ImDrawList& list, Fonts& fonts) {
            float y = 60;
            for (auto const line : fonts.wrap(text, 96, 620)) {
                fonts.draw(list, line, {10, y}, 96, IM_COL32_WHITE);
                y += 100;
            }
        });
        Picture full(640, 640);
        Raster::draw_all(scene.draw_data(), scene.fonts().slab(), full.span());
        REQUIRE(scene.shown() == full);
        REQUIRE(inked_pixels(scene) > 30000);
    }
    CHECK(frames > 5);
    CHECK(scene.fonts().slab().generation() == generation + 1);
}

TEST_CASE("A font file that is not there is named, also one that is not needed yet", "[fonts]")
{
    auto const sc = test_fonts() / "listenpost-sc.otf";
    auto const error = Fonts::from_files({sc, "/nowhere/listenpost-tc.otf"}).error();
    CHECK(error.code == Errc::NotFound);
    CHECK(error.detail.find("/nowhere/listenpost-tc.otf") != std::string::npos);
    CHECK(Fonts::from_files({}).error().code == Errc::Invalid);
    CHECK(Fonts::from_files({sc, sc, sc, sc, sc}).error().code == Errc::Invalid);
}

TEST_CASE("Every language's characters are in a face, and its own face has what its people type", "[fonts]")
{
    struct Sample {
        char const* face;
        std::u32string_view text;
    };
    for (auto const& [face, text] : {
             Sample {"sc", U"品质服务清洁谢谢您のカABCxyz，。！？"},
             Sample {"tc", U"體驗服務乾淨謝謝您龜鬱籲驫ㄅㄆㄇABCxyz，。！？「」"},
             Sample {"jp", U"品質清潔働込峠ありがとうございますサービスヶー々〜ABCxyz、。！？「」"},
             Sample {"kr", U"품질서비스청결감사합니다뷁힣ㄱㅏㅎABCxyz,.!?"},
         }) {
        auto const one = Fonts::from_files({test_fonts() / ("listenpost-" + std::string(face) + ".otf")});
        REQUIRE(one);
        for (char32_t const character : text) {
            CAPTURE(face, static_cast<unsigned>(character));
            CHECK((*one)->has(character));
        }
    }
    auto const all = Fonts::create(test_fonts());
    REQUIRE(all);
    for (char const* const tag : {"zh-CN", "zh-TW", "en", "ja", "ko"}) {
        (*all)->set_language(tag);
        for (char32_t const character : U"质質働廣감")
            CHECK((character == 0 || (*all)->has(character)));
        CHECK_FALSE((*all)->has(U'😀'));
    }
}

TEST_CASE("A character that languages write differently is drawn as the language's own", "[fonts]")
{
    auto const drawn = [](char const* tag, std::string_view text) {
        Scene scene({100, 100});
        scene.fonts().set_language(tag);
        scene.show([&](ImDrawList& list, Fonts& fonts) {
            fonts.draw(list, text, {50, 50}, 80, IM_COL32_WHITE, Align::Centre);
        });
        return scene.shown();
    };
    // Four countries, four ways to write "bone" or "straight".
    CHECK_FALSE(drawn("zh-CN", "骨") == drawn("zh-TW", "骨"));
    CHECK_FALSE(drawn("zh-CN", "骨") == drawn("ja", "骨"));
    CHECK_FALSE(drawn("zh-TW", "直") == drawn("ja", "直"));
    // Letters look the same on all screens; a language without a face has the first.
    for (char const* const tag : {"zh-TW", "en", "ja", "ko"})
        CHECK(drawn("zh-CN", "Rg7") == drawn(tag, "Rg7"));
    CHECK(drawn("zh-CN", "骨") == drawn("fr", "骨"));
    CHECK(drawn("zh-TW", "骨") == drawn("zh-Hant-HK", "骨"));
    // 뷁 is in the Korean face alone.
    CHECK(drawn("zh-CN", "뷁") == drawn("ko", "뷁"));
}

TEST_CASE("A file is mapped when a character is first looked up in it", "[fonts]")
{
    Scene scene({320, 120});
    using Face = Fonts::Face;
    auto const draw_it = [](ImDrawList& list, Fonts& fonts) {
        fonts.draw(list, "骨 bone", {10, 60}, 48, IM_COL32_WHITE);
    };
    Fonts& fonts = scene.fonts();
    scene.show(draw_it);
    CHECK(fonts.is_mapped(Face::Simplified));
    CHECK_FALSE(fonts.is_mapped(Face::Traditional));
    fonts.set_language("ja");
    CHECK_FALSE(fonts.is_mapped(Face::Japanese));
    scene.show(draw_it);
    CHECK(fonts.is_mapped(Face::Japanese));
    CHECK_FALSE(fonts.is_mapped(Face::Traditional));
    CHECK_FALSE(fonts.is_mapped(Face::Korean));

    SECTION("and on the way back nothing is drawn again")
    {
        unsigned const revision = fonts.slab().revision();
        for (char const* const tag : {"zh-CN", "ja", "en", "ja"}) {
            fonts.set_language(tag);
            scene.show(draw_it);
        }
        CHECK(fonts.slab().revision() == revision);
    }
}

TEST_CASE("Lines break as Japanese and Korean are written", "[fonts]")
{
    auto const created = Fonts::create(test_fonts());
    REQUIRE(created);
    Fonts& fonts = **created;
    using Lines = std::vector<std::string>;

    fonts.set_language("ja");
    CHECK(lines_of(fonts, "とても良い", 60) == Lines {"とても", "良い"});
    // Neither a small kana, nor ー, nor a closing bracket begins a line.
    CHECK(lines_of(fonts, "店員だった", 60) == Lines {"店員", "だった"});
    CHECK(lines_of(fonts, "このカー", 60) == Lines {"この", "カー"});
    CHECK(lines_of(fonts, "味「上」は", 60) == Lines {"味", "「上」", "は"});

    fonts.set_language("ko");
    auto const wide = [&](std::string_view text) { return fonts.width(text, 20) + 0.5F; };
    CHECK(lines_of(fonts, "정말 맛있어요", wide("정말 맛있")) == Lines {"정말", "맛있어요"});
    CHECK(lines_of(fonts, "서울(강남) 점", wide("서울(강남)")) == Lines {"서울(강남)", "점"});
    // A word that no line can hold is cut between syllables.
    CHECK(lines_of(fonts, "아주 맛있었습니다", wide("맛있었")) == Lines {"아주", "맛있었", "습니다"});
}

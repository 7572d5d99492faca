#include "platform/ime/store_vocabulary.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace listenpost;

namespace {

std::vector<std::string> no_readings(std::string_view) { return {}; }

std::vector<std::string> texts(std::vector<PinyinCandidate> const& candidates)
{
    std::vector<std::string> all;
    for (auto const& candidate : candidates)
        all.push_back(candidate.text);
    return all;
}

using Texts = std::vector<std::string>;

}

TEST_CASE("A store's word is found in full, by initials and by a mixture", "[platform][ime]")
{
    StoreVocabulary const words({{"鸡肉没熟", "ji rou mei shu"}}, no_readings);
    for (auto const* letters :
        {"jiroumeishu", "ji'rou'mei'shu", "jrms", "jrmsh", "jirms", "jroumshu", "j'r'm's"})
        CHECK(words.whole(letters)
            == std::vector<PinyinCandidate> {{"鸡肉没熟", std::string_view(letters).size()}});
    for (auto const* letters : {"", "j", "jrm", "jrmsx", "jiroumeishuh", "'jrms", "jroumeixhu"})
        CHECK(words.whole(letters).empty());
}

TEST_CASE("What is typed in full stands before what has the same initials", "[platform][ime]")
{
    StoreVocabulary const words(
        {{"西餐爱吃面", "xi can ai chi mian"}, {"西安", "xi an"}, {"鲜", "xian"}}, no_readings);
    CHECK(texts(words.whole("xian")) == Texts {"西安", "鲜"});
    CHECK(texts(words.whole("xi'an")) == Texts {"西安"});
    CHECK(words.whole("x").empty()); // a letter is no word
}

TEST_CASE("A word at the front of a sentence says how many letters it uses", "[platform][ime]")
{
    StoreVocabulary const words({{"鸡肉没熟", "ji rou mei shu"}}, no_readings);
    CHECK(words.beginning("jiroumeishubuhao") == std::vector<PinyinCandidate> {{"鸡肉没熟", 11}});
    CHECK(words.beginning("jiroumeishu").empty());
    CHECK(words.beginning("jrmsbuhao").empty());
}

TEST_CASE("Without pinyin every reading of the characters counts, within bounds", "[platform][ime]")
{
    auto const readings = [](std::string_view character) -> Texts {
        if (character == "行")
            return {"xing", "hang", "heng"};
        return character == "绿" ? Texts {"lü"} : Texts {};
    };
    CHECK(texts(StoreVocabulary({{"行", ""}}, readings).whole("hang")) == Texts {"行"});
    CHECK(texts(StoreVocabulary({{"绿行", ""}}, readings).whole("lvheng")) == Texts {"绿行"});
    StoreVocabulary const many({{"行行行行", ""}}, readings);
    CHECK(many.entries().size() == StoreVocabulary::max_readings);
    CHECK_FALSE(many.whole("xingxingxingxing").empty()); // the usual one is not what is cut off
}

TEST_CASE("Words that cannot be read are left out, the others stay", "[platform][ime]")
{
    StoreVocabulary const words(
        {{"WiFi慢", "wi fi man"}, {"鸡肉", "ji"}, {"肉", "r0u"}, {"熟", ""}, {"", ""}, {"鱼", "yu"}},
        no_readings);
    REQUIRE(words.entries().size() == 1);
    CHECK(words.entries().front().text == "鱼");
}

TEST_CASE("Hanzi are split, anything else is not", "[platform][ime]")
{
    CHECK(split_hanzi("鸡肉").size() == 2);
    for (auto const* text : {"", "a", "鸡a", "鸡，", "\xE9\xB8", "㖀", "\xF0\xA0\x80\x80"})
        CHECK(split_hanzi(text).empty());
}

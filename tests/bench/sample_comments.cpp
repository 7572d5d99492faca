#include "tests/bench/sample_comments.h"

#include "kiosk/model/response.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace listenpost::bench {
namespace {

[[noreturn]] void give_up(std::string const& why)
{
    std::fprintf(stderr, "sample comments: %s\n", why.c_str());
    std::exit(1);
}

std::vector<std::string> read_lines(std::string const& name)
{
    std::ifstream file(std::string(SAMPLE_COMMENTS) + "/" + name);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    if (lines.empty())
        give_up("nothing in " + name);
    return lines;
}

std::map<std::string, std::vector<std::string>, std::less<>> read_parts()
{
    std::map<std::string, std::vector<std::string>, std::less<>> parts;
    std::vector<std::string>* list = nullptr;
    for (auto const& line : read_lines("parts.zh.txt")) {
        if (line.empty() || line.front() == '#')
            continue;
        if (line.front() == '[')
            list = &parts[line.substr(1, line.size() - 2)];
        else if (list)
            list->push_back(line);
    }
    return parts;
}

}

SampleComments::SampleComments(Trade trade, unsigned seed)
    : trade_(trade)
    , random_(seed)
    , parts_(read_parts())
{
}

std::size_t SampleComments::below(std::size_t count)
{
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

std::vector<std::string> SampleComments::lines(std::string_view language)
{
    return read_lines("lines." + std::string(language == "zh-CN" ? "zh" : language) + ".txt");
}

std::string SampleComments::next(std::string_view language)
{
    if (language != "zh-CN")
        return draw(
            std::string(language == "zh-TW" || language == "ja" || language == "ko" ? language : "en"));
    return chance(33) ? draw("zh-CN") : build();
}

std::string SampleComments::draw(std::string const& language)
{
    auto& deck = decks_[language];
    if (deck.next == deck.lines.size()) {
        deck.lines = lines(language);
        deck.next = 0;
        std::ranges::shuffle(deck.lines, random_);
    }
    return deck.lines[deck.next++];
}

std::string SampleComments::part(std::string const& list)
{
    auto const found = parts_.find(list);
    if (found == parts_.end() || found->second.empty())
        give_up("no part named " + list);
    return fill(found->second[below(found->second.size())]);
}

/// Replaces {name} by a part and {a-b} by a number.
std::string SampleComments::fill(std::string_view pattern)
{
    std::string text;
    for (;;) {
        auto const open = pattern.find('{');
        text += pattern.substr(0, open);
        if (open == std::string_view::npos)
            return text;
        auto const close = pattern.find('}', open);
        if (close == std::string_view::npos)
            give_up("a part without its }: " + std::string(pattern));
        auto const name = pattern.substr(open + 1, close - open - 1);
        std::size_t low = 0;
        std::size_t high = 0;
        auto const* const end = name.data() + name.size();
        auto const first = std::from_chars(name.data(), end, low);
        if (first.ec == std::errc() && first.ptr != end && *first.ptr == '-'
            && std::from_chars(first.ptr + 1, end, high).ec == std::errc())
            text += std::to_string(low + below(high - low + 1));
        else
            text += part(std::string(name));
        pattern.remove_prefix(close + 1);
    }
}

std::string SampleComments::remark(bool content)
{
    auto const about = below(100);
    if (about < 48)
        return part(
            std::string(trade_ == Trade::Restaurant ? "dish" : "goods") + (content ? "_good" : "_bad"));
    if (about < 70)
        return part(content ? "service_good" : "service_bad");
    if (about < 82)
        return part(content ? "clean_good" : "clean_bad");
    return part(about < 92 ? "wait" : "price");
}

std::string SampleComments::join()
{
    constexpr std::array<char const*, 20> joins {"，", "，", "，", "，", "，", "，", "，", "，", "，", " ",
        " ", "。", "。", "！", ",", "、", "", "；", "…", "，还有"};
    return joins[below(joins.size())];
}

/// One place, if the slip finds one.
void SampleComments::slip(std::string& text)
{
    auto const& slips = parts_["slip"];
    auto const& chosen = slips[below(slips.size())];
    auto const space = chosen.find(' ');
    auto const at = text.find(chosen.substr(0, space));
    if (at != std::string::npos)
        text.replace(at, space, chosen.substr(space + 1));
}

std::string SampleComments::build()
{
    constexpr std::array<char const*, 20> ends {
        "", "", "", "", "", "", "", "", "", "", "", "。", "。", "。", "！", "！", "~", "！！！", "……", "？"};
    bool content = chance(48);
    std::string text = chance(24) ? part("start") : "";
    for (auto left = 1 + below(10) / 4; left > 0; --left) {
        bool const first = text.empty() || text.ends_with("，");
        if (!first)
            text += join();
        text += remark(content);
        if (chance(18))
            content = !content; // "… but"
        if (chance(8))
            text += part("particle");
    }
    if (chance(12))
        text += part("tone");
    for (auto const& [list, percent] : {std::pair("wish", 14), std::pair("end", 26)}) {
        if (!chance(percent))
            continue;
        text += join();
        text += part(list);
    }
    if (chance(12))
        slip(text);
    text += ends[below(ends.size())];
    return kiosk::count_characters(text) <= kiosk::Draft::max_comment_characters ? text : build();
}

}

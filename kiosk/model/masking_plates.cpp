#include "kiosk/model/masking_text.h"

#include <array>

namespace listenpost::kiosk::masking {

namespace {

constexpr std::u32string_view provinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
constexpr std::u32string_view endings = U"学警港澳挂领试超";
constexpr std::array<std::u32string_view, 8> cues
    = {U"车牌", U"車牌", U"车号", U"車號", U"车牌号", U"車牌號", U"车牌号码", U"車牌號碼"};

/// 沪A12345, 粤B·D12345, 京A1234警.
std::optional<Find> find_chinese(Glyphs const& glyphs, std::size_t place)
{
    if (!has(provinces, at(glyphs, place)))
        return std::nullopt;
    auto next = place + 1;
    if (at(glyphs, next) == U' ')
        ++next;
    if (!is_letter(at(glyphs, next)) || at(glyphs, next) == U'i')
        return std::nullopt;
    ++next;
    if (has(U" .-", at(glyphs, next)))
        ++next;
    std::size_t figures = 0;
    std::size_t letters = 0;
    for (; next < glyphs.size() && is_word(glyphs[next]) && figures + letters < 7; ++next)
        ++(glyphs[next].digit >= 0 ? figures : letters);
    auto length = figures + letters;
    if (length == 4 && has(endings, at(glyphs, next))) {
        ++length;
        ++next;
    }
    // Five with at most two letters; new energy: six with one or two.
    if ((length == 5 && figures >= 3) || (length == 6 && figures >= 4 && letters >= 1))
        return Find {place, next, PersonalData::Plate};
    return std::nullopt;
}

/// After a cue, what looks like a plate of another place: 車牌 ABC-1234.
std::optional<Find> find_cued(Glyphs const& glyphs, std::size_t place)
{
    auto const cue = word_at(glyphs, place, cues);
    if (cue == 0)
        return std::nullopt;
    auto begin = place + cue;
    for (auto const limit = begin + 4; begin < limit && has(U" :：是为為#", at(glyphs, begin));)
        ++begin;
    auto end = begin;
    std::size_t figures = 0;
    std::size_t letters = 0;
    for (; end < glyphs.size() && end - begin < 10 && (is_word(glyphs[end]) || at(glyphs, end) == U'-');
         ++end)
        if (at(glyphs, end) != U'-')
            ++(glyphs[end].digit >= 0 ? figures : letters);
    if (figures < 2 || letters < 1 || figures + letters < 5 || figures + letters > 8)
        return std::nullopt;
    return Find {begin, end, PersonalData::Plate};
}

}

std::optional<Find> find_plate(Glyphs const& glyphs, std::size_t place)
{
    if (auto const found = find_chinese(glyphs, place))
        return found;
    return find_cued(glyphs, place);
}

}

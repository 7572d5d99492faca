#include "kiosk/model/masking_numbers.h"

#include <algorithm>

namespace listenpost::kiosk::masking {

namespace {

using namespace std::string_view_literals;

/// With the plus and the bracket before it, and the bracket it closes.
Find with_prefix(Number const& number, std::size_t end, PersonalData kind)
{
    auto begin = number.begin();
    if (at(number.glyphs, begin - 1) == U'+')
        --begin;
    if (at(number.glyphs, begin - 1) == U'(' && number.has_join(Join::Bracket))
        --begin;
    return {begin, end, kind};
}

bool after_plus(Number const& number)
{
    auto const plus = number.begin() - 1;
    if (at(number.glyphs, plus) != U'+')
        return false;
    return plus == 0 || !(is_word(number.glyphs[plus - 1]) || number.glyphs[plus - 1].digit >= 0);
}

/// Behind a landline number: 转801, 轉 801, ext. 801, -801.
std::size_t end_of_extension(Glyphs const& glyphs, std::size_t end)
{
    static constexpr std::array words = {U"转"sv, U"轉"sv, U"转接"sv, U"分机"sv, U"转分机"sv, U"分機"sv,
        U"內線"sv, U"ext"sv, U"ext."sv, U"-"sv, U"#"sv};
    auto next = end;
    if (at(glyphs, next) == U' ' || at(glyphs, next) == U',')
        ++next;
    auto const word = word_at(glyphs, next, words);
    if (word == 0)
        return end;
    next += word;
    if (at(glyphs, next) == U' ')
        ++next;
    auto const begin = next;
    while (next - begin < 6 && is_digit_at(glyphs, next))
        ++next;
    return next - begin < 2 || is_digit_at(glyphs, next) ? end : next;
}

/// The groups of an eleven-digit number as people write them. With spaces only the usual
/// ones: three prices side by side have eleven digits too.
bool is_mobile_shape(Number const& number, std::size_t prefix_digits)
{
    if (number.whole() || number.one_by_one())
        return true;
    auto groups = number.groups;
    if (prefix_digits > 0 && number.length_of(0) == prefix_digits)
        groups = groups.subspan(1);
    if (groups.size() > 4 || (number.has_join(Join::Dot) && !number.joined_only_by(Join::Dot)))
        return false;
    std::array<std::size_t, 4> lengths {};
    for (std::size_t group = 0; group < groups.size(); ++group) {
        lengths[group] = groups[group].end - groups[group].begin;
        if (group == 0 && groups.size() == number.groups.size())
            lengths[group] -= prefix_digits;
    }
    static constexpr std::array<std::array<std::size_t, 4>, 11> usual = {{{11}, {3, 4, 4}, {3, 8}, {7, 4},
        {4, 7}, {3, 3, 5}, {4, 4, 3}, {5, 6}, {4, 3, 4}, {3, 2, 3, 3}, {3, 4, 2, 2}}};
    if (std::find(usual.begin(), usual.end(), lengths) != usual.end())
        return true;
    return number.context == Context::Phone || number.joined_only_by(Join::Dash);
}

std::optional<Find> as_mobile(Number const& number)
{
    auto digits = number.digits;
    std::size_t prefix = 0;
    for (auto const code : {"0086"sv, "86"sv, "0"sv})
        if (digits.size() == 11 + code.size() && digits.starts_with(code)) {
            prefix = code.size();
            break;
        }
    digits.remove_prefix(prefix);
    if (digits.size() != 11 || digits[0] != '1' || digits[1] < '3' || !is_mobile_shape(number, prefix))
        return std::nullopt;
    if (!number.whole() && !number.one_by_one() && number.counts_money())
        return std::nullopt;
    return with_prefix(number, number.end(), PersonalData::Mobile);
}

/// 010 and 02x have three digits, all other area codes four.
std::optional<Find> as_landline(Number const& number)
{
    auto digits = number.digits;
    std::size_t country = 0;
    for (auto const code : {"0086"sv, "86"sv})
        if (digits.size() > 10 && digits.starts_with(code) && (after_plus(number) || code.size() == 4))
            country = code.size();
    digits.remove_prefix(country);
    auto const leading_zero = digits.starts_with('0');
    if (leading_zero)
        digits.remove_prefix(1);
    if ((!leading_zero && country == 0) || digits.size() < 10)
        return std::nullopt;
    auto const short_area = digits.starts_with("10") || digits[0] == '2';
    if (!short_area && (digits[0] < '3' || digits[1] == '0'))
        return std::nullopt;
    auto const area = short_area ? 2U : 3U;
    auto const subscriber = digits.size() - area;
    if (subscriber > 8 || subscriber < (short_area ? 8U : 7U) || digits[area] < '2' || digits[area] > '8')
        return std::nullopt;
    if (country == 0) {
        auto const first = number.length_of(0);
        if (!number.whole() && !number.one_by_one() && (first != area + 1 || number.groups.size() > 4))
            return std::nullopt;
        if (number.context == Context::Order || number.beside_letter() || number.joined_before)
            return std::nullopt;
    }
    return with_prefix(number, end_of_extension(number.glyphs, number.end()), PersonalData::Landline);
}

struct Country {
    std::string_view code;
    std::size_t fewest; ///< national digits
    std::size_t most;
};

constexpr std::array<Country, 13> countries = {
    {{"86", 11, 11}, {"852", 8, 8}, {"853", 8, 8}, {"886", 8, 10}, {"81", 9, 11}, {"82", 8, 11}, {"65", 8, 8},
        {"60", 8, 10}, {"66", 8, 9}, {"84", 9, 10}, {"44", 10, 11}, {"61", 9, 10}, {"1", 10, 10}}};

bool is_international(Number const& number)
{
    auto digits = number.digits;
    auto const plus = after_plus(number);
    if (!plus && !digits.starts_with("00"))
        return false;
    if (!plus)
        digits.remove_prefix(2);
    auto known = false;
    for (auto const& [code, fewest, most] : countries) {
        if (!digits.starts_with(code))
            continue;
        known = true;
        auto const national = digits.size() - code.size();
        if (national >= fewest && national <= most && number.context != Context::Order)
            return true;
    }
    return plus && !known && digits[0] != '0' && digits.size() >= 10 && digits.size() <= 13;
}

/// 09xx-xxx-xxx of Taiwan, 090-xxxx-xxxx of Japan, 010-xxxx-xxxx of Korea.
bool is_foreign_mobile(Number const& number)
{
    auto const digits = number.digits;
    auto const taiwan = digits.size() == 10 && digits.starts_with("09");
    if (taiwan)
        return number.whole() || number.has_lengths({4, 3, 3}) || number.has_lengths({4, 6})
            || number.has_lengths({4, 2, 2, 2});
    auto const prefix = digits.substr(0, 3);
    auto const japan = prefix == "090" || prefix == "080" || prefix == "070" || prefix == "050";
    auto const korea = prefix == "010";
    return digits.size() == 11
        && ((japan && number.whole()) || ((japan || korea) && number.has_lengths({3, 4, 4}))
            || (korea && number.whole() && number.context == Context::Phone));
}

/// (02)2345-6789, 03-1234-5678, 031-123-4567; 415-555-2671.
bool is_foreign_landline(Number const& number)
{
    auto const digits = number.digits;
    auto const groups = number.groups.size();
    if (number.has_join(Join::Dot) || (!number.has_join(Join::Dash) && !number.has_join(Join::Bracket)))
        return false;
    if (number.has_lengths({3, 3, 4}) && digits[0] >= '2' && digits[3] >= '2') {
        static constexpr std::array free = {"400"sv, "800"sv, "888"sv, "877"sv, "866"sv};
        return std::find(free.begin(), free.end(), digits.substr(0, 3)) == free.end();
    }
    if (digits[0] != '0' || digits[1] < '2' || digits.size() < 9 || digits.size() > 11 || groups > 3)
        return false;
    auto const last = number.length_of(groups - 1);
    return number.length_of(0) <= 5 && (groups == 3 ? last == 4 : last >= 7 && last <= 8);
}

/// Seven to twelve digits behind "电话": a local number, or one mistyped.
bool is_cued(Number const& number)
{
    auto const digits = number.digits;
    if (number.context != Context::Phone || digits.size() > 12 || number.groups.size() > 4)
        return false;
    if (number.counts_money() || digits.starts_with("400") || digits.starts_with("800"))
        return false;
    auto const a_day = digits.size() == 8 && (digits.starts_with("19") || digits.starts_with("20"))
        && value(digits.substr(4, 2)) <= 12;
    return digits.size() > 8 || (digits[0] >= '2' && !a_day);
}

}

std::optional<Find> as_chinese_phone(Number const& number)
{
    if (auto const found = as_mobile(number))
        return found;
    return as_landline(number);
}

std::optional<Find> as_foreign_phone(Number const& number)
{
    if (is_international(number))
        return with_prefix(number, number.end(), PersonalData::Mobile);
    if (number.context == Context::Order || number.joined_before || number.joined_behind
        || number.beside_letter())
        return std::nullopt;
    if (is_foreign_mobile(number))
        return with_prefix(number, number.end(), PersonalData::Mobile);
    if (is_foreign_landline(number) || is_cued(number))
        return with_prefix(number, end_of_extension(number.glyphs, number.end()), PersonalData::Landline);
    return std::nullopt;
}

}

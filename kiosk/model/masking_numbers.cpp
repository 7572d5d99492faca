#include "kiosk/model/masking_numbers.h"

#include <algorithm>

namespace listenpost::kiosk::masking {

namespace {

constexpr std::array<std::u32string_view, 45> order_cues = {U"订单", U"訂單", U"单号", U"單號", U"流水",
    U"取餐", U"编号", U"編號", U"小票", U"票号", U"票據", U"运单", U"快递", U"券", U"验证码", U"驗證碼",
    U"交易", U"发票", U"發票", U"條碼", U"条码", U"条形码", U"核销", U"团购", U"排号", U"积分", U"積分",
    U"货号", U"批号", U"型号", U"序列号", U"外卖单", U"order", U"receipt", U"invoice", U"ticket", U"tracking",
    U"coupon", U"barcode", U"注文", U"伝票", U"レシート", U"주문", U"영수증", U"쿠폰"};
constexpr std::array<std::u32string_view, 29> phone_cues = {U"电话", U"電話", U"座机", U"座機", U"手机",
    U"手機", U"固话", U"致电", U"致電", U"回电", U"来电", U"打我", U"call me", U"联系我", U"聯絡我",
    U"联系方式", U"聯絡方式", U"tel", U"phone", U"phone is", U"phone number", U"phone number is", U"mobile",
    U"携帯", U"전화", U"전화번호", U"휴대폰", U"热线", U"拨打"};
constexpr std::array<std::u32string_view, 12> card_cues = {U"银行卡", U"銀行卡", U"卡号", U"卡號", U"信用卡",
    U"储蓄卡", U"账号", U"帳號", U"card", U"credit", U"account", U"カード"};
constexpr std::array<std::u32string_view, 7> id_cues
    = {U"身份证", U"身分證", U"身份證", U"证件", U"證件", U"身份号", U"id card"};
constexpr std::u32string_view sentence_ends = U",，。;；!！?？、\n\r*";
// Between a cue and its number; anything else and the sentence has moved on.
constexpr std::u32string_view connectors = U" :：号號码碼是为為我的请請打+([（【-~#はの";

Join stronger(Join join, char32_t separator)
{
    auto const of = has(U"()", separator) ? Join::Bracket
        : separator == U'-'               ? Join::Dash
        : separator == U'.'               ? Join::Dot
                                          : Join::Space;
    return std::max(join, of);
}

/// The digits from one place on, as far as they may be one number.
struct Run {
    std::array<char, most_digits> digits {};
    std::array<Group, most_groups> groups {};
    std::size_t group_count = 0;
    std::size_t digit_count = 0;
    bool goes_on_joined = false; ///< more follows that did not fit

    Run(Glyphs const& glyphs, std::size_t place)
    {
        auto join = Join::None;
        while (group_count < most_groups) {
            Group group {place, place, digit_count, join};
            auto count = digit_count;
            for (; is_digit_at(glyphs, group.end) && count < most_digits; ++group.end)
                digits[count++] = static_cast<char>('0' + glyphs[group.end].digit);
            if (is_digit_at(glyphs, group.end)) { // too long to be a part
                goes_on_joined = true;
                return;
            }
            digit_count = count;
            groups[group_count++] = group;
            place = group.end;
            join = Join::None;
            while (place - group.end < 3 && has(U" -.()", at(glyphs, place)))
                join = stronger(join, at(glyphs, place++));
            if (place == group.end || !is_digit_at(glyphs, place))
                return;
        }
    }
};

bool is_tight(Join join) { return join == Join::Dash || join == Join::Dot; }

}

std::size_t Number::length_of(std::size_t group) const { return groups[group].end - groups[group].begin; }

bool Number::joined_only_by(Join join) const
{
    return std::all_of(
        groups.begin() + 1, groups.end(), [&](Group const& group) { return group.before == join; });
}

bool Number::has_join(Join join) const
{
    return std::any_of(
        groups.begin() + 1, groups.end(), [&](Group const& group) { return group.before == join; });
}

bool Number::has_lengths(std::initializer_list<std::size_t> lengths) const
{
    return std::equal(groups.begin(), groups.end(), lengths.begin(), lengths.end(),
        [](Group const& group, std::size_t length) { return group.end - group.begin == length; });
}

bool Number::beside_letter() const
{
    return is_letter(at(glyphs, begin() - 1)) || is_letter(at(glyphs, end()));
}

bool Number::counts_money() const
{
    auto const behind = at(glyphs, end()) == U' ' ? end() + 1 : end();
    return has(U"元块塊圆圓円원次遍分份人个個", at(glyphs, behind)) || has(U"¥￥$", at(glyphs, begin() - 1));
}

int value(std::string_view digits)
{
    int result = 0;
    for (auto const digit : digits)
        result = result * 10 + (digit - '0');
    return result;
}

Context context_before(Glyphs const& glyphs, std::size_t place)
{
    static constexpr std::size_t reach = 14;
    for (std::size_t back = 1; back <= reach && back <= place; ++back) {
        auto const here = place - back;
        auto const character = at(glyphs, here);
        if (has(sentence_ends, character) || (glyphs[here].digit >= 0 && character < 0x80))
            return Context::None;
        // A cue is looked for from its first character on; it has to end before the number, and
        // what stands between it and the number must only connect.
        auto const connects = [&](std::size_t length) {
            if (length == 0 || here + length > place)
                return false;
            for (auto between = here + length; between < place; ++between)
                if (!has(connectors, at(glyphs, between)))
                    return false;
            return true;
        };
        if (connects(word_at(glyphs, here, id_cues)))
            return Context::Id;
        if (connects(word_at(glyphs, here, phone_cues)))
            return Context::Phone;
        auto const order = word_at(glyphs, here, order_cues);
        if (order > 0 && here + order <= place)
            return Context::Order;
        if (connects(word_at(glyphs, here, card_cues)))
            return Context::Card;
    }
    return Context::None;
}

std::optional<Find> find_number(Glyphs const& glyphs, std::size_t place)
{
    if (!is_digit_at(glyphs, place) || is_digit_at(glyphs, place - 1))
        return std::nullopt;
    Run const run(glyphs, place);
    if (run.digit_count < 7)
        return std::nullopt;
    auto const context = context_before(glyphs, place);
    auto const joined_before = has(U"-.", at(glyphs, place - 1)) && is_digit_at(glyphs, place - 2);
    for (auto count = run.group_count; count > 0; --count) {
        auto const& last = run.groups[count - 1];
        auto const digits = last.first + (last.end - last.begin);
        if (digits < 7)
            break;
        auto const joined_behind
            = count < run.group_count ? is_tight(run.groups[count].before) : run.goes_on_joined;
        Number const number {glyphs, std::string_view(run.digits.data(), digits),
            std::span(run.groups.data(), count), context, joined_before, joined_behind};
        for (auto const rule : {as_id_number, as_chinese_phone, as_foreign_phone, as_bank_card})
            if (auto const found = rule(number))
                return found;
    }
    return std::nullopt;
}

}

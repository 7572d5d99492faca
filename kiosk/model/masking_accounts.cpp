#include "kiosk/model/masking_text.h"

#include <algorithm>
#include <array>

namespace listenpost::kiosk::masking {

namespace {

using namespace std::string_view_literals;

// RFC 5321 4.5.3.1 and RFC 1035 2.3.4; they also bound the work.
constexpr std::size_t longest_local = 64;
constexpr std::size_t longest_label = 63;
constexpr std::size_t most_labels = 8;

constexpr std::array<std::u32string_view, 4> at_signs = {U"@", U"艾特", U"(at)", U"[at]"};
constexpr std::array<std::u32string_view, 4> dots = {U".", U"。", U"点", U"點"};

// "wechat" alone is a way to pay; with `id` or `号` behind it, or `加` before it, it names somebody.
constexpr std::array<std::u32string_view, 40> wechat_cues
    = {U"加薇", U"加威", U"微信", U"威信", U"薇信", U"维信", U"微x", U"v信", U"微信号", U"微信號", U"微信id",
        U"wechat", U"wechat id", U"weixin", U"vx", U"wx", U"v x", U"w x", U"加v", U"+v", U"加微", U"加個微",
        U"加个微", U"加我", U"加我微信", U"加微信", U"加wx", U"加vx", U"+wx", U"+vx", U"line id", U"lineid",
        U"加line", U"加我line", U"加賴", U"kakao", U"kakaotalk", U"카톡", U"카카오톡", U"whatsapp"};
constexpr std::array<std::u32string_view, 9> qq_cues
    = {U"qq", U"q q", U"q-q", U"扣扣", U"加扣", U"加q", U"球球号", U"企鹅号", U"qq号"};
constexpr std::u32string_view connectors
    = U" :：=号號码碼是为為账賬帐帳户就的我呢哦,，、~～-([（【\"'“”‘’→>》@#!！";
constexpr std::u32string_view strong_connectors = U":：=号號是为為";
constexpr std::array<std::u32string_view, 7> english_connectors
    = {U"id", U"is", U"no.", U"number", U"account", U"me", U"my"};
// A figure before one of these counts something.
constexpr std::u32string_view units = U"元块塊圆圓分个個人次万萬名份单單角年月日号號%％遍倍積积円원";
// What people write after "微信：" that is nobody's name.
constexpr std::array<std::u32string_view, 16> plain_words
    = {U"alipay", U"payment", U"wechat", U"weixin", U"program", U"coupon", U"member", U"paypal", U"failed",
        U"please", U"official", U"account", U"thanks", U"service", U"quality", U"terrible"};

bool is_local(Glyphs const& glyphs, std::size_t place)
{
    return place < glyphs.size() && (is_word(glyphs[place]) || has(U"._+-%", at(glyphs, place)));
}

bool is_account(Glyphs const& glyphs, std::size_t place)
{
    return place < glyphs.size() && (is_word(glyphs[place]) || has(U"_-", at(glyphs, place)));
}

struct Account {
    std::size_t begin;
    std::size_t end;
    std::size_t figures;
    std::size_t letters;
    std::size_t signs;
};

Account read_account(Glyphs const& glyphs, std::size_t begin)
{
    Account account {begin, begin, 0, 0, 0};
    for (; account.end - begin < 24; ++account.end) {
        auto const place = account.end;
        if (is_digit_at(glyphs, place))
            ++account.figures;
        else if (!is_account(glyphs, place))
            break;
        else
            ++(is_letter(at(glyphs, place)) ? account.letters : account.signs);
    }
    // A dash behind it belongs to the sentence.
    while (account.end > begin && at(glyphs, account.end - 1) == U'-') {
        --account.end;
        --account.signs;
    }
    return account;
}

struct Connection {
    std::size_t end;
    bool strong;
};

Connection read_connection(Glyphs const& glyphs, std::size_t begin)
{
    Connection connection {begin, false};
    for (auto const limit = begin + 10; connection.end < limit;) {
        auto const character = at(glyphs, connection.end);
        auto const word = word_at(glyphs, connection.end, english_connectors);
        if (word > 0 && !is_account(glyphs, connection.end + word)) {
            connection.strong = true;
            connection.end += word;
        } else if (has(connectors, character)) {
            connection.strong = connection.strong || has(strong_connectors, character);
            ++connection.end;
        } else {
            break;
        }
    }
    return connection;
}

bool is_plain_word(Glyphs const& glyphs, Account const& account)
{
    return word_at(glyphs, account.begin, plain_words) == account.end - account.begin;
}

/// A mobile number or an address behind "微信：" is told by its own name.
bool is_something_else(Glyphs const& glyphs, Account const& account)
{
    return find_number(glyphs, account.begin) || find_email(glyphs, account.begin);
}

/// Begins at `place` and is no piece of a longer word.
std::size_t cue_at(Glyphs const& glyphs, std::size_t place, Words cues)
{
    auto const cue = word_at(glyphs, place, cues);
    if (cue == 0)
        return 0;
    auto const latin = is_letter(at(glyphs, place));
    if (latin && place > 0 && is_word(glyphs[place - 1]))
        return 0;
    auto const last_latin = is_letter(at(glyphs, place + cue - 1));
    if (last_latin && is_letter(at(glyphs, place + cue)))
        return 0;
    return cue;
}

std::optional<Find> find_qq(Glyphs const& glyphs, std::size_t place)
{
    auto const cue = cue_at(glyphs, place, qq_cues);
    if (cue == 0)
        return std::nullopt;
    auto const account = read_account(glyphs, read_connection(glyphs, place + cue).end);
    if (account.letters + account.signs > 0 || account.figures < 5 || account.figures > 11)
        return std::nullopt;
    if (is_something_else(glyphs, account) || glyphs[account.begin].digit == 0
        || has(units, at(glyphs, account.end)))
        return std::nullopt;
    return Find {account.begin, account.end, PersonalData::Qq};
}

std::optional<Find> find_wechat(Glyphs const& glyphs, std::size_t place)
{
    auto const cue = cue_at(glyphs, place, wechat_cues);
    if (cue == 0)
        return std::nullopt;
    auto const connection = read_connection(glyphs, place + cue);
    auto const account = read_account(glyphs, connection.end);
    auto const length = account.end - account.begin;
    if (length < 6 || length > 20 || is_something_else(glyphs, account))
        return std::nullopt;
    auto const found = Find {account.begin, account.end, PersonalData::WeChat};
    if (account.letters == 0) { // an account may be a QQ id
        if (account.signs > 0 || account.figures > 11 || has(units, at(glyphs, account.end)))
            return std::nullopt;
        return found;
    }
    if (!is_letter(at(glyphs, account.begin)))
        return std::nullopt;
    if (account.figures > 0 || at(glyphs, account.begin + 1) == U'_' || account.signs > 0)
        return found;
    // Letters only: a word, unless the sentence says that it is a name.
    auto const named = connection.strong || has(U"加+", at(glyphs, place))
        || (place > 0 && has(U"加+", at(glyphs, place - 1)));
    if (named && !is_plain_word(glyphs, account))
        return found;
    return std::nullopt;
}

/// The id that WeChat itself gives says what it is.
std::optional<Find> find_wxid(Glyphs const& glyphs, std::size_t place)
{
    static constexpr std::array prefix = {U"wxid_"sv};
    if (word_at(glyphs, place, prefix) == 0 || (place > 0 && is_word(glyphs[place - 1])))
        return std::nullopt;
    auto const account = read_account(glyphs, place);
    if (account.end - account.begin < 11)
        return std::nullopt;
    return Find {account.begin, account.end, PersonalData::WeChat};
}

}

std::optional<Find> find_email(Glyphs const& glyphs, std::size_t place)
{
    if (place >= glyphs.size() || !is_word(glyphs[place]) || (place > 0 && is_word(glyphs[place - 1])))
        return std::nullopt;
    auto next = place;
    while (next - place < longest_local && is_local(glyphs, next))
        ++next;
    if (at(glyphs, next) == U' ')
        ++next;
    auto const sign = word_at(glyphs, next, at_signs);
    if (sign == 0)
        return std::nullopt;
    next += sign;
    if (at(glyphs, next) == U' ')
        ++next;
    // Labels with dots between them; the last one is letters.
    std::optional<Find> found;
    for (std::size_t labels = 1; labels <= most_labels; ++labels) {
        auto const begin = next;
        auto only_letters = true;
        for (; next < glyphs.size() && next - begin < longest_label
             && (is_word(glyphs[next]) || at(glyphs, next) == U'-');
             ++next)
            only_letters = only_letters && is_letter(at(glyphs, next));
        if (next == begin)
            return found;
        if (labels > 1 && only_letters && next - begin >= 2)
            found = Find {place, next, PersonalData::Email};
        auto const dot = word_at(glyphs, next, dots);
        if (dot == 0)
            return found;
        next += dot;
    }
    return found;
}

std::optional<Find> find_messenger(Glyphs const& glyphs, std::size_t place)
{
    if (auto const found = find_wxid(glyphs, place))
        return found;
    if (auto const found = find_qq(glyphs, place))
        return found;
    return find_wechat(glyphs, place);
}

}

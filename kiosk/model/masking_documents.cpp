#include "kiosk/model/masking_numbers.h"

#include <algorithm>

namespace listenpost::kiosk::masking {

namespace {

// GB/T 2260: the first two digits of an ID number.
constexpr std::array<int, 35> provinces = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42,
    43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};

bool is_date(int year, int month, int day)
{
    static constexpr std::array<int, 12> days = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1
        && day <= days[static_cast<std::size_t>(month - 1)];
}

bool is_province(std::string_view digits)
{
    return std::binary_search(provinces.begin(), provinces.end(), value(digits.substr(0, 2)));
}

/// GB 11643: ISO 7064 MOD 11-2 over the first 17; 10 is written X.
char check_character(std::string_view digits)
{
    int sum = 0;
    for (auto const digit : digits.substr(0, 17))
        sum = (sum + (digit - '0')) * 2 % 11;
    auto const check = (12 - sum) % 11;
    return check == 10 ? 'x' : static_cast<char>('0' + check);
}

std::optional<Find> as_resident_id(Number const& number)
{
    auto const digits = number.digits;
    auto const ends_in_x = digits.size() == 17 && at(number.glyphs, number.end()) == U'x'
        && !(number.end() + 1 < number.glyphs.size() && is_word(number.glyphs[number.end() + 1]));
    if ((digits.size() != 18 && !ends_in_x) || !is_province(digits))
        return std::nullopt;
    if (!is_date(value(digits.substr(6, 4)), value(digits.substr(10, 2)), value(digits.substr(12, 2))))
        return std::nullopt;
    // Behind "身份证" a mistyped one still tells a place and a day of birth.
    auto const last = ends_in_x ? 'x' : digits[17];
    if (check_character(digits) != last && number.context != Context::Id)
        return std::nullopt;
    return Find {number.begin(), number.end() + (ends_in_x ? 1 : 0), PersonalData::IdNumber};
}

/// Until 1999: 15 digits, the year as two, no check. An order number looks like it too easily.
std::optional<Find> as_old_resident_id(Number const& number)
{
    auto const digits = number.digits;
    if (digits.size() != 15 || number.context == Context::Order || number.beside_letter())
        return std::nullopt;
    if (!number.whole() && !number.has_lengths({6, 6, 3}) && number.context != Context::Id)
        return std::nullopt;
    if (!is_province(digits)
        || !is_date(
            1900 + value(digits.substr(6, 2)), value(digits.substr(8, 2)), value(digits.substr(10, 2))))
        return std::nullopt;
    return Find {number.begin(), number.end(), PersonalData::IdNumber};
}

/// Taiwan: a letter for the county and nine digits with a check.
std::optional<Find> as_taiwan_id(Number const& number)
{
    auto const letter = at(number.glyphs, number.begin() - 1);
    auto const digits = number.digits;
    if (digits.size() != 9 || !number.whole() || !is_letter(letter) || number.context == Context::Order)
        return std::nullopt;
    if (number.begin() >= 2 && is_word(number.glyphs[number.begin() - 2]))
        return std::nullopt;
    static constexpr std::u32string_view counties = U"abcdefghjklmnpqrstuvxywzio"; // 10, 11 …
    auto const county = static_cast<int>(counties.find(letter)) + 10;
    auto sum = county / 10 + county % 10 * 9 + (digits[8] - '0');
    for (std::size_t place = 0; place < 8; ++place)
        sum += (digits[place] - '0') * (8 - static_cast<int>(place));
    if (sum % 10 != 0 || !(digits[0] == '1' || digits[0] == '2' || digits[0] == '8' || digits[0] == '9'))
        return std::nullopt;
    return Find {number.begin() - 1, number.end(), PersonalData::IdNumber};
}

/// Korea: the day of birth, a dash, and a digit for century and sex before six more.
std::optional<Find> as_korean_id(Number const& number)
{
    if (!number.has_lengths({6, 7}) || !number.joined_only_by(Join::Dash))
        return std::nullopt;
    auto const digits = number.digits;
    if (number.context == Context::Order || number.beside_letter() || digits[6] < '1' || digits[6] > '8'
        || !is_date(
            1900 + value(digits.substr(0, 2)), value(digits.substr(2, 2)), value(digits.substr(4, 2))))
        return std::nullopt;
    return Find {number.begin(), number.end(), PersonalData::IdNumber};
}

bool passes_luhn(std::string_view digits)
{
    int sum = 0;
    for (std::size_t place = 0; place < digits.size(); ++place) {
        auto const digit = digits[digits.size() - 1 - place] - '0';
        auto const doubled = digit * 2;
        sum += place % 2 == 0 ? digit : doubled / 10 + doubled % 10;
    }
    return sum % 10 == 0;
}

/// ISO/IEC 7812: how the numbers of the schemes in use begin, and how long they are.
bool is_issued(std::string_view digits)
{
    auto const length = digits.size();
    auto const four = value(digits.substr(0, 4));
    if (digits.starts_with("62"))
        return length >= 16; // UnionPay
    if (digits.starts_with("955880") || digits.starts_with("95599"))
        return length == 19; // cards of ICBC and ABC from before UnionPay
    if (digits.starts_with("34") || digits.starts_with("37"))
        return length == 15; // American Express
    auto const mastercard = (four >= 5100 && four <= 5599) || (four >= 2221 && four <= 2720);
    auto const jcb = four >= 3528 && four <= 3589;
    return length == 16
        && (digits[0] == '4' || mastercard || jcb || digits.starts_with("6011") || digits.starts_with("65"));
}

}

std::optional<Find> as_id_number(Number const& number)
{
    for (auto const rule : {as_resident_id, as_old_resident_id, as_taiwan_id, as_korean_id})
        if (auto const found = rule(number))
            return found;
    return std::nullopt;
}

std::optional<Find> as_bank_card(Number const& number)
{
    auto const digits = number.digits;
    if (digits.size() < 13 || digits.size() > 19 || !passes_luhn(digits))
        return std::nullopt;
    if (number.context == Context::Order || number.beside_letter() || number.counts_money())
        return std::nullopt;
    if (digits.find_first_not_of(digits[0]) == digits.npos)
        return std::nullopt;
    auto const long_groups = number.groups.size() <= 6
        && std::all_of(number.groups.begin(), number.groups.end() - 1,
            [](Group const& group) { return group.end - group.begin >= 4; });
    if (!long_groups && !number.one_by_one())
        return std::nullopt;
    if (number.context != Context::Card && !is_issued(digits))
        return std::nullopt;
    return Find {number.begin(), number.end(), PersonalData::BankCard};
}

}

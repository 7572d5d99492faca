#include "kiosk/model/masking.h"

#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

using namespace listenpost::kiosk;

namespace {

std::vector<std::string> lines_of(std::string const& file)
{
    std::ifstream in(MASKING_LINES "/" + file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

// Independent of the code under test, for text that is UTF-8.
std::size_t characters(std::string const& text)
{
    std::size_t count = 0;
    for (auto const byte : text)
        count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    return count;
}

struct Marked {
    std::string plain; ///< what the customer wrote
    std::string hidden; ///< what has to come out
};

/// From a line with ‹ › around what is personal.
Marked read_marked(std::string const& line)
{
    static std::string const open = "‹";
    static std::string const close = "›";
    Marked marked;
    for (std::size_t place = 0; place < line.size();) {
        auto const begin = line.find(open, place);
        auto const outside = line.substr(place, begin == line.npos ? line.npos : begin - place);
        marked.plain += outside;
        marked.hidden += outside;
        if (begin == line.npos)
            break;
        auto const end = line.find(close, begin);
        REQUIRE(end != line.npos);
        auto const inside = line.substr(begin + open.size(), end - begin - open.size());
        marked.plain += inside;
        marked.hidden.append(characters(inside), '*');
        place = end + close.size();
    }
    return marked;
}

class Writer {
public:
    explicit Writer(unsigned seed)
        : random_(seed)
    {
    }

    std::size_t below(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }

    std::string digits(std::size_t count)
    {
        std::string result;
        while (result.size() < count)
            result += static_cast<char>('0' + below(10));
        return result;
    }

    std::string mobile() { return "1" + std::to_string(3 + below(7)) + digits(9); }

    std::string id_number()
    {
        static constexpr std::array places = {"110105", "310101", "440524", "510104", "650102", "330106"};
        auto two = [](std::size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
        auto id = places[below(places.size())] + std::to_string(1930 + below(90)) + two(1 + below(12))
            + two(1 + below(28)) + digits(3);
        static constexpr std::array weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
        int sum = 0;
        for (std::size_t place = 0; place < 17; ++place)
            sum += (id[place] - '0') * weights[place];
        return id + "10X98765432"[sum % 11];
    }

    std::string card()
    {
        static constexpr std::array<std::pair<char const*, std::size_t>, 6> kinds
            = {{{"622202", 19}, {"621700", 19}, {"622848", 19}, {"625", 16}, {"4", 16}, {"53", 16}}};
        auto const [start, length] = kinds[below(kinds.size())];
        auto card = start + digits(length - 1 - std::string(start).size());
        int sum = 0;
        for (std::size_t place = 0; place < card.size(); ++place) {
            auto const digit = card[card.size() - 1 - place] - '0';
            sum += place % 2 == 1 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
        }
        return card + static_cast<char>('0' + (10 - sum % 10) % 10);
    }

    /// In groups, some of its digits full width or Hanzi.
    std::string dressed(std::string const& number, std::vector<std::size_t> const& groups)
    {
        static constexpr std::array wide = {"０", "１", "２", "３", "４", "５", "６", "７", "８", "９"};
        static constexpr std::array hanzi = {"零", "幺", "二", "三", "四", "五", "六", "七", "八", "九"};
        static constexpr std::array separators = {"", "", " ", "-", "－", "　"};
        std::string const separator = separators[below(separators.size())];
        auto const style = below(4);
        std::string result;
        std::size_t group = 0;
        std::size_t in_group = 0;
        for (auto const character : number) {
            if (group < groups.size() && in_group++ == groups[group]) {
                result += separator;
                ++group;
                in_group = 1;
            }
            auto const digit = static_cast<std::size_t>(character - '0');
            auto const plain = style < 2 || digit > 9 || (style == 3 && below(2) == 0);
            if (plain)
                result += character;
            else
                result += below(2) == 0 && style == 3 ? wide[digit] : hanzi[digit];
        }
        return result;
    }

    std::string around(std::string const& what)
    {
        static constexpr std::array before
            = {"", "菜凉了，", "请打", "我是", "12桌，", "等了40分钟。", "退款到：", "38元太贵 "};
        static constexpr std::array behind
            = {"", "，谢谢", "。菜太咸", " 尽快", "！！", "（急）", "，12:30来的"};
        return before[below(before.size())] + ("‹" + what + "›") + behind[below(behind.size())];
    }

private:
    std::mt19937 random_;
};

struct Recall {
    int lines = 0;
    int exact = 0;
    std::string missed {}; ///< for whoever reads the failure

    void add(std::string const& line)
    {
        auto const [plain, hidden] = read_marked(line);
        ++lines;
        auto const result = mask_personal_data(plain).text;
        if (result == hidden)
            ++exact;
        else
            missed += line + " -> " + result + '\n';
    }
};

std::string personal_kind(std::string const& text)
{
    std::string kinds;
    for (auto const kind : mask_personal_data(text).found)
        kinds += (kinds.empty() ? "" : " ") + std::string(name(kind));
    return kinds;
}

}

TEST_CASE("What customers really write stays as it is", "[model][masking]")
{
    auto const lines = lines_of("innocent.txt");
    REQUIRE(lines.size() >= 350);
    int masked = 0;
    std::string wrong;
    for (auto const& line : lines) {
        auto const result = mask_personal_data(line);
        if (result.found.empty() && result.text == line)
            continue;
        ++masked;
        wrong += line + " -> " + result.text + '\n';
    }
    INFO(wrong);
    CHECK(masked == 0);
}

TEST_CASE("What names a person is masked, and nothing beside it", "[model][masking]")
{
    auto const lines = lines_of("personal.txt");
    REQUIRE(lines.size() >= 150);
    Recall recall;
    for (auto const& line : lines)
        recall.add(line);
    INFO(recall.missed);
    CHECK(recall.exact == recall.lines);
}

TEST_CASE("Any valid number is found in any dress", "[model][masking]")
{
    auto const seed = GENERATE(1U, 2U, 3U);
    Writer writer(seed);
    Recall mobiles;
    Recall ids;
    Recall cards;
    for (int round = 0; round < 2000; ++round) {
        static constexpr std::array countries = {"", "", "+86", "+86 ", "0086 ", "86-"};
        mobiles.add(writer.around(
            countries[writer.below(countries.size())] + writer.dressed(writer.mobile(), {3, 4})));
        ids.add(writer.around(writer.dressed(writer.id_number(), {6, 8})));
        cards.add(writer.around(writer.dressed(writer.card(), {4, 4, 4, 4})));
    }
    INFO(mobiles.missed << ids.missed << cards.missed);
    CHECK(mobiles.exact == mobiles.lines);
    CHECK(ids.exact == ids.lines);
    CHECK(cards.exact == cards.lines);
}

TEST_CASE("An order number is hidden only where it could be a card", "[model][masking]")
{
    // Random 16 digits pass Luhn one time in ten; what begins like a card and stands alone is taken for one.
    Writer writer(7);
    int after_order = 0;
    int dated = 0;
    int alone = 0;
    for (int round = 0; round < 10000; ++round) {
        auto const number = writer.digits(16);
        after_order += !mask_personal_data("订单号" + number + "少了一杯").found.empty();
        dated += !mask_personal_data("少了一杯 20261125" + number.substr(8)).found.empty();
        alone += !mask_personal_data(number).found.empty();
    }
    CHECK(after_order == 0);
    CHECK(dated == 0);
    CHECK(alone <= 300);
}

TEST_CASE("What was found is told in the order of the text", "[model][masking]")
{
    CHECK(personal_kind("电话13812345678，邮箱a@b.cn，QQ：12345") == "mobile email qq");
    CHECK(personal_kind("010-82345678 沪A12345 微信号lisi2026") == "landline plate wechat");
    CHECK(personal_kind("11010519491231002X 6222021234567890128") == "id_number bank_card");
    CHECK(personal_kind("微信13812345678") == "mobile");
    CHECK(personal_kind("菜很好吃") == "");
}

TEST_CASE("Masking keeps the number of characters, and a second time changes nothing", "[model][masking]")
{
    static constexpr std::array pieces
        = {"1", "3", "8", "13812345678", " ", "-", "*", "微信", "：", "lisi", "_", "@", ".com", "沪", "A",
            "12345", "QQ", "电话", "订单", "010", "+86", "元", "一", "八", "x", "11010519491231002X", "，",
            "\xff", "\xe4\xb8", "\xe2\x80\x8b", "😀", "（", ")", "转", "6222", "加我", "wxid_", "\n"};
    Writer writer(11);
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (auto count = writer.below(24); count > 0; --count)
            text += pieces[writer.below(pieces.size())];
        auto const once = mask_personal_data(text);
        INFO(text << " -> " << once.text);
        REQUIRE(once.text.size() <= text.size());
        REQUIRE((once.text == text) == once.found.empty());
        REQUIRE(mask_personal_data(once.text) == MaskedText {once.text, {}});
    }
}

TEST_CASE("Bytes that are no UTF-8 come out as they were", "[model][masking]")
{
    CHECK(mask_personal_data("\xff\xfe\x80").text == "\xff\xfe\x80");
    CHECK(mask_personal_data("\xe4\xb8 13812345678 \xf0\x9f").text == "\xe4\xb8 *********** \xf0\x9f");
    CHECK(
        mask_personal_data(std::string_view("\0 13812345678", 13)).text == std::string("\0 ***********", 13));
    CHECK(mask_personal_data("").text.empty());
}

TEST_CASE("A character without width cannot hide a number", "[model][masking]")
{
    CHECK(mask_personal_data("138\xe2\x80\x8b"
                             "12345678")
              .text
        == "************");
}

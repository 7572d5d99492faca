#include "kiosk/input/keyboard_layout.h"

#include <initializer_list>
#include <string_view>

namespace listenpost::kiosk {

namespace {

using Marks = std::initializer_list<std::string_view>;

class RowBuilder {
public:
    explicit RowBuilder(int first_column = 0)
        : column_(first_column)
    {
    }
    RowBuilder& key(std::string_view name, KeyKind kind, std::string_view label = {}, int width = 1)
    {
        keys_.push_back({std::string(name), kind, std::string(label), column_, width});
        column_ += width;
        return *this;
    }
    RowBuilder& marks(Marks marks)
    {
        for (auto const mark : marks)
            key(mark, KeyKind::Character, mark);
        return *this;
    }
    /// Pinyin is read in capitals (they are larger); English shows what it will type.
    RowBuilder& letters(std::string_view letters, bool capitals)
    {
        for (char const letter : letters) {
            char const drawn = capitals ? static_cast<char>(letter - 'a' + 'A') : letter;
            key(std::string_view(&letter, 1), KeyKind::Letter, std::string_view(&drawn, 1));
        }
        return *this;
    }
    std::vector<Key> take() { return std::move(keys_); }

private:
    int column_;
    std::vector<Key> keys_;
};

std::array<std::vector<Key>, 3> letter_rows(Composition const& composition)
{
    bool const capitals = composition.mode == TypingMode::Pinyin || composition.shift;
    return {RowBuilder().letters("qwertyuiop", capitals).take(),
        RowBuilder().letters("asdfghjkl", capitals).key("backspace", KeyKind::Backspace).take(),
        RowBuilder()
            .key("numbers", KeyKind::Page, "123")
            .letters("zxcvbnm", capitals)
            .key("space", KeyKind::Space, {}, 2)
            .take()};
}

/// A page of marks: 10, 9 and 6 of them around the keys that stand on every page.
std::array<std::vector<Key>, 3> mark_rows(
    Marks first, Marks second, Marks third, std::string_view other, std::string_view other_label)
{
    return {RowBuilder().marks(first).take(),
        RowBuilder().marks(second).key("backspace", KeyKind::Backspace).take(),
        RowBuilder()
            .key("letters", KeyKind::Page, "ABC")
            .key(other, KeyKind::Page, other_label)
            .marks(third)
            .key("space", KeyKind::Space, {}, 2)
            .take()};
}

std::array<std::vector<Key>, 3> rows_of(Composition const& composition)
{
    bool const pinyin = composition.mode == TypingMode::Pinyin;
    Marks const digits {"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"};
    Marks const symbols {"@", "#", "&", "*", "+", "=", "_", "~", "<", ">"};
    switch (composition.page) {
    case KeyPage::Letters:
        return letter_rows(composition);
    case KeyPage::Numbers:
        // ' parts syllables, so it stays ASCII in pinyin too.
        if (pinyin)
            return mark_rows(digits, {"，", "。", "！", "？", "、", "；", "：", "'", "-"},
                {"“", "”", "（", "）", "%", "."}, "symbols", "#+=");
        return mark_rows(digits, {",", ".", "!", "?", ";", ":", "'", "\"", "-"},
            {"(", ")", "/", "%", "$", "&"}, "symbols", "#+=");
    case KeyPage::Symbols:
        if (pinyin)
            return mark_rows(symbols, {"《", "》", "【", "】", "…", "—", "·", "￥", "/"},
                {"‘", "’", "[", "]", "$", "^"}, "numbers", "123");
        return mark_rows(symbols, {"[", "]", "{", "}", "^", "|", "\\", "`", "/"},
            {"“", "”", "‘", "’", "￥", "€"}, "numbers", "123");
    }
    return {};
}

std::vector<Key> bar_of(Composition const& composition)
{
    RowBuilder bar;
    bar.key("mode", KeyKind::Mode);
    if (composition.mode == TypingMode::English)
        return bar.key("shift", KeyKind::Shift).marks({",", ".", "!", "?", "'", "-", ":", "/"}).take();
    if (composition.is_empty())
        return bar.marks({"，", "。", "！", "？", "、", "；", "：", "“", "”"}).take();
    auto keys = bar.take();
    if (!composition.candidates.empty())
        keys.push_back({"more", KeyKind::More, "", KeyboardLayout::units - 1, 1});
    return keys;
}

}

KeyboardLayout keyboard_layout(Composition const& composition)
{
    return {bar_of(composition), rows_of(composition)};
}

}

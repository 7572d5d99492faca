#pragma once

#include "kiosk/model/masking_text.h"

#include <array>

namespace listenpost::kiosk::masking {

/// What stands between two groups of digits.
enum class Join : std::uint8_t { None, Space, Dash, Dot, Bracket };

struct Group {
    std::size_t begin; ///< glyphs
    std::size_t end;
    std::size_t first; ///< its first digit's place among the digits
    Join before; ///< what joins it to the group before
};

inline constexpr std::size_t most_digits = 24; ///< longer ones are nobody's number
inline constexpr std::size_t most_groups = 20; ///< 1 3 8 0 0 …: digit by digit

/// The words before a number say what it is.
enum class Context { None, Order, Phone, Card, Id };

/// Some groups of digits that could be one number.
struct Number {
    Glyphs const& glyphs;
    std::string_view digits;
    std::span<Group const> groups;
    Context context;
    bool joined_before; ///< by a dash or a dot to a group before it
    bool joined_behind;

    std::size_t begin() const { return groups.front().begin; }
    std::size_t end() const { return groups.back().end; }
    std::size_t length_of(std::size_t group) const;
    bool whole() const { return groups.size() == 1; }
    bool one_by_one() const { return groups.size() == digits.size(); }
    bool joined_only_by(Join join) const; ///< true for a whole one
    bool has_join(Join join) const;
    bool has_lengths(std::initializer_list<std::size_t> lengths) const;
    bool beside_letter() const; ///< a piece of a code: A2026…, SF138…
    bool counts_money() const; ///< 1288 元
};

Context context_before(Glyphs const& glyphs, std::size_t place);
int value(std::string_view digits); ///< of at most nine

// Each says what `number` is as a whole, or nothing.
std::optional<Find> as_id_number(Number const& number);
std::optional<Find> as_bank_card(Number const& number);
std::optional<Find> as_chinese_phone(Number const& number);
std::optional<Find> as_foreign_phone(Number const& number);

}

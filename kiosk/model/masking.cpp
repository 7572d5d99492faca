#include "kiosk/model/masking.h"

#include "kiosk/model/masking_text.h"

#include <algorithm>

namespace listenpost::kiosk {

namespace {

using namespace masking;

std::optional<Find> find_any(Glyphs const& glyphs, std::size_t place)
{
    // An address may hold a number, and an account be one: what says more comes first.
    for (auto const rule : {find_email, find_plate, find_number, find_messenger})
        if (auto const found = rule(glyphs, place))
            return found;
    return std::nullopt;
}

struct Piece {
    std::uint32_t begin;
    std::uint32_t end;
    PersonalData kind;
};

/// Goes over the text once and masks what it finds. False: there was nothing.
bool mask_once(Glyphs& glyphs, std::vector<Piece>& pieces)
{
    auto const before = pieces.size();
    for (std::size_t place = 0; place < glyphs.size();) {
        auto const found = find_any(glyphs, place);
        if (!found) {
            ++place;
            continue;
        }
        pieces.push_back({glyphs[found->begin].begin, glyphs[found->end - 1].end, found->kind});
        for (auto hidden = found->begin; hidden < found->end; ++hidden) {
            glyphs[hidden].character = masked;
            glyphs[hidden].digit = -1;
        }
        place = found->end;
    }
    return pieces.size() > before;
}

}

char const* name(PersonalData kind)
{
    switch (kind) {
    case PersonalData::Mobile:
        return "mobile";
    case PersonalData::Landline:
        return "landline";
    case PersonalData::IdNumber:
        return "id_number";
    case PersonalData::Email:
        return "email";
    case PersonalData::WeChat:
        return "wechat";
    case PersonalData::Qq:
        return "qq";
    case PersonalData::Plate:
        return "plate";
    case PersonalData::BankCard:
        return "bank_card";
    }
    return "unknown";
}

MaskedText mask_personal_data(std::string_view text)
{
    auto glyphs = read_glyphs(text);
    std::vector<Piece> pieces;
    // Hiding one thing can uncover another that the first kept from being read. Going on until
    // nothing is left makes masking a masked text change nothing.
    while (mask_once(glyphs, pieces)) { }
    std::sort(pieces.begin(), pieces.end(), [](auto const& a, auto const& b) { return a.begin < b.begin; });

    MaskedText result;
    result.text.reserve(text.size());
    std::size_t done = 0;
    for (auto const& piece : pieces) {
        result.text += text.substr(done, piece.begin - done);
        result.text.append(count_characters(text.substr(piece.begin, piece.end - piece.begin)), '*');
        result.found.push_back(piece.kind);
        done = piece.end;
    }
    result.text += text.substr(done);
    return result;
}

}

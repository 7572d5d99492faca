#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace listenpost::kiosk {

/// What kind of personal data was found.
enum class PersonalData { Mobile, Landline, IdNumber, Email, WeChat, Qq, Plate, BankCard };

/// As in logs and documents: mobile, landline, id_number, email, wechat, qq, plate, bank_card.
char const* name(PersonalData kind);

struct MaskedText {
    /// The text with every character of what was found replaced by one '*': as many
    /// characters as before, so that an editor's places stay right.
    std::string text;
    std::vector<PersonalData> found; ///< in the order of the text; empty: nothing was masked

    friend bool operator==(MaskedText const&, MaskedText const&) = default;
};

/// Hides what could tell who wrote a comment or whom it names by number: see the rules
/// and their measured rates in kiosk/model/MASKING.md. Any bytes may come in; what is no
/// UTF-8 comes out as it was. Never grows the text. Pure; any thread.
MaskedText mask_personal_data(std::string_view text);

}

#pragma once

#include "platform/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace listenpost::kiosk {

inline constexpr std::size_t pin_digits = 6;

/// Six digits that are not the first to be guessed: not all the same, not 123456 and the like. Errors:
/// Invalid, with a sentence for who chose it.
Result<> check_new_pin(std::string_view pin);

/// The hash of a PIN that check_new_pin() takes. Blocks as hash_password(). Errors: as both.
Result<std::string> hash_new_pin(std::string_view pin);

/// What is known of the manager's PIN; never the PIN itself.
struct ManagerPin {
    std::string hash; ///< see platform/crypto/password_hash.h
    /// The hash that was taken from the inbox last, if one ever was: the inbox keeps its file, and what was
    /// taken from there once must not undo what was set here later.
    std::string adopted {};

    friend bool operator==(ManagerPin const&, ManagerPin const&) = default;
};

/// `{"hash":"$argon2id$…"}`, and where the box keeps it also "adopted"; members with other names are passed
/// over. Errors: Invalid.
Result<ManagerPin> parse_manager_pin(std::string_view json);
std::string to_json(ManagerPin const& pin);

/// Whether what stands in the inbox is what the way in asks for from its next use on, `kept` being what the
/// box has: it is, unless it was taken from there before, for then only what was set since can differ.
/// `kept`: nothing where there is none, or none that can be read.
bool is_news(std::optional<ManagerPin> const& kept, ManagerPin const& sent);

}

#pragma once

#include <string>
#include <string_view>

namespace listenpost::sync {

/// What the hub keeps of a secret: the 32 bytes of its SHA-256. Tokens are random and
/// long, so a plain hash cannot be guessed backwards.
std::string hash_of_secret(std::string_view secret);

/// Takes the same time wherever the two differ.
bool equal_secrets(std::string_view one, std::string_view other);

/// A new bearer token: the prefix says whose it is (lpd_ box, lpr_ reader, lpa_ admin),
/// so that one that leaked can be recognised; 192 random bits.
std::string new_token(std::string_view prefix);

/// A one-time code for a person to read out and type: K7QM-3WZX-9FHD. Without 0 O 1 I L
/// and U V (look alike): 58 random bits.
std::string new_invite_code();

/// What hash_of_secret() is taken of: capitals, no dashes or blanks.
std::string normalized_invite_code(std::string_view typed);

}

#pragma once

#include "platform/base/result.h"

#include <string>
#include <string_view>

namespace listenpost {

/// Argon2id (RFC 9106) in its usual text form: `$argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH`,
/// salt and hash in base64 without padding.
///
/// Ours take 19 MiB, two passes and one lane, with a salt of 16 random bytes: the parameters that the
/// OWASP Password Storage Cheat Sheet gives for Argon2id where 46 MiB are too much; about 30 ms of a
/// processor. They make each guess cost something. They do not make a short PIN strong against somebody
/// who has the text: who may read it is what protects that one.
/// Threads: any. All of it blocks as long as the hash takes.
Result<std::string> hash_password(std::string_view password); ///< Errors: Io (no randomness), Full (memory)

/// Whether a hash of somebody else's making is one that this program is willing to compute: well-formed,
/// at most 64 MiB, 10 passes and 4 lanes, and no weaker than 8 MiB and one pass. Errors: Invalid.
Result<> check_password_hash(std::string_view encoded);

/// Errors: Invalid (as check_password_hash), Full (memory).
Result<bool> password_matches(std::string_view encoded, std::string_view password);

}

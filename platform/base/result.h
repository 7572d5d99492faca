#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace listenpost {

/// What kind of failure it was: decides what the caller can do about it.
enum class Errc {
    NotFound, ///< the thing asked for does not exist
    Invalid, ///< the input is wrong; asking again will not help
    Busy, ///< somebody else holds it; asking again may help
    Full, ///< no room (disk, queue, limit)
    Corrupt, ///< stored data is not what was written
    Io, ///< the operating system refused
    Unreachable, ///< no answer from the other side
    Unauthorized, ///< the other side knows us not, or no longer
    Cancelled, ///< given up because we were asked to stop
};

/// `detail` is for the log and the operator, never for the customer's screen.
struct Error {
    Errc code;
    std::string detail;
    int os_error = 0; ///< errno where the operating system refused a file; 0: not known
};

char const* name(Errc code);

/// A value or an Error. Cannot be ignored. This is the one header that names the
/// implementation, so the move to std::expected is one edit.
template <typename T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> fail(Errc code, std::string detail)
{
    return tl::unexpected<Error>(Error {code, std::move(detail)});
}

/// Passes an error of one Result type on as another's.
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}

/// Return the error of `expression` to the caller, or go on.
#define LISTENPOST_TRY(expression)                                                                           \
    do {                                                                                                     \
        if (auto try_result = (expression); !try_result)                                                     \
            return ::listenpost::fail(std::move(try_result).error());                                        \
    } while (false)

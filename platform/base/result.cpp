#include "platform/base/result.h"

namespace listenpost {

char const* name(Errc code)
{
    switch (code) {
    case Errc::NotFound:
        return "not_found";
    case Errc::Invalid:
        return "invalid";
    case Errc::Busy:
        return "busy";
    case Errc::Full:
        return "full";
    case Errc::Corrupt:
        return "corrupt";
    case Errc::Io:
        return "io";
    case Errc::Unreachable:
        return "unreachable";
    case Errc::Unauthorized:
        return "unauthorized";
    case Errc::Cancelled:
        return "cancelled";
    }
    return "unknown";
}

}

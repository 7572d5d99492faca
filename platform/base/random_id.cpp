#include "platform/base/random_id.h"

#include <cerrno>
#include <cstdlib>
#include <sys/random.h>
#include <vector>

namespace listenpost {

std::string random_hex(std::size_t bytes)
{
    std::vector<unsigned char> raw(bytes);
    for (std::size_t filled = 0; filled < bytes;) {
        ssize_t const got = ::getrandom(raw.data() + filled, bytes - filled, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            std::abort();
        filled += static_cast<std::size_t>(got);
    }
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes * 2);
    for (unsigned char const byte : raw) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

}

#include "kiosk/model/install_id.h"

#include "platform/base/random_id.h"

namespace listenpost::kiosk {
namespace {

constexpr std::size_t id_bytes = 16;

}

std::string new_install_id() { return random_hex(id_bytes); }

bool is_install_id(std::string_view text)
{
    return text.size() == 2 * id_bytes
        && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}

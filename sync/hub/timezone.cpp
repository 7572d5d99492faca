#include "sync/hub/timezone.h"

#include <date/tz.h>
#include <exception>

namespace listenpost::sync {

bool is_known_timezone(std::string_view name)
{
    try {
        return date::locate_zone(name) != nullptr;
    } catch (std::exception const&) {
        return false;
    }
}

}

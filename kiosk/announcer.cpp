#include "kiosk/announcer.h"

#include <utility>

namespace listenpost::kiosk {

void Announcer::tell(View const& view, UiMap const& map, std::string const& focus)
{
    std::string const text = announcements_.next(view, map, focus);
    bool const was_speaking = std::exchange(is_speaking_, view.spoken);
    if (!text.empty())
        speaker_.say(text, view.language);
    else if (was_speaking && !view.spoken)
        speaker_.stop();
}

}

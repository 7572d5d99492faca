#pragma once

#include "kiosk/ui/announcements.h"
#include "platform/speech/speaker.h"

#include <string>

namespace listenpost::kiosk {

/// Spoken mode: tells what the picture has changed, while the customer wants it, and falls
/// silent with the customer. Threads: the screen's.
class Announcer {
public:
    Announcer(Survey const& survey, Strings const& strings)
        : announcements_(survey, strings)
    {
    }

    void key_pressed() { announcements_.key_pressed(); }
    /// Once the picture shows what came of every touch and key.
    void tell(View const& view, UiMap const& map, std::string const& focus);

private:
    Announcements announcements_;
    Speaker speaker_;
    bool is_speaking_ = false;
};

}

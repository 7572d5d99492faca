#include "platform/window/headless_window.h"

namespace listenpost {

WindowEvents HeadlessWindow::wait(std::optional<std::chrono::milliseconds> timeout)
{
    auto const ready = wake_set_.wait(timeout);
    WindowEvents events;
    events.stop = ready.stop;
    events.woken = ready.woken;
    return events;
}

}

#include "platform/window/window.h"

#include "platform/window/headless_window.h"
#include "platform/window/sdl_window.h"

namespace listenpost {

Result<std::unique_ptr<Window>> Window::create(WindowOptions const& options, Clock const& clock)
{
    constexpr int largest_side = 8192; // the rasteriser's coordinates end there
    if (options.size.width < 1 || options.size.height < 1 || options.size.width > largest_side
        || options.size.height > largest_side)
        return fail(Errc::Invalid,
            "a window of " + std::to_string(options.size.width) + "x" + std::to_string(options.size.height)
                + " pixels");
    auto wake_set = WakeSet::create(options.stop_descriptor);
    if (!wake_set)
        return fail(wake_set.error());
    if (options.mode == WindowMode::Headless)
        return std::make_unique<HeadlessWindow>(options.size, std::move(*wake_set));
    return create_sdl_window(options, clock, std::move(*wake_set));
}

}

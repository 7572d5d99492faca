#pragma once

#include "kiosk/ui/fonts.h"
#include "platform/base/pixels.h"
#include "platform/base/result.h"

#include <functional>
#include <imgui.h>
#include <string>

struct ImGuiContext;

namespace listenpost::kiosk {

/// Something to be printed: drawn once with ImGui, then painted band by band, so that no more than a band of
/// it is ever in memory as pixels. With an ImGui context of its own: never while there is a Frame or another
/// Page. Threads: one at a time.
class Page {
public:
    /// `draw` is called once, at once. Borrows the fonts.
    Page(Fonts& fonts, PixelSize size, std::function<void(ImDrawList&)> const& draw);
    ~Page();
    Page(Page const&) = delete;
    Page& operator=(Page const&) = delete;

    PixelSize size() const { return size_; }
    /// The page's rows from `top` on, as many as the band has.
    void paint(int top, PixelSpan band) const;

    /// As a PNG that says how large it is on paper; 26 MB of pixels become some hundred KiB, with 3 MB at a
    /// time. Errors: Io (zlib has no memory).
    Result<std::string> png(int dots_per_inch) const;

private:
    Fonts& fonts_;
    PixelSize size_;
    ImGuiContext* context_;
};

}

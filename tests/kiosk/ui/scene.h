#pragma once

#include "kiosk/ui/frame.h"
#include "kiosk/ui/raster.h"
#include "platform/os/asset_path.h"
#include "platform/os/system_clock.h"
#include "platform/window/window.h"

#include <catch2/catch.hpp>
#include <functional>
#include <imgui.h>
#include <memory>

namespace listenpost::kiosk {

/// The fonts as they were cut for this build.
inline std::filesystem::path test_fonts() { return asset_folder() / "fonts"; }

/// A screen of its own, in memory, on which a test draws what it likes.
class Scene {
public:
    explicit Scene(PixelSize size)
        : window_(*Window::create({.title = "test", .size = size, .mode = WindowMode::Headless}, clock_))
    {
        auto frame = Frame::create(*window_, test_fonts());
        REQUIRE(frame);
        frame_ = std::move(*frame);
    }

    using Draw = std::function<void(ImDrawList&, Fonts&)>;

    /// One frame, through everything a real one goes through.
    Presented show(Draw const& draw)
    {
        frame_->begin({}, SteadyTime {});
        draw(*ImGui::GetBackgroundDrawList(), frame_->fonts());
        return frame_->end();
    }

    Window& window() { return *window_; }
    Frame& frame() { return *frame_; }
    Fonts& fonts() { return frame_->fonts(); }
    ImDrawData const& draw_data() const { return *ImGui::GetDrawData(); }

    /// What the screen shows, made of all partial redraws so far.
    Picture shown()
    {
        PixelSpan const from = window_->framebuffer();
        Picture picture(from.width, from.height);
        for (int y = 0; y < from.height; ++y)
            std::copy_n(from.row(y), from.width, picture.span().row(y));
        return picture;
    }
    std::uint32_t pixel(int x, int y) { return window_->framebuffer().row(y)[x] & 0xFFFFFFU; }

private:
    SystemClock clock_;
    std::unique_ptr<Window> window_;
    std::unique_ptr<Frame> frame_;
};

}

#pragma once

#include "platform/window/wake_set.h"
#include "platform/window/window.h"

namespace listenpost {

/// A picture in memory and nothing else: no display, no SDL, no events of its own.
class HeadlessWindow final : public Window {
public:
    HeadlessWindow(PixelSize size, WakeSet wake_set)
        : wake_set_(std::move(wake_set))
        , picture_(size.width, size.height)
    {
    }

    WindowEvents wait(std::optional<std::chrono::milliseconds> timeout) override;
    void wake() override { wake_set_.wake(); }
    PixelSize size() const override { return {picture_.width, picture_.height}; }
    std::optional<float> millimetres_per_pixel() const override { return std::nullopt; }
    PixelSpan framebuffer() override { return picture_.span(); }
    unsigned contents_revision() const override { return 0; }
    void present(std::span<PixelRect const>) override { }
    GpuCanvas* gpu() override { return nullptr; }

private:
    WakeSet wake_set_;
    Picture picture_;
};

}

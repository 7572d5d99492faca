#include "kiosk/ui/frame.h"

#include "kiosk/ui/png.h"

#include <algorithm>
#include <cfloat>

namespace listenpost::kiosk {

Result<std::unique_ptr<Frame>> Frame::create(Window& window, std::filesystem::path const& fonts_folder)
{
    auto fonts = Fonts::create(fonts_folder);
    if (!fonts)
        return fail(fonts.error());
    return std::unique_ptr<Frame>(new Frame(window, std::move(*fonts)));
}

Frame::Frame(Window& window, std::unique_ptr<Fonts> fonts)
    : window_(window)
    , fonts_(std::move(fonts))
    , context_(ImGui::CreateContext(fonts_->atlas()))
    , raster_(fonts_->slab())
{
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr; // nothing of a customer's visit is kept in a file
    io.LogFilename = nullptr;
    io.ConfigInputTextCursorBlink = false; // a blink is a frame without a reason
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    if (window.gpu() != nullptr)
        gpu_.emplace(fonts_->slab(), *window.gpu());
}

Frame::~Frame() { ImGui::DestroyContext(context_); }

void Frame::begin(TouchFrame touch, SteadyTime now)
{
    ImGuiIO& io = ImGui::GetIO();
    PixelSize const size = window_.size();
    io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
    // ImGui asks for more than nothing.
    constexpr float smallest_step = 0.001F;
    std::chrono::duration<float> const step = last_begin_ ? now - *last_begin_ : std::chrono::milliseconds(0);
    io.DeltaTime = std::max(step.count(), smallest_step);
    last_begin_ = now;
    io.MousePos = touch.is_present ? ImVec2 {touch.x, touch.y} : ImVec2 {-FLT_MAX, -FLT_MAX};
    io.MouseDown[ImGuiMouseButton_Left] = touch.is_down;
    fonts_->begin_frame();
    ImGui::NewFrame();
}

Presented Frame::end()
{
    ImGui::Render();
    ImDrawData const& data = *ImGui::GetDrawData();
    if (gpu_) {
        if (contents_revision_ != window_.contents_revision())
            gpu_->invalidate();
        contents_revision_ = window_.contents_revision();
        if (!gpu_->draw(data, window_.size()))
            return Presented::Same;
        window_.gpu()->present();
        return Presented::Changed;
    }
    PixelSpan const framebuffer = window_.framebuffer(); // before its revision is asked for
    if (contents_revision_ != window_.contents_revision())
        raster_.invalidate();
    contents_revision_ = window_.contents_revision();
    auto const changed = raster_.draw(data, framebuffer);
    window_.present(changed);
    return changed.empty() ? Presented::Same : Presented::Changed;
}

Picture Frame::picture() const
{
    ImDrawData const* const data = ImGui::GetDrawData();
    if (data == nullptr)
        return {};
    Picture picture(static_cast<int>(data->DisplaySize.x), static_cast<int>(data->DisplaySize.y));
    Raster::draw_all(*data, fonts_->slab(), picture.span());
    return picture;
}

Result<> Frame::screenshot(std::filesystem::path const& file)
{
    Picture drawn = picture();
    return write_png(file, drawn.span());
}

}

#include "kiosk/ui/page.h"

#include "kiosk/ui/png_stream.h"
#include "kiosk/ui/raster.h"
#include "kiosk/ui/surface.h"

#include <algorithm>

namespace listenpost::kiosk {
namespace {

constexpr int band_rows = 256;

}

Page::Page(Fonts& fonts, PixelSize size, std::function<void(ImDrawList&)> const& draw)
    : fonts_(fonts)
    , size_(size)
    , context_(ImGui::CreateContext(fonts.atlas()))
{
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
    io.DeltaTime = 1;
    fonts_.begin_frame();
    ImGui::NewFrame();
    begin_surface(size.width, size.height);
    draw(*ImGui::GetWindowDrawList());
    end_surface();
    ImGui::Render();
}

Page::~Page() { ImGui::DestroyContext(context_); }

void Page::paint(int top, PixelSpan band) const
{
    ImDrawData data = *ImGui::GetDrawData(); // its lists are borrowed
    data.DisplayPos.y += static_cast<float>(top);
    Raster::draw_all(data, fonts_.slab(), band);
}

Result<std::string> Page::png(int dots_per_inch) const
{
    auto stream = PngStream::create(size_, dots_per_inch);
    if (!stream)
        return fail(stream.error());
    Picture band(size_.width, std::min(band_rows, size_.height));
    for (int top = 0; top < size_.height; top += band_rows) {
        PixelSpan part = band.span();
        part.height = std::min(band_rows, size_.height - top);
        paint(top, part);
        LISTENPOST_TRY(stream->append(part));
    }
    return stream->finish();
}

}

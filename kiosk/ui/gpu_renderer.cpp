#include "kiosk/ui/gpu_renderer.h"

#include "platform/base/log.h"

#include <algorithm>
#include <bit>

namespace listenpost::kiosk {

bool GpuRenderer::draw(ImDrawData const& data, PixelSize size)
{
    if (damage_.update(data, size, slab_.generation()).empty())
        return false;
    if (texture_revision_ != slab_.revision())
        upload_texture();

    canvas_.begin();
    // The slab's coordinates refer to its full height; the texture has only what is used.
    float const stretch = static_cast<float>(GlyphSlab::max_height) / static_cast<float>(texture_height_);
    for (int list_index = 0; list_index < data.CmdListsCount; ++list_index) {
        ImDrawList const& list = *data.CmdLists[list_index];
        vertices_.clear();
        for (ImDrawVert const& vertex : list.VtxBuffer)
            vertices_.push_back({vertex.pos.x - data.DisplayPos.x, vertex.pos.y - data.DisplayPos.y,
                vertex.uv.x, vertex.uv.y * stretch, vertex.col});
        static_assert(IM_COL32_R_SHIFT == 0 && std::endian::native == std::endian::little);
        static_assert(sizeof(ImDrawIdx) == sizeof(std::uint16_t));
        for (ImDrawCmd const& command : list.CmdBuffer) {
            if (command.UserCallback != nullptr)
                continue;
            int const left = std::max(0, static_cast<int>(command.ClipRect.x - data.DisplayPos.x));
            int const top = std::max(0, static_cast<int>(command.ClipRect.y - data.DisplayPos.y));
            int const right = std::min(size.width, static_cast<int>(command.ClipRect.z - data.DisplayPos.x));
            int const bottom
                = std::min(size.height, static_cast<int>(command.ClipRect.w - data.DisplayPos.y));
            if (right <= left || bottom <= top)
                continue;
            canvas_.draw(std::span(vertices_).subspan(command.VtxOffset),
                {list.IdxBuffer.Data + command.IdxOffset, command.ElemCount},
                {left, top, right - left, bottom - top});
        }
    }
    return true;
}

void GpuRenderer::upload_texture()
{
    // Doubling keeps new textures rare while glyphs are added.
    constexpr int smallest_height = 512;
    int const needed = std::max(
        static_cast<int>(std::bit_ceil(static_cast<unsigned>(slab_.used_height()))), smallest_height);
    texture_height_ = needed;
    texture_revision_ = slab_.revision();
    auto const uploaded = canvas_.set_texture({GlyphSlab::width, needed}, slab_.row(0));
    if (!uploaded)
        log(LogLevel::Error, "gpu.texture", {{"error", uploaded.error().detail}});
}

}

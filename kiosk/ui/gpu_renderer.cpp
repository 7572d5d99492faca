#include "kiosk/ui/gpu_renderer.h"

#include "platform/base/log.h"

#include <algorithm>
#include <bit>
#include <utility>

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
        // A picture's texture is all in use. Before anything is drawn: SDL refuses the whole
        // call when any vertex, needed or not, has its coordinate outside 0 to 1.
        for (ImDrawCmd const& command : list.CmdBuffer) {
            if (ScreenPicture::from_texture(command.TextureId) == nullptr)
                continue;
            for (unsigned index = 0; index < command.ElemCount; ++index) {
                unsigned const vertex
                    = command.VtxOffset + list.IdxBuffer[static_cast<int>(command.IdxOffset + index)];
                vertices_[vertex].v = list.VtxBuffer[static_cast<int>(vertex)].uv.y;
            }
        }
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
            std::span<ImDrawIdx const> const indices(
                list.IdxBuffer.Data + command.IdxOffset, command.ElemCount);
            int texture = GpuCanvas::coverage_texture;
            if (auto const* const picture = ScreenPicture::from_texture(command.TextureId)) {
                texture = texture_of(*picture);
                if (texture == GpuCanvas::coverage_texture)
                    continue;
            }
            canvas_.draw(std::span(vertices_).subspan(command.VtxOffset), indices,
                {left, top, right - left, bottom - top}, texture);
        }
    }
    forget_unused_pictures();
    return true;
}

int GpuRenderer::texture_of(ScreenPicture const& picture)
{
    auto const [entry, is_new] = pictures_.try_emplace(picture.number());
    if (is_new) {
        auto const added = canvas_.add_picture(picture.size(), picture.pixels());
        if (added)
            entry->second.texture = *added;
        else
            log(LogLevel::Error, "gpu.picture", {{"error", added.error().detail}});
    }
    entry->second.is_drawn = true;
    return entry->second.texture;
}

void GpuRenderer::forget_unused_pictures()
{
    for (auto entry = pictures_.begin(); entry != pictures_.end();) {
        if (std::exchange(entry->second.is_drawn, false)) {
            ++entry;
        } else {
            canvas_.remove_picture(entry->second.texture);
            entry = pictures_.erase(entry);
        }
    }
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

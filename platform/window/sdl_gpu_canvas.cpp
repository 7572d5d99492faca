#include "platform/window/sdl_gpu_canvas.h"

#include <SDL.h>
#include <map>
#include <string_view>
#include <vector>

namespace listenpost {

namespace {

Error sdl_error(Errc code, char const* what) { return {code, std::string(what) + ": " + SDL_GetError()}; }

class SdlGpuCanvas final : public GpuCanvas {
public:
    /// Owns the renderer; the surface too, if there is one.
    SdlGpuCanvas(SDL_Renderer* renderer, SDL_Surface* surface)
        : renderer_(renderer)
        , surface_(surface)
    {
    }
    ~SdlGpuCanvas() override
    {
        for (auto const& [number, picture] : pictures_)
            SDL_DestroyTexture(picture);
        SDL_DestroyTexture(texture_);
        SDL_DestroyRenderer(renderer_);
        SDL_FreeSurface(surface_);
    }

    Result<> set_texture(PixelSize size, std::uint8_t const* coverage) override
    {
        if (size != texture_size_) {
            SDL_DestroyTexture(texture_);
            texture_size_ = {};
            texture_ = SDL_CreateTexture(
                renderer_, SDL_PIXELFORMAT_RGBA32, SDL_TEXTUREACCESS_STATIC, size.width, size.height);
            if (texture_ == nullptr)
                return fail(sdl_error(Errc::Io, "texture"));
            texture_size_ = size;
            SDL_SetTextureBlendMode(texture_, SDL_BLENDMODE_BLEND);
            // Glyphs lie on whole pixels and are never scaled: filtering could only blur.
            SDL_SetTextureScaleMode(texture_, SDL_ScaleModeNearest);
        }
        constexpr std::uint8_t white = 255;
        std::vector<std::uint8_t> row(static_cast<std::size_t>(size.width) * 4, white);
        for (int y = 0; y < size.height; ++y) {
            for (std::size_t x = 0; x < static_cast<std::size_t>(size.width); ++x)
                row[x * 4 + 3] = *coverage++;
            SDL_Rect const line {0, y, size.width, 1};
            if (SDL_UpdateTexture(texture_, &line, row.data(), size.width * 4) != 0)
                return fail(sdl_error(Errc::Io, "texture"));
        }
        return {};
    }

    Result<int> add_picture(PixelSize size, std::uint32_t const* pixels) override
    {
        SDL_Texture* const picture = SDL_CreateTexture(
            renderer_, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STATIC, size.width, size.height);
        if (picture == nullptr || SDL_UpdateTexture(picture, nullptr, pixels, size.width * 4) != 0) {
            auto const error = sdl_error(Errc::Io, "picture");
            SDL_DestroyTexture(picture);
            return fail(error);
        }
        SDL_SetTextureBlendMode(picture, SDL_BLENDMODE_BLEND);
        SDL_SetTextureScaleMode(picture, SDL_ScaleModeNearest);
        pictures_.emplace(++last_picture_, picture);
        return last_picture_;
    }

    void remove_picture(int texture) override
    {
        if (auto const found = pictures_.find(texture); found != pictures_.end()) {
            SDL_DestroyTexture(found->second);
            pictures_.erase(found);
        }
    }

    void begin() override
    {
        SDL_RenderSetClipRect(renderer_, nullptr);
        SDL_SetRenderDrawColor(renderer_, 0, 0, 0, SDL_ALPHA_OPAQUE);
        SDL_RenderClear(renderer_);
    }

    void draw(std::span<GpuVertex const> vertices, std::span<std::uint16_t const> indices, PixelRect clip,
        int texture) override
    {
        auto const picture = pictures_.find(texture);
        if (vertices.empty() || indices.empty()
            || (texture != coverage_texture && picture == pictures_.end()))
            return;
        SDL_Rect const area {clip.x, clip.y, clip.width, clip.height};
        SDL_RenderSetClipRect(renderer_, &area);
        static_assert(sizeof(SDL_Color) == sizeof(GpuVertex::colour));
        constexpr int stride = sizeof(GpuVertex);
        SDL_RenderGeometryRaw(renderer_, texture == coverage_texture ? texture_ : picture->second,
            &vertices.front().x, stride, reinterpret_cast<SDL_Color const*>(&vertices.front().colour), stride,
            &vertices.front().u, stride, static_cast<int>(vertices.size()), indices.data(),
            static_cast<int>(indices.size()), sizeof(std::uint16_t));
    }

    void present() override { SDL_RenderPresent(renderer_); }

    Result<Picture> read_back() override
    {
        int width = 0;
        int height = 0;
        SDL_GetRendererOutputSize(renderer_, &width, &height);
        Picture picture(width, height);
        SDL_RenderSetClipRect(renderer_, nullptr);
        if (SDL_RenderReadPixels(
                renderer_, nullptr, SDL_PIXELFORMAT_ARGB8888, picture.pixels.data(), width * 4)
            != 0)
            return fail(sdl_error(Errc::Io, "reading pixels"));
        return picture;
    }

private:
    SDL_Renderer* renderer_;
    SDL_Surface* surface_;
    SDL_Texture* texture_ = nullptr;
    PixelSize texture_size_;
    std::map<int, SDL_Texture*> pictures_;
    int last_picture_ = coverage_texture;
};

/// OpenGL in software answers as if it were a GPU; only its name tells.
bool is_software_opengl()
{
    using GetString = unsigned char const* (*)(unsigned);
    constexpr unsigned gl_renderer = 0x1F01;
    auto const get_string = reinterpret_cast<GetString>(SDL_GL_GetProcAddress("glGetString"));
    auto const* const name = get_string != nullptr ? get_string(gl_renderer) : nullptr;
    if (name == nullptr)
        return false;
    std::string_view const renderer = reinterpret_cast<char const*>(name);
    for (std::string_view const software : {"llvmpipe", "softpipe", "swrast", "Software Rasterizer", "SWR"}) {
        if (renderer.find(software) != std::string_view::npos)
            return true;
    }
    return false;
}

}

Result<std::unique_ptr<GpuCanvas>> create_window_canvas(SDL_Window* window, Accelerator accelerator)
{
    SDL_Renderer* const renderer
        = SDL_CreateRenderer(window, -1, SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC);
    if (renderer == nullptr)
        return fail(sdl_error(Errc::Unreachable, "no accelerated renderer"));
    SDL_RendererInfo info;
    bool const is_accelerated
        = SDL_GetRendererInfo(renderer, &info) == 0 && (info.flags & SDL_RENDERER_ACCELERATED) != 0;
    if (!is_accelerated || (accelerator == Accelerator::RealGpu && is_software_opengl())) {
        SDL_DestroyRenderer(renderer);
        return fail(Errc::Unreachable, "no accelerated renderer: only software");
    }
    return std::make_unique<SdlGpuCanvas>(renderer, nullptr);
}

Result<std::unique_ptr<GpuCanvas>> create_software_canvas(PixelSize size)
{
    SDL_Surface* const surface
        = SDL_CreateRGBSurfaceWithFormat(0, size.width, size.height, 32, SDL_PIXELFORMAT_ARGB8888);
    SDL_Renderer* const renderer = surface != nullptr ? SDL_CreateSoftwareRenderer(surface) : nullptr;
    if (renderer == nullptr) {
        SDL_FreeSurface(surface);
        return fail(sdl_error(Errc::Io, "software renderer"));
    }
    return std::make_unique<SdlGpuCanvas>(renderer, surface);
}

}

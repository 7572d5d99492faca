#include "kiosk/ui/png_stream.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <zlib.h>

/// PNG: ISO/IEC 15948. One IDAT, so that a PDF can take it over as it is.
namespace listenpost::kiosk {
namespace {

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
constexpr double inches_per_metre = 1 / 0.0254;

void append_number(std::string& out, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xFF);
}

void append_chunk(std::string& out, std::string_view type, std::string_view data)
{
    append_number(out, static_cast<std::uint32_t>(data.size()));
    std::size_t const from = out.size();
    out += type;
    out += data;
    append_number(out,
        static_cast<std::uint32_t>(::crc32(
            0, reinterpret_cast<Bytef const*>(out.data() + from), static_cast<uInt>(out.size() - from))));
}

}

struct PngStream::Deflater {
    z_stream zlib {};
    std::string out;

    Deflater() = default;
    Deflater(Deflater const&) = delete;
    Deflater& operator=(Deflater const&) = delete;
    ~Deflater() { ::deflateEnd(&zlib); }

    Result<> feed(unsigned char const* bytes, std::size_t size, int flush)
    {
        std::array<unsigned char, 16 * 1024> piece {};
        zlib.next_in = const_cast<Bytef*>(bytes);
        zlib.avail_in = static_cast<uInt>(size);
        do {
            zlib.next_out = piece.data();
            zlib.avail_out = static_cast<uInt>(piece.size());
            if (::deflate(&zlib, flush) == Z_STREAM_ERROR)
                return fail(Errc::Io, "png: zlib's state is broken");
            out.append(reinterpret_cast<char const*>(piece.data()), piece.size() - zlib.avail_out);
        } while (zlib.avail_out == 0);
        return {};
    }
};

PngStream::PngStream(std::unique_ptr<Deflater> deflater)
    : deflater_(std::move(deflater))
{
}

PngStream::PngStream(PngStream&&) noexcept = default;
PngStream::~PngStream() = default;

Result<PngStream> PngStream::create(PixelSize size, int dots_per_inch)
{
    auto deflater = std::make_unique<Deflater>();
    if (::deflateInit(&deflater->zlib, Z_DEFAULT_COMPRESSION) != Z_OK)
        return fail(Errc::Io, "png: no memory for zlib");
    PngStream stream(std::move(deflater));
    std::string header;
    append_number(header, static_cast<std::uint32_t>(size.width));
    append_number(header, static_cast<std::uint32_t>(size.height));
    header
        += std::string_view("\x08\x02\x00\x00\x00", 5); // eight bits of red, green and blue; not interlaced
    std::string dots;
    for (int axis = 0; axis < 2; ++axis)
        append_number(dots, static_cast<std::uint32_t>(std::lround(dots_per_inch * inches_per_metre)));
    dots += '\x01'; // per metre
    stream.head_ = signature;
    append_chunk(stream.head_, "IHDR", header);
    append_chunk(stream.head_, "pHYs", dots);
    return stream;
}

Result<> PngStream::append(PixelSpan rows)
{
    for (int y = 0; y < rows.height; ++y) {
        row_.assign(1, 0); // no filter: most of a page is one colour
        for (int x = 0; x < rows.width; ++x)
            for (int const shift : {16, 8, 0})
                row_.push_back(static_cast<unsigned char>(rows.row(y)[x] >> shift));
        LISTENPOST_TRY(deflater_->feed(row_.data(), row_.size(), Z_NO_FLUSH));
    }
    return {};
}

Result<std::string> PngStream::finish()
{
    LISTENPOST_TRY(deflater_->feed(nullptr, 0, Z_FINISH));
    std::string file = std::move(head_);
    append_chunk(file, "IDAT", deflater_->out);
    append_chunk(file, "IEND", {});
    return file;
}

}

#include "sync/wire/compression.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <zlib.h>
#include <zstd.h>

namespace listenpost::sync {
namespace {

/// 2^23: what RFC 8878 asks every reader to take, and more than a batch may hold.
constexpr int max_window_log = 23;
constexpr int gzip_window_bits = 15 + 16; // 32 KiB, with gzip's header and checksum
/// A batch is short, and its responses differ only in a few places: a small table that
/// takes long matches first finds all there is to find. Measured by drain_bench.
constexpr std::pair<ZSTD_cParameter, int> batch_parameters[] = {
    {ZSTD_c_strategy, ZSTD_lazy2},
    {ZSTD_c_windowLog, 20},
    {ZSTD_c_hashLog, 14},
    {ZSTD_c_chainLog, 14},
    {ZSTD_c_searchLog, 5},
    {ZSTD_c_minMatch, 6},
};
constexpr std::size_t first_room = 64UL * 1024;

tl::unexpected<Error> too_long(std::size_t max_bytes)
{
    return fail(Errc::Full, "unpacks to more than " + std::to_string(max_bytes) + " bytes");
}

/// More room in `out`, up to one byte beyond the limit: that byte tells a body of
/// exactly the limit from a longer one.
void grow(std::string& out, std::size_t max_bytes)
{
    std::size_t const wanted = std::max(first_room, out.size() * 2);
    out.resize(std::min(std::max(wanted, out.capacity()), max_bytes + 1));
}

}

char const* name(Encoding encoding)
{
    switch (encoding) {
    case Encoding::Identity:
        return "identity";
    case Encoding::Gzip:
        return "gzip";
    case Encoding::Zstd:
        return "zstd";
    }
    return "unknown";
}

std::optional<Encoding> encoding_from_name(std::string_view header)
{
    std::string lower(header);
    std::ranges::transform(
        lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (lower.empty() || lower == "identity")
        return Encoding::Identity;
    if (lower == "gzip" || lower == "x-gzip")
        return Encoding::Gzip;
    if (lower == "zstd")
        return Encoding::Zstd;
    return std::nullopt;
}

struct Compressor::Impl {
    explicit Impl(std::optional<int> zstd_level, int level_of_gzip = Z_DEFAULT_COMPRESSION)
        : zstd(ZSTD_createCCtx())
        , gzip_level(level_of_gzip)
    {
        if (zstd && zstd_level)
            ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, *zstd_level);
        else if (zstd)
            for (auto const& [parameter, value] : batch_parameters)
                ZSTD_CCtx_setParameter(zstd, parameter, value);
    }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    ~Impl()
    {
        ZSTD_freeCCtx(zstd);
        if (gzip_ready)
            deflateEnd(&gzip);
    }

    Result<> zstd_compress(std::string_view bytes, std::string& out)
    {
        if (!zstd)
            return fail(Errc::Full, "no memory for zstd");
        out.resize(ZSTD_compressBound(bytes.size()));
        std::size_t const size = ZSTD_compress2(zstd, out.data(), out.size(), bytes.data(), bytes.size());
        if (ZSTD_isError(size) != 0)
            return fail(Errc::Full, std::string("zstd: ") + ZSTD_getErrorName(size));
        out.resize(size);
        return {};
    }

    Result<> gzip_compress(std::string_view bytes, std::string& out)
    {
        if (bytes.size() > std::numeric_limits<uInt>::max())
            return fail(Errc::Full, "too long for gzip");
        int const started = gzip_ready
            ? deflateReset(&gzip)
            : deflateInit2(&gzip, gzip_level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY);
        if (started != Z_OK)
            return fail(Errc::Full, "no memory for gzip");
        gzip_ready = true;
        out.resize(deflateBound(&gzip, bytes.size()));
        gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        gzip.avail_in = static_cast<uInt>(bytes.size());
        gzip.next_out = reinterpret_cast<Bytef*>(out.data());
        gzip.avail_out = static_cast<uInt>(out.size());
        if (deflate(&gzip, Z_FINISH) != Z_STREAM_END)
            return fail(Errc::Full, "gzip did not end");
        out.resize(out.size() - gzip.avail_out);
        return {};
    }

    ZSTD_CCtx* zstd;
    int gzip_level;
    z_stream gzip {};
    bool gzip_ready = false;
};

Compressor::Compressor(std::optional<int> zstd_level)
    : impl_(std::make_unique<Impl>(zstd_level))
{
}
Compressor::Compressor(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl))
{
}
Compressor Compressor::quick() { return Compressor(std::make_unique<Impl>(1, Z_BEST_SPEED)); }
Compressor::Compressor(Compressor&&) noexcept = default;
Compressor& Compressor::operator=(Compressor&&) noexcept = default;
Compressor::~Compressor() = default;

Result<> Compressor::compress(Encoding encoding, std::string_view bytes, std::string& out)
{
    switch (encoding) {
    case Encoding::Zstd:
        return impl_->zstd_compress(bytes, out);
    case Encoding::Gzip:
        return impl_->gzip_compress(bytes, out);
    case Encoding::Identity:
        break;
    }
    out.assign(bytes);
    return {};
}

struct Decompressor::Impl {
    Impl()
        : zstd(ZSTD_createDCtx())
    {
        if (zstd)
            ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, max_window_log);
    }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    ~Impl()
    {
        ZSTD_freeDCtx(zstd);
        if (gzip_ready)
            inflateEnd(&gzip);
    }

    Result<> unzstd(std::string_view bytes, std::size_t max_bytes, std::string& out)
    {
        if (!zstd)
            return fail(Errc::Full, "no memory for zstd");
        ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only);
        // A frame that tells its size is unpacked in one pass into room of that size.
        // What it tells is only believed within the limit.
        auto const told = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
        bool const knows = told != ZSTD_CONTENTSIZE_UNKNOWN && told != ZSTD_CONTENTSIZE_ERROR;
        if (knows && told > max_bytes)
            return too_long(max_bytes);
        out.resize(knows ? static_cast<std::size_t>(told) : 0);

        ZSTD_inBuffer in {bytes.data(), bytes.size(), 0};
        std::size_t filled = 0;
        std::size_t hint = 1;
        while (hint != 0 || in.pos < in.size) {
            ZSTD_outBuffer room {out.data(), out.size(), filled};
            std::size_t const before = in.pos;
            hint = ZSTD_decompressStream(zstd, &room, &in);
            if (ZSTD_isError(hint) != 0)
                return fail(Errc::Invalid, std::string("not a zstd body: ") + ZSTD_getErrorName(hint));
            bool const moved = room.pos > filled || in.pos > before;
            filled = room.pos;
            if (filled > max_bytes)
                return too_long(max_bytes);
            if (filled == out.size() && (hint != 0 || in.pos < in.size))
                grow(out, max_bytes);
            else if (!moved || (hint != 0 && in.pos == in.size))
                return fail(Errc::Invalid, "the zstd body is cut off");
        }
        out.resize(filled);
        return {};
    }

    Result<> gunzip(std::string_view bytes, std::size_t max_bytes, std::string& out)
    {
        if (bytes.size() > std::numeric_limits<uInt>::max() || max_bytes >= std::numeric_limits<uInt>::max())
            return fail(Errc::Full, "too long for gzip");
        if (!gzip_ready && inflateInit2(&gzip, gzip_window_bits) != Z_OK)
            return fail(Errc::Full, "no memory for gzip");
        gzip_ready = true;
        inflateReset(&gzip);
        out.clear();
        gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        gzip.avail_in = static_cast<uInt>(bytes.size());
        std::size_t filled = 0;
        for (;;) {
            if (filled == out.size())
                grow(out, max_bytes);
            gzip.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
            gzip.avail_out = static_cast<uInt>(out.size() - filled);
            int const code = inflate(&gzip, Z_NO_FLUSH);
            filled = out.size() - gzip.avail_out;
            if (filled > max_bytes)
                return too_long(max_bytes);
            if (code == Z_STREAM_END && gzip.avail_in == 0)
                break;
            if (code == Z_STREAM_END)
                inflateReset(&gzip); // a gzip file may be several, one after the other
            else if (code == Z_BUF_ERROR || (code == Z_OK && gzip.avail_in == 0 && gzip.avail_out > 0))
                return fail(Errc::Invalid, "the gzip body is cut off");
            else if (code != Z_OK)
                return fail(Errc::Invalid, std::string("not a gzip body: ") + (gzip.msg ? gzip.msg : "?"));
        }
        out.resize(filled);
        return {};
    }

    ZSTD_DCtx* zstd;
    z_stream gzip {};
    bool gzip_ready = false;
};

Decompressor::Decompressor()
    : impl_(std::make_unique<Impl>())
{
}
Decompressor::Decompressor(Decompressor&&) noexcept = default;
Decompressor& Decompressor::operator=(Decompressor&&) noexcept = default;
Decompressor::~Decompressor() = default;

Result<> Decompressor::decompress(
    Encoding encoding, std::string_view bytes, std::size_t max_bytes, std::string& out)
{
    Result<> done;
    if (encoding == Encoding::Zstd)
        done = impl_->unzstd(bytes, max_bytes, out);
    else if (encoding == Encoding::Gzip)
        done = impl_->gunzip(bytes, max_bytes, out);
    else if (bytes.size() > max_bytes)
        done = fail(Errc::Full, "is longer than " + std::to_string(max_bytes) + " bytes");
    else
        out.assign(bytes);
    if (!done)
        out.clear();
    return done;
}

Result<std::string> compress(Encoding encoding, std::string_view bytes)
{
    std::string out;
    LISTENPOST_TRY(Compressor().compress(encoding, bytes, out));
    return out;
}

Result<std::string> decompress(Encoding encoding, std::string_view bytes, std::size_t max_bytes)
{
    std::string out;
    LISTENPOST_TRY(Decompressor().decompress(encoding, bytes, max_bytes, out));
    return out;
}

}

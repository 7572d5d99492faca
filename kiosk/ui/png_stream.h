#pragma once

#include "platform/base/pixels.h"
#include "platform/base/result.h"

#include <memory>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// A PNG of rows that come band by band, without transparency: write_png() for a picture that is not in
/// memory as a whole.
class PngStream {
public:
    /// Errors: Io (zlib has no memory).
    static Result<PngStream> create(PixelSize size, int dots_per_inch);
    PngStream(PngStream&&) noexcept;
    PngStream& operator=(PngStream&&) = delete;
    ~PngStream();

    /// The next rows; as wide as the picture. Errors: Io.
    Result<> append(PixelSpan rows);
    /// The whole file, once all rows were given. Errors: Io.
    Result<std::string> finish();

private:
    struct Deflater;
    explicit PngStream(std::unique_ptr<Deflater> deflater);

    std::unique_ptr<Deflater> deflater_;
    std::string head_;
    std::vector<unsigned char> row_;
};

}

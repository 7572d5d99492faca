#include "kiosk/ui/picture.h"
#include "tests/fuzz/require.h"

using listenpost::test::require;

// Whatever the bytes: no crash, and what is accepted keeps to the limits and can be
// scaled down and up.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace listenpost;
    using namespace listenpost::kiosk;
    auto const picture = decode_picture({data, size});
    if (!picture)
        return 0;
    auto const [width, height] = picture->size;
    require(width > 0 && width <= largest_picture_side && height > 0 && height <= largest_picture_side);
    require(picture->pixels.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (PixelSize const box : {PixelSize {7, 5}, PixelSize {60, 40}}) {
        PixelSize const fit = fitted(picture->size, box);
        require(fit.width <= box.width && fit.height <= box.height);
        ScreenPicture const scaled(*picture, fit);
        require(scaled.row(fit.height - 1) + fit.width - 1 - scaled.pixels() == fit.width * fit.height - 1);
    }
    return 0;
}

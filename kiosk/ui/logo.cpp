#include "kiosk/ui/logo.h"

namespace listenpost::kiosk {

void Logo::set(std::optional<DecodedPicture> picture)
{
    sizes_.clear();
    picture_ = std::move(picture);
}

ScreenPicture const& Logo::in(PixelSize box)
{
    PixelSize const size = fitted(picture_->size, box);
    for (auto const& each : sizes_)
        if (each.size() == size)
            return each;
    // Only a window that changes its size again and again asks for many.
    constexpr std::size_t most_sizes = 8;
    if (sizes_.size() == most_sizes)
        sizes_.pop_front();
    return sizes_.emplace_back(*picture_, size);
}

}

#pragma once

#include "kiosk/ui/picture.h"

#include <deque>
#include <optional>

namespace listenpost::kiosk {

/// A chain's own picture, at each size in which the screens draw it. Threads: the UI's.
class Logo {
public:
    /// None until one is given: the screens draw the product's mark.
    void set(std::optional<DecodedPicture> picture);
    bool is_there() const { return picture_.has_value(); }

    /// The largest that fits into the box; lives until set(), or until many other sizes
    /// were asked for. Only if there is one.
    ScreenPicture const& in(PixelSize box);

private:
    std::optional<DecodedPicture> picture_;
    std::deque<ScreenPicture> sizes_;
};

}

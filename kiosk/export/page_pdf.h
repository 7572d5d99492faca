#pragma once

#include "platform/base/result.h"

#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// One page of paper that shows a PNG at the size that the PNG says (pHYs): PDF 1.4 with the PNG's own
/// compressed rows, so that nothing is decoded. Takes 8-bit RGB that is not interlaced, as Page::png() makes
/// it. Errors: Invalid (another PNG, or none).
Result<std::string> pdf_of_png(std::string_view png);

}

#pragma once

#include "kiosk/options.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <string>

namespace listenpost::kiosk {

/// The week on one page as a PNG, from what the box in `options.data` has counted: as of now, in
/// `options.language`, with the store's name and zone as the screen has them. Beside a running kiosk too: it
/// only reads. Errors: NotFound (no kiosk has counted there yet), Invalid, Corrupt, Busy, Io.
Result<std::string> week_picture(Options const& options, Clock const& clock);

/// `--week-picture`: writes it to the file, or to standard output. The exit code.
int print_week(Options const& options, Clock const& clock);

}

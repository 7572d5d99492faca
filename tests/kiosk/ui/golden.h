#pragma once

#include "platform/base/pixels.h"

#include <string>

namespace listenpost::kiosk::test {

/// Fails the test unless the picture is, pixel for pixel, tests/kiosk/ui/golden/NAME.png.
/// With LISTENPOST_UPDATE_GOLDEN in the environment it becomes that picture instead: look
/// at it before it is committed.
void compare_with_golden(Picture actual, std::string const& name);

}

#pragma once

#include "kiosk/model/survey.h"
#include "kiosk/ui/theme.h"

namespace listenpost::kiosk {

/// The palette in a chain's colours. What the chain did not choose is derived from what
/// it did, so that whatever the survey reader accepts keeps its contrast: text 4.5:1, the
/// main button 3:1 on its ground. Faces keep their colours: they mean something.
theme::Palette branded(theme::Palette palette, Branding const& branding);

}

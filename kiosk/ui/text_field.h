#pragma once

#include "kiosk/ui/widgets.h"

namespace listenpost::kiosk {

/// What is being written, with what is still being composed underlined behind it and the
/// caret at its end. What was typed last is always to be seen: a long text loses its
/// beginning, never its end.
void draw_text_field(Ui& ui, Rect const& box, std::string_view placeholder);

}

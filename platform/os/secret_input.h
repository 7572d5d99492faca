#pragma once

#include "platform/base/result.h"

#include <string>
#include <string_view>

namespace listenpost {

/// Whether a person types what the program reads.
bool input_is_terminal();

/// A line of standard input, without its end. From a terminal it is asked for with `prompt` and not echoed; a
/// signal that ends the program meanwhile leaves a terminal that echoes again to the shell's care.
/// Errors: Io, NotFound (the input has ended), Full (longer than 1,024 bytes).
Result<std::string> read_secret(std::string_view prompt);

}

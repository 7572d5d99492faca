#pragma once

#include <cstddef>
#include <string>

namespace listenpost {

/// `bytes` bytes from the kernel's random generator, as lower-case hexadecimal.
/// Aborts when the kernel has none to give: a guessable token is worse than no program.
std::string random_hex(std::size_t bytes);

}

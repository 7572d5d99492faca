#pragma once

#include <string>
#include <sys/types.h>

namespace listenpost {

/// What the machine calls that user; the number where it knows no name for it.
std::string name_of_user(uid_t user);

/// Whose rights this process has.
std::string name_of_this_user();

}

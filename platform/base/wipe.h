#pragma once

#include <cstring>
#include <string>

namespace listenpost {

/// Overwrites what a secret stood in, and empties it; no compiler leaves that out. A string that was moved
/// from may still hold it: it wants this, too.
inline void wipe(std::string& secret)
{
    secret.resize(secret.capacity());
    ::explicit_bzero(secret.data(), secret.size());
    secret.clear();
}

}

#include "platform/os/user_name.h"

#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace listenpost {

std::string name_of_user(uid_t user)
{
    std::vector<char> buffer(16UL * 1024);
    passwd entry {};
    passwd* found = nullptr;
    if (::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return std::to_string(user);
    return found->pw_name;
}

std::string name_of_this_user() { return name_of_user(::geteuid()); }

}

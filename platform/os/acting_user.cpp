#include "platform/os/acting_user.h"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace listenpost {

Result<> act_as_owner(std::filesystem::path const& folder)
{
    struct stat found { };
    if (::geteuid() != 0 || ::stat(folder.c_str(), &found) != 0 || found.st_uid == 0)
        return {};
    // In this order: who is not root any more may not choose a group.
    if (::setresgid(found.st_gid, found.st_gid, found.st_gid) != 0
        || ::setresuid(found.st_uid, found.st_uid, found.st_uid) != 0)
        return fail(Errc::Io,
            "cannot act as the owner of " + folder.string() + ": " + std::strerror(errno)
                + " (give this command as that user)");
    return {};
}

}

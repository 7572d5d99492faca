#include "sync/hub/storage_trouble.h"

#include "platform/base/log.h"

namespace listenpost::sync {

ApiReply storage_trouble(Error const& error, std::string_view cure_of_damage)
{
    log(LogLevel::Error, "storage_failed", {{"code", name(error.code)}, {"detail", error.detail}});
    if (error.code == Errc::Corrupt)
        return error_reply(500, "damaged", cure_of_damage);
    return later_reply("storage", "the hub cannot store or read at the moment");
}

}

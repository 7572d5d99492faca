#pragma once

#include "platform/base/result.h"
#include "sync/hub/api_types.h"

namespace listenpost::sync {

/// Logs what the storage said; the caller is told only to come later, or where something is damaged, what to
/// do.
ApiReply storage_trouble(Error const& error,
    std::string_view cure_of_damage = "the hub's database is damaged: put back a backup; its log says where");

}

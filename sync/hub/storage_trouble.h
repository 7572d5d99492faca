#pragma once

#include "platform/base/result.h"
#include "sync/hub/api_types.h"

namespace listenpost::sync {

/// Logs what the storage said; the caller is told only to come later.
ApiReply storage_trouble(Error const& error);

}

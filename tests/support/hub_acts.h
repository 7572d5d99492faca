#pragma once

#include "sync/hub/registry.h"

namespace listenpost::test {

/// Somebody's act as the hub's admin.
inline sync::Act act_at(std::int64_t at_ms) { return {"unix:tester", at_ms}; }

}

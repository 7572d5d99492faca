#pragma once

#include "sync/hub/storage.h"

#include <string>

namespace listenpost::sync {

/// Appends one line for HQ: the hub's fields, then the response's own as they were sent.
void append_ndjson(std::string& out, LogRow const& row);

}

#pragma once

#include "sync/hub/api_types.h"
#include "sync/hub/summary.h"

#include <stop_token>
#include <string_view>

namespace listenpost::sync {

/// The whole reply to `GET /v1/summary?…` and to `GET /v1/ranking?…`, of what the asker may see. Blocks for
/// as long as the storage does; once `stop` is asked for, no longer than until the next row: 503 `stopping`.
ApiReply summary_reply(StorageReader& reader, std::string_view target, MaySee const& may_see,
    std::int64_t now_ms, std::stop_token const& stop = {});
ApiReply ranking_reply(StorageReader& reader, std::string_view target, MaySee const& may_see,
    std::int64_t now_ms, std::stop_token const& stop = {});

}

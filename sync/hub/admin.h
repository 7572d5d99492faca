#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace listenpost::sync {

class Storage;

/// Carries out one admin request and says what came of it: JSON in, one line of JSON out.
/// The same function serves a command that opened the database itself and one that came
/// through a running hub's admin.sock.
///
///   {"op":"store.add","id","name","region"?,"city"?,"timezone"?}  -> {"store"}
///   {"op":"store.list"}                     -> {"stores":[…]}
///   {"op":"device.invite","store","name"}   -> {"code","expires_ms"}
///   {"op":"device.list"}                    -> {"devices":[…]}: each with its last heartbeat, or null
///   {"op":"device.revoke","device"}         -> {"device"}
///   {"op":"token.add","role","name"}        -> {"token"}
/// On failure {"error":{"code","detail"}}. Replies hold secrets: they are for the caller's
/// eyes, never for a log.
std::string run_admin_request(Storage& storage, std::string_view request, std::int64_t now_ms);

}

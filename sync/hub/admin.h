#pragma once

#include <string>
#include <string_view>

namespace listenpost::sync {

struct Act;
class Storage;

/// Carries out one admin request and says what came of it: JSON in, one line of JSON out.
/// The same function serves a command that opened the database itself and one that came
/// through a running hub's admin.sock.
///
///   {"op":"store.add","id","name","region"?,"city"?,"timezone"?}  -> {"store"}
///   {"op":"store.set","id","name"?,"region"?,"city"?}             -> {"store"}
///   {"op":"store.list"}                     -> {"stores":[…]}
///   {"op":"device.invite","store","name"}   -> {"code","expires_ms"}
///   {"op":"device.list"}                    -> {"devices":[…]}: each with its last heartbeat, or null
///   {"op":"device.revoke","device"}         -> {"device"}
///   {"op":"token.add","role","name","expires_days"? | "expires"? (YYYY-MM-DD, the last day, UTC),
///    "region"?:[…],"city"?:[…],"store"?:[…]}                      -> {"token"}
///   {"op":"token.revoke","name"}            -> {"name"}
///   {"op":"token.list"}                     -> {"tokens":[…]}: what each may, never what it is
///   {"op":"pin.set","hash","region"?:[…],"city"?:[…],"store"?:[…]}
///                                           -> {"ids":[…]}: the stores whose manager's PIN it is now
///   {"op":"pin.clear","region"?…}           -> {"ids":[…]}: those stores that had one
///   {"op":"pin.list"}                       -> {"pins":[…]}: which box has it, never the hash
///   {"op":"response.erase","id"} (INSTALL:SEQ)                    -> {"response"}; see Storage::erase_text
///   {"op":"response.erasures"}              -> {"erasures":[…]}: which boxes have erased it too
///   {"op":"survey.add","json"}              -> {"survey","version"}
///   {"op":"audit.list","since"?}            -> {"audit":[…]}; since: see parse_moment()
/// What changes something is written into the audit log as `act` says. On failure
/// {"error":{"code","detail"}}. Replies and pin.set hold secrets: they are for the caller's eyes, never for a
/// log.
std::string run_admin_request(Storage& storage, std::string_view request, Act const& act);

}

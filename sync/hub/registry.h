#pragma once

#include "platform/base/result.h"
#include "sync/hub/scope.h"
#include "sync/wire/heartbeat.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

struct Store {
    std::string id;
    std::string name;
    std::string region;
    std::string city;
    std::string timezone; ///< IANA
    friend bool operator==(Store const&, Store const&) = default;
};

struct Device {
    std::string id;
    std::string store;
    std::string name;
    std::int64_t enrolled_ms = 0;
    std::optional<std::int64_t> revoked_ms;
    /// The last one that came.
    struct Seen {
        std::int64_t received_ms = 0;
        Heartbeat heartbeat;
        /// When it first said what it says of the manager's PIN (which one is there, not whether it counts).
        std::int64_t pin_ms = 0;
    };
    std::optional<Seen> seen;
};

/// That HQ has given a store a PIN for the manager's view. The hash itself goes to boxes alone.
struct StorePin {
    std::string store;
    std::string fingerprint; ///< sha256_hex() of the hash
    std::int64_t set_ms = 0;
    friend bool operator==(StorePin const&, StorePin const&) = default;
};

/// What is to be another than before.
struct StoreChange {
    std::optional<std::string> name, region, city;
};

/// Reader: pulls. Admin: pulls too, and what later routes ask for.
enum class Role { Reader, Admin };
char const* name(Role role);

/// What a token of HQ's may do, and until when.
struct Grant {
    std::string name; ///< of the token
    Role role = Role::Reader;
    Scope scope {}; ///< all that its bearer sees of the chain
    std::optional<std::int64_t> expires_ms {}; ///< from this moment on it is refused
    std::int64_t created_ms = 0;
    std::optional<std::int64_t> revoked_ms {};

    bool is_expired(std::int64_t now_ms) const { return expires_ms && now_ms >= *expires_ms; }
    friend bool operator==(Grant const&, Grant const&) = default;
};

// For SQL: a token's columns that a Grant is made of.
#define LISTENPOST_GRANT "name, role, scope, expires_ms, created_ms, revoked_ms"
inline constexpr int grant_columns = 6;

/// Who does something to the hub as its admin, and when. `who`: `unix:` and the user that gave the
/// command, or `token:` and the token's name.
struct Act {
    std::string who;
    std::int64_t at_ms = 0;
};

/// A line of the audit log.
struct AuditLine {
    std::int64_t at_ms = 0;
    std::string who; ///< see Act
    std::string what; ///< the admin request's name, `store.add`
    std::string object; ///< the store's or device's id, the token's name, …
    std::string detail; ///< for people; may be empty
    friend bool operator==(AuditLine const&, AuditLine const&) = default;
};

struct EnrolledDevice {
    std::string device;
    Store store;
};

/// Who may talk to the hub, and where: stores, invites, devices and tokens. A part of a Storage, under its
/// rules: every change is durable when its call returns, and secrets come in as hashes only. What takes an
/// Act writes its line of the audit log in the transaction of the change: one is not there without the other.
/// Threads: one at a time, and not beside another function of the Storage but ingest().
class Registry {
public:
    virtual ~Registry() = default;

    /// Errors: Invalid (a store of that id exists); Full, Busy, Corrupt, Io, Unreachable as everywhere here.
    virtual Result<> add_store(Store const& store, Act const& act) = 0;
    /// Errors: NotFound.
    virtual Result<> change_store(std::string_view store, StoreChange const& change, Act const& act) = 0;
    virtual Result<std::vector<Store>> stores() = 0;

    /// Errors: NotFound (store).
    virtual Result<> add_invite(std::string_view code_hash, std::string_view store, std::string_view name,
        std::int64_t expires_ms, Act const& act)
        = 0;
    /// Uses the invite up and makes the device. `name`: the box's own, if the invite has none.
    /// Errors: Unauthorized (no such invite, used, or expired at `now_ms`).
    virtual Result<EnrolledDevice> enrol(std::string_view code_hash, std::string_view device,
        std::string_view token_hash, std::string_view name, std::int64_t now_ms)
        = 0;
    virtual Result<std::vector<Device>> devices() = 0;
    /// From now on its token is refused. Revoking again changes nothing. Errors: NotFound.
    virtual Result<> revoke_device(std::string_view device, Act const& act) = 0;

    /// Gives these stores a PIN in place of the one that each may have: their boxes, those enrolled later
    /// too, get the hash in the reply to a heartbeat (Storage::keep_heartbeats). For all of them or for none.
    /// Errors: NotFound (no such store).
    virtual Result<> set_pin(std::span<std::string const> stores, std::string_view hash, Act const& act) = 0;
    /// From now on none is sent; boxes keep theirs. Errors: NotFound (one of them has none): nothing was
    /// done.
    virtual Result<> clear_pin(std::span<std::string const> stores, Act const& act) = 0;
    /// In the order of their stores.
    virtual Result<std::vector<StorePin>> pins() = 0;

    /// Of `grant`, `created_ms` and `revoked_ms` are not read.
    /// Errors: Invalid (a token of that name exists, or has existed: the audit log names tokens).
    virtual Result<> add_token(Grant const& grant, std::string_view token_hash, Act const& act) = 0;
    /// From now on it is refused. Revoking again changes nothing. Errors: NotFound.
    virtual Result<> revoke_token(std::string_view name, Act const& act) = 0;
    /// In the order of their names.
    virtual Result<std::vector<Grant>> tokens() = 0;

    /// What was done at `since_ms` or later, oldest first.
    virtual Result<std::vector<AuditLine>> audit(std::int64_t since_ms) = 0;
};

}

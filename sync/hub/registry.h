#pragma once

#include "platform/base/result.h"
#include "sync/wire/heartbeat.h"

#include <cstdint>
#include <optional>
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
    };
    std::optional<Seen> seen;
};

/// Reader: pulls. Admin: pulls too, and what later routes ask for.
enum class Role { Reader, Admin };
char const* name(Role role);

struct EnrolledDevice {
    std::string device;
    Store store;
};

/// Who may talk to the hub, and where: stores, invites, devices and tokens. A part of a Storage, under its
/// rules: every change is durable when its call returns, and secrets come in as hashes only.
/// Threads: one at a time, and not beside another function of the Storage but ingest().
class Registry {
public:
    virtual ~Registry() = default;

    /// Errors: Invalid (a store of that id exists); Full, Busy, Corrupt, Io, Unreachable as everywhere here.
    virtual Result<> add_store(Store const& store, std::int64_t now_ms) = 0;
    virtual Result<std::vector<Store>> stores() = 0;

    /// Errors: NotFound (store).
    virtual Result<> add_invite(
        std::string_view code_hash, std::string_view store, std::string_view name, std::int64_t expires_ms)
        = 0;
    /// Uses the invite up and makes the device. `name`: the box's own, if the invite has none.
    /// Errors: Unauthorized (no such invite, used, or expired at `now_ms`).
    virtual Result<EnrolledDevice> enrol(std::string_view code_hash, std::string_view device,
        std::string_view token_hash, std::string_view name, std::int64_t now_ms)
        = 0;
    virtual Result<std::vector<Device>> devices() = 0;
    /// From now on its token is refused. Revoking again changes nothing. Errors: NotFound.
    virtual Result<> revoke_device(std::string_view device, std::int64_t now_ms) = 0;

    /// Errors: Invalid (a token of that name exists).
    virtual Result<> add_token(
        std::string_view name, Role role, std::string_view token_hash, std::int64_t now_ms)
        = 0;
};

}

#pragma once

#include <filesystem>

namespace listenpost::sync {

/// What lies where in the hub's `--data DIR`.
struct DataFolder {
    std::filesystem::path root;

    std::filesystem::path database() const { return root / "hub.db"; }
    /// There if the hub stores in PostgreSQL instead.
    std::filesystem::path postgres_note() const { return root / "hub.postgres"; }
    /// Held by whoever writes the database: `serve`, or an admin command while it runs.
    std::filesystem::path lock() const { return root / "hub.lock"; }
    /// Where a running hub takes admin commands: a Unix socket for its owner alone.
    std::filesystem::path admin_socket() const { return root / "admin.sock"; }
    /// The address a running hub listens on, written once it does.
    std::filesystem::path url() const { return root / "hub.url"; }
};

}

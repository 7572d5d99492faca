#pragma once

#include "sync/hub/rate_limiter.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What listenpost-hub's command line can ask for. Each returns the program's exit code:
/// 0 done, 1 failed, 2 bad use; what went wrong is said on stderr.
namespace listenpost::sync {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_bad_use = 2;

/// "listenpost-hub: message" on stderr; returns `code`.
int complain(int code, std::string const& message);

struct ServeOptions {
    std::filesystem::path data;
    std::optional<std::string> postgres; ///< conninfo; nothing: SQLite, in `data`
    std::string listen = "127.0.0.1:8780"; ///< ADDR:PORT or [ADDR]:PORT
    std::filesystem::path tls_certificate;
    std::filesystem::path tls_key;
    double requests_per_address = Rates {}.address.per_second; ///< a second; 0: no limit
    double requests_per_device = Rates {}.device.per_second; ///< ditto
};
int run_serve(ServeOptions const& options);

enum class ListFormat { Text, Json };

/// Sends an admin request (see admin.h) and prints what matters of the reply.
struct AdminCommand {
    std::filesystem::path data; ///< unused with `postgres`
    std::optional<std::string> postgres; ///< conninfo: its tables are asked, whatever hubs run
    std::string request; ///< JSON
    ListFormat format = ListFormat::Text;
    std::chrono::seconds patience {10}; ///< with a running hub
};
int run_admin_command(AdminCommand const& command);

/// Where an admin command finds the hub, and the stores whose PIN it is about.
struct PinOptions {
    std::filesystem::path data; ///< unused with `postgres`
    std::optional<std::string> postgres; ///< conninfo
    std::map<std::string, std::vector<std::string>> scope; ///< names by kind: store, region, city
};
/// Reads the PIN from standard input (kiosk::ask_for_pin) and hashes it here: no other process has it.
int run_pin_set(PinOptions const& options);
int run_pin_clear(PinOptions const& options);

struct BackupOptions {
    std::filesystem::path data;
    std::filesystem::path file;
};
/// Beside a running hub.
int run_backup(BackupOptions const& options);
/// Into a data folder without a hub.db.
int run_restore(BackupOptions const& options);

enum class RollupAction { Check, Rebuild };
struct RollupOptions {
    std::filesystem::path data; ///< unused with `postgres`
    std::optional<std::string> postgres; ///< conninfo
    RollupAction action = RollupAction::Check;
};
/// Check: beside a running hub. Rebuild: of a SQLite file without one.
int run_rollup(RollupOptions const& options);

enum class PullFormat { Ndjson, Csv };
enum class PullMode { UntilNothingNew, Follow };

struct PullOptions {
    std::string hub; ///< https://hub.example:8780
    std::filesystem::path token_file;
    /// One of the three. Beside a file FILE.lock: two pulls would take the same rows.
    std::filesystem::path cursor_file;
    std::filesystem::path into; ///< a SQLite file that takes the rows, and the cursor
    std::optional<std::string> into_postgres; ///< conninfo of a database that takes both
    std::filesystem::path ca_file; ///< empty: the machine's
    PullFormat format = PullFormat::Ndjson;
    PullMode mode = PullMode::UntilNothingNew;
    /// Of a filter, by the names of PROTOCOL.md, not encoded; see take_filter_parameter().
    std::vector<std::pair<std::string, std::string>> filter;
};
int run_pull(PullOptions const& options);

}

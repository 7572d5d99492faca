#pragma once

#include "platform/base/result.h"
#include "sync/hub/commands.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace listenpost::sync {

/// How far HQ's pull has come, and of which responses: a cursor goes on only for the filter with which
/// it began, or what the other one had passed over would be missed.
struct PullPosition {
    std::string cursor;
    std::string filter; ///< to_query(); empty: everything
};

/// Where the rows of a pull go, and its position with them. Threads: one.
class PullTarget {
public:
    virtual ~PullTarget() = default;

    virtual PullFormat format() const = 0; ///< of the pages it takes
    /// Nothing: the first pull. Errors: any but NotFound.
    virtual Result<std::optional<PullPosition>> position() = 0;
    /// A page and the position after it. When it returns, both are kept, and durable if this is
    /// something durable; the position is never kept without the rows. `rows` may be empty.
    virtual Result<> take(std::string_view rows, PullPosition const& next) = 0;
    /// What holds the position, for messages.
    virtual std::string name() const = 0;
    /// What a person does to pull everything again.
    virtual std::string how_to_begin_anew() const = 0;
};

/// The standard output, and a cursor file. Stopped between the two, it will have the page's rows twice:
/// output knows no transaction. What a crash can leave in a file is rows that come again, and half a
/// line before them; never a row that is missing.
Result<std::unique_ptr<PullTarget>> open_output_target(
    std::filesystem::path const& cursor_file, PullFormat format);

/// A SQLite file of HQ's own, made if missing: tables `responses` and `events`, a row for each (install, seq)
/// with its main fields and the whole as JSON, and table `pull`. Rows and position in one transaction: each
/// response is there exactly once, whenever anything was killed.
Result<std::unique_ptr<PullTarget>> open_sqlite_target(std::filesystem::path const& file);

/// The same in a PostgreSQL database of HQ's own; the tables are made where the search path leads. The
/// server may go and come: Unreachable meanwhile. Two pulls at once do no harm, but for the work.
Result<std::unique_ptr<PullTarget>> open_postgres_target(std::string const& conninfo);

}

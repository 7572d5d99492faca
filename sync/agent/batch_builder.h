#pragma once

#include "platform/base/clock.h"
#include "platform/base/result.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/store_view.h"
#include "sync/wire/batch_writer.h"
#include "sync/wire/compression.h"

#include <optional>
#include <string>
#include <vector>

namespace listenpost::sync {

/// A batch that is on its way.
struct Batch {
    enum class Kind { Backlog, Retry };

    Kind kind = Kind::Backlog;
    std::string install;
    std::vector<std::int64_t> seqs; ///< ascending, at least one
    std::int64_t mark = 0; ///< of the install when it was built
    RowDigest last; ///< of seqs.back(): what the mark will stand for
    unsigned store = 0; ///< StoreView::generation() it was built from
    bool clock_was_set = false;
    SteadyTime sent {}; ///< when its `sent` was
    std::string packed; ///< what is sent
};

/// Builds batches out of store.db, never larger than the hub takes. Its room is used again
/// from batch to batch. Threads: one at a time.
class BatchBuilder {
public:
    explicit BatchBuilder(Clock const& clock)
        : clock_(clock)
    {
    }

    /// What `range` has beyond `after`, oldest first, at most `max_responses`.
    /// Nothing: there is none. Errors: Busy, Corrupt, Io.
    Result<std::optional<Batch>> backlog(
        StoreView& store, InstallRange const& range, std::int64_t after, std::size_t max_responses);

    /// Those of `seqs` (ascending) that the store has. Nothing: it has none.
    Result<std::optional<Batch>> selection(
        StoreView& store, std::string const& install, std::vector<std::int64_t> const& seqs);

    /// Gives a batch's room back.
    void recycle(Batch batch) { packed_ = std::move(batch.packed); }

private:
    Stamp begin(StoreView& store, std::string const& install, std::size_t max_responses);
    Result<std::optional<Batch>> pack(StoreView& store, std::string const& install, Stamp const& sent);

    Clock const& clock_;
    std::vector<kiosk::BootClock> boot_clocks_; ///< what writer_ takes from
    BatchWriter writer_;
    Compressor compressor_;
    std::string packed_;
};

}

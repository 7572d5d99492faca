#pragma once

#include "kiosk/model/boot_clock.h"
#include "kiosk/model/stored_response.h"
#include "platform/base/clock.h"
#include "sync/wire/limits.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// When a batch is full.
struct BatchLimits {
    std::size_t max_responses = limits::max_responses;
    /// Of the JSON, before it is packed. A quarter of what the hub unpacks: comments of
    /// the worst kind still pack below its limit, and a box never holds more than this.
    std::size_t max_bytes = limits::max_unpacked_bytes / 4;
};

/// Writes the JSON of a v1 batch (PROTOCOL.md), response by response, straight into
/// one string whose room is used again for the next batch.
/// The order of the fields is part of the price: what changes stands together, and
/// what is the same in every response is one long run that packs to a few bits.
/// Threads: one at a time.
class BatchWriter {
public:
    explicit BatchWriter(BatchLimits limits = {})
        : limits_(limits)
    {
    }

    /// Starts an empty batch. `sent`: the box's clocks now. `known`: what it knows of the
    /// clocks of its boots; the batch takes those of the boots that its responses name, and
    /// leaves out what the hub would refuse. Lives until finish().
    void begin(std::string_view install, Stamp const& sent, std::span<kiosk::BootClock const> known = {});
    /// False: the batch is full, and is as it was before. The first response always fits.
    bool add(kiosk::StoredResponse const& row);
    /// Ends the batch. The text lives until the next begin().
    std::string_view finish();

    /// What the batch holds, in its order.
    std::vector<std::int64_t> const& seqs() const { return seqs_; }

    /// Counts from the next add().
    void set_max_responses(std::size_t count) { limits_.max_responses = count; }

private:
    void append_response(kiosk::StoredResponse const& response);
    void append_event(kiosk::StoredResponse const& row);
    void take_clock_of(std::string_view boot);

    BatchLimits limits_;
    std::string json_;
    std::string sent_boot_;
    std::span<kiosk::BootClock const> known_;
    std::vector<std::string> named_boots_; ///< each once, sent_boot_ not among them
    std::string clocks_; ///< their JSON
    std::vector<std::int64_t> seqs_;
};

}

#pragma once

#include "kiosk/model/boot_clock.h"
#include "kiosk/model/response.h"
#include "platform/base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::sync {

/// Why one response is not taken; the box sets it aside for good.
struct RefusalReason {
    std::string code; ///< "invalid" or "conflict"
    std::string detail; ///< names the field; never quotes what a customer wrote
};

/// The box's clocks when it built the batch.
struct SentClocks {
    std::int64_t wall_ms = 0;
    std::int64_t steady_ms = 0;
    std::string boot;
    bool clock_set = false;
};

/// One response of a batch, or a staff event. Without a refusal every field follows PROTOCOL.md;
/// with one, only `seq` means anything, and where it `is_emptied`, `digest`.
struct ParsedResponse {
    std::int64_t seq = 0;
    std::int64_t opened_ms = 0;
    std::int64_t took_ms = 0;
    std::int64_t steady_ms = 0;
    std::string boot;
    bool clock_set = false;
    bool is_event = false; ///< a staff event: nothing that a customer said, and no response to be counted
    kiosk::Outcome outcome = kiosk::Outcome::Partial; ///< of a response
    std::uint64_t digest = 0; ///< see digest.h
    /// The whole object as it was sent, unknown fields included, without line breaks.
    /// Valid JSON; starts with '{' and a field. Lives as long as its ParsedBatch.
    std::string_view raw_json;
    std::optional<RefusalReason> refusal;
    /// It has no answers, and nothing else is wrong: so a box sends one that said nothing but what was
    /// erased. Refused unless that is what the hub has under its seq.
    bool is_emptied = false;
};

/// The digest of a response as its box would send it once it had erased what was written in it: an empty
/// `comment`, no `text`, and no answer that was nothing but text; of a staff event: without its `note`.
/// `json`: a row of the log. Errors: Corrupt (nothing that BatchParser takes).
Result<std::uint64_t> digest_without_text(std::string_view json);

/// A batch that could be read: each response is either good or refused.
struct ParsedBatch {
    std::string install; ///< 32 hex digits, lower case
    SentClocks sent;
    std::vector<ParsedResponse> responses; ///< seq strictly ascending
    std::vector<kiosk::BootClock> clocks; ///< of other boots; sorted by boot, each once

    /// About how much memory it holds.
    std::size_t bytes() const
    {
        return (text_ ? text_->size() : 0) + (compacted_ ? compacted_->size() : 0)
            + responses.size() * sizeof(ParsedResponse);
    }

private:
    friend class BatchParser;
    /// What raw_json points into. On the heap: moving a batch must not move the text.
    std::unique_ptr<std::string> text_;
    std::unique_ptr<std::string> compacted_;
};

/// The hub's reader of `POST /v1/batches`: takes bytes from anybody.
/// Threads: one at a time; keeps its working memory from batch to batch.
class BatchParser {
public:
    BatchParser();
    BatchParser(BatchParser&&) noexcept;
    BatchParser& operator=(BatchParser&&) noexcept;
    ~BatchParser();

    /// `text`: the unpacked body.
    /// Errors: Invalid (`bad_batch`: the whole cannot be read, or a response has no usable
    /// seq to refuse it by: halving finds the poisoned one), Full (more than
    /// limits::max_responses), NotFound (a wire version this hub does not speak).
    Result<ParsedBatch> parse(std::string text);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}

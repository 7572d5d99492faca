#pragma once

#include <cstddef>
#include <cstdint>

/// What wire v1 allows; PROTOCOL.md tells it to strangers. A hub may become more
/// generous, never stricter: boxes in the field keep sending what they were built to send.
namespace listenpost::sync::limits {

inline constexpr int wire_version = 1;

// One batch.
inline constexpr std::size_t max_responses = 1'000;
inline constexpr std::size_t max_clocks = max_responses; ///< one for each boot that the responses name
inline constexpr std::size_t max_packed_bytes = 256UL * 1024;
inline constexpr std::size_t max_unpacked_bytes = 4UL * 1024 * 1024;

/// Of an enrolment, packed or not: anybody may send one, so it must cost the hub nothing.
inline constexpr std::size_t max_enrol_bytes = 4UL * 1024;

/// Of a heartbeat, packed or not.
inline constexpr std::size_t max_heartbeat_bytes = 4UL * 1024;
inline constexpr std::size_t max_version_bytes = 40;
inline constexpr std::size_t max_told_installs = 32;
inline constexpr std::size_t max_told_erasures = 16;

// One response.
inline constexpr std::size_t max_response_bytes = 64UL * 1024;
inline constexpr std::size_t max_depth = 16; ///< nested lists and objects, the response itself included
inline constexpr std::size_t max_answers = 20;
inline constexpr std::size_t max_reasons = 20; ///< of one answer
inline constexpr std::size_t max_choices = 20; ///< of one answer
inline constexpr int lowest_score = 0; ///< faces start at 1, a recommendation (NPS) at 0
inline constexpr int highest_score = 10;
inline constexpr int max_minutes = 1'440; ///< a day
inline constexpr std::size_t max_text_characters = 140; ///< code points
inline constexpr std::size_t max_flags = 20;
inline constexpr std::size_t max_id_bytes
    = 64; ///< question, reason, choice, flag, survey, touchpoint, language
inline constexpr std::size_t max_boot_bytes = 40;
inline constexpr std::size_t max_comment_bytes = 2'000;
inline constexpr std::size_t install_digits = 32;

/// The largest integer that every JSON reader keeps exactly.
inline constexpr std::int64_t max_integer = 9'007'199'254'740'991;
/// The last millisecond of the year 9999.
inline constexpr std::int64_t max_wall_ms = 253'402'300'799'999;

// Pulling.
inline constexpr std::size_t default_pull_rows = 1'000;
inline constexpr std::size_t max_pull_rows = 10'000;

}

#pragma once

#include <string>

/// What the boxes of a chain send in ingest_bench: the same at every run.
namespace listenpost::bench {

inline constexpr int responses_a_batch = 1'000;
inline constexpr int boxes = 40;

/// As a box writes it: some with reasons, every eighth with a comment.
std::string response_json(int seq);
std::string install_of(int box);
/// Of this install, so many responses from this seq on.
std::string batch_json(std::string const& install, int first_seq, int count = responses_a_batch);
/// Batch `number`: the boxes take turns, each going on where it was.
std::string batch_json(int number);

}

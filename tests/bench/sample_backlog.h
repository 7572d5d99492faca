#pragma once

#include <cstdint>
#include <filesystem>

namespace listenpost::bench {

/// Of the customers who were asked, how many (in percent) type a comment or pick phrases.
/// Most never do: text comes last and is optional.
struct Talkativeness {
    int typed = 4;
    int phrases = 8;
};

/// Adds `count` responses to a store.db, made if there is none, as one shop would collect them over some
/// months: its busy hours, its closed nights, more or less content customers, some with reasons and further
/// questions, some gone half way, five languages, a few flags, comments (SampleComments), reboots. Which shop
/// it is follows from the seed: odd ones are restaurants, even ones shops; they differ in hours, temper and
/// guests. The same for the same seed, but that `seq` goes on from what is there. Ends the program if it
/// cannot.
void make_backlog(
    std::filesystem::path const& store, std::int64_t count, unsigned seed, Talkativeness talk = {});

}

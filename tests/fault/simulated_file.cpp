#include "tests/fault/simulated_file.h"

#include <algorithm>

namespace listenpost::test {
namespace {

/// How the cut falls. Each sector for itself finds what relies on an order; the others are what
/// disks mostly do, and so what the code meets most often.
enum class Manner { NothingCame, AllCame, InOrder, EachSector, FewSectors, count };

}

void SimulatedFile::write(std::size_t offset, std::string_view bytes)
{
    changes_.push_back({offset, std::string(bytes), false});
}

void SimulatedFile::truncate(std::size_t size) { changes_.push_back({size, {}, true}); }

void SimulatedFile::sync()
{
    for (auto const& change : changes_) {
        if (change.truncates) {
            durable_.resize(change.offset);
            continue;
        }
        durable_.resize(std::max(durable_.size(), change.offset + change.bytes.size()));
        durable_.replace(change.offset, change.bytes.size(), change.bytes);
    }
    changes_.clear();
}

void SimulatedFile::fail_sync(Random& random)
{
    durable_ = draw_survivor(random);
    changes_.clear();
}

std::string SimulatedFile::draw_survivor(Random& random) const
{
    if (changes_.empty())
        return durable_;

    // lengths[n]: after the first n changes.
    std::vector<std::size_t> lengths {durable_.size()};
    std::size_t longest = durable_.size();
    for (auto const& change : changes_) {
        std::size_t const end = change.offset + change.bytes.size();
        lengths.push_back(change.truncates ? change.offset : std::max(lengths.back(), end));
        longest = std::max(longest, lengths.back());
    }

    // came[s]: how many of the changes sector s has seen.
    auto const manner = static_cast<Manner>(draw_below(random, static_cast<std::uint64_t>(Manner::count)));
    std::size_t const all = changes_.size();
    std::size_t const cut = draw_below(random, all + 1);
    std::vector<std::size_t> came((longest + sector_bytes - 1) / sector_bytes, all);
    std::size_t length_came = all;
    switch (manner) {
    case Manner::NothingCame:
        std::ranges::fill(came, 0);
        length_came = 0;
        break;
    case Manner::AllCame:
    case Manner::count:
        break;
    case Manner::InOrder: // and the write that was under way is torn
        for (auto& each : came)
            each = cut < all ? cut + draw_below(random, 2) : cut;
        length_came = cut < all ? cut + draw_below(random, 2) : cut;
        break;
    case Manner::EachSector:
        for (auto& each : came)
            each = draw_below(random, all + 1);
        length_came = draw_below(random, all + 1);
        break;
    case Manner::FewSectors:
        for (auto& each : came)
            each = draw_below(random, 4) == 0 ? all : 0;
        length_came = draw_below(random, 2) == 0 ? all : 0;
        break;
    }

    std::string survivor = durable_;
    survivor.resize(longest);
    if (draw_below(random, 2) == 0) // else the disk was zero there
        for (std::size_t at = durable_.size(); at < longest; ++at)
            survivor[at] = static_cast<char>(random());
    for (std::size_t n = 0; n < all; ++n) {
        auto const& change = changes_[n];
        std::size_t const end = change.truncates ? longest : change.offset + change.bytes.size();
        for (std::size_t at = change.offset; at < end;) {
            std::size_t const sector = at / sector_bytes;
            std::size_t const count = std::min(end, (sector + 1) * sector_bytes) - at;
            if (came[sector] > n) {
                if (change.truncates)
                    survivor.replace(at, count, count, '\0');
                else
                    survivor.replace(at, count, change.bytes, at - change.offset, count);
            }
            at += count;
        }
    }
    survivor.resize(lengths[length_came]);
    return survivor;
}

}

#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::test {

using Random = std::mt19937_64;

/// A number in [0, below).
inline std::uint64_t draw_below(Random& random, std::uint64_t below)
{
    return std::uniform_int_distribution<std::uint64_t>(0, below - 1)(random);
}

/// What a disk holds of one file, and what it may hold after a power cut.
///
/// What was written since the last sync is in the operating system's memory, which writes
/// it back when and in the order it likes, a sector of 512 bytes at a time: after a cut each
/// sector is as it was at any moment since, whatever the others are; so is the length; and
/// where the file has grown over a sector that never came, there is what lay on the disk.
/// A sector itself is never torn, and bytes beside a write are never hurt (SQLite's
/// SQLITE_IOCAP_POWERSAFE_OVERWRITE, which its unix VFS promises for every disk).
class SimulatedFile {
public:
    explicit SimulatedFile(std::string durable = {})
        : durable_(std::move(durable))
    {
    }

    void write(std::size_t offset, std::string_view bytes);
    void truncate(std::size_t size);
    /// All that was written is durable.
    void sync();
    /// The system could not write all of it back, has said so once, and will not try again: what
    /// it could write is durable, the rest is lost although it can still be read (Linux's fsync).
    void fail_sync(Random& random);

    std::string const& durable() const { return durable_; }
    bool is_synced() const { return changes_.empty(); }

    /// One of the states that a power cut now may leave.
    std::string draw_survivor(Random& random) const;

    static constexpr std::size_t sector_bytes = 512;

private:
    struct Change {
        std::size_t offset; ///< of a truncation: the new size
        std::string bytes;
        bool truncates;
    };

    std::string durable_;
    std::vector<Change> changes_; ///< since the last sync, oldest first
};

}

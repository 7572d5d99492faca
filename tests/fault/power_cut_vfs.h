#pragma once

#include "tests/fault/simulated_file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace listenpost::test {

/// What SQLite and platform/os/files ask of the operating system.
enum class DiskOperation {
    Create,
    Write,
    Truncate,
    Sync,
    Delete,
    Rename, ///< up to here: what changes the disk, and what a power cut can be told to come at
    Open,
    Read,
    Size,
    Lock,
    MapSharedMemory,
    count
};
char const* name(DiskOperation operation);

/// One computer's disk and its power. Every file of `folder` that SQLite opens lies on it, and every
/// one there and in its folders that is made, replaced, renamed or removed by platform/os/files
/// (plain_files.cpp).
/// While the power is on, the real files are what the operating system shows: what was written
/// last. A power cut makes every call fail; restart() then replaces the real files by what
/// survived. Shared memory never does. Without a PowerCutVfs its power stays on.
///
/// Directory entries: a file that was created, renamed or deleted may be there or not, until its
/// folder was synced. SQLite does that with the first sync of a journal or WAL that it has
/// opened for writing, and where it deletes with syncDir.
/// Threads: one at a time.
class Machine {
public:
    /// What lies in the folder now is durable.
    explicit Machine(std::filesystem::path folder);
    ~Machine();
    Machine(Machine const&) = delete;
    Machine& operator=(Machine const&) = delete;

    std::filesystem::path const& folder() const { return folder_; }
    bool is_on() const { return on_; }
    void cut_power() { on_ = false; }
    /// All connections must be closed. What survives is drawn.
    void restart(Random& random);
    /// Of SQLite's files here, how many are open.
    int open_files() const { return open_files_; }

private:
    friend class PowerCutVfs;
    struct File;
    using Content = std::shared_ptr<SimulatedFile>; ///< null: no such file
    struct Entry {
        std::string name;
        Content content;
    };

    /// `folder`: within folder_, whose own name is empty.
    void sync_folder(std::string const& folder);

    std::filesystem::path folder_;
    bool on_ = true;
    int open_files_ = 0;
    std::map<std::string, Content> files_; ///< as the programs see them
    std::map<std::string, Content> durable_; ///< entries as they were at their folder's last sync
    /// Since then, oldest first. Each comes whole or not at all; a rename is one of two entries.
    std::vector<std::vector<Entry>> entry_changes_;
};

/// A call that fails though the power is on.
struct DiskFault {
    DiskOperation operation;
    std::uint64_t nth; ///< counted from arming, of that operation; 1: the next
    std::uint64_t times; ///< so many in a row
    int sqlite_code; ///< SQLITE_FULL, SQLITE_IOERR_READ …
    std::uint64_t cut_after = 0; ///< not 0: so many changes of disks after it, the power goes
};

/// SQLite's default VFS of this process while it lives: the real one below, and all that
/// happens in a Machine's folder written down, failed, or cut off. There is one at a time.
/// Threads: one at a time, as SQLite's calls are handed from one to the next.
class PowerCutVfs {
public:
    /// `seed`: of what a failed sync leaves.
    explicit PowerCutVfs(std::uint64_t seed);
    ~PowerCutVfs();
    PowerCutVfs(PowerCutVfs const&) = delete;
    PowerCutVfs& operator=(PowerCutVfs const&) = delete;

    /// The power of the machine that does it goes in the `nth` operation from now that changes a
    /// disk (1: the next): it is under way, and does not return.
    void arm_cut(std::uint64_t nth);
    void disarm_cut() { cut_in_ = 0; }
    void arm_fault(DiskFault const& fault);
    void disarm_fault()
    {
        fault_.reset();
        fail_statement_in_ = 0;
    }
    /// The `nth` statement that is run from now on is interrupted, on whatever connection
    /// (1: the next). SQLite then rolls its transaction back.
    void arm_statement_failure(std::uint64_t nth) { fail_statement_in_ = nth; }
    bool fault_has_struck() const { return fault_struck_; }

    /// That changed a disk, so far.
    std::uint64_t changes() const { return changes_; }
    std::uint64_t count(DiskOperation operation) const
    {
        return counts_[static_cast<std::size_t>(operation)];
    }
    std::uint64_t statements() const { return statements_; }

    /// Syncs return without doing anything, as on some cheap disks. For tests of the simulator.
    void lie_about_syncs() { syncs_lie_ = true; }
    /// Every connection opened from now on has PRAGMA synchronous = `level`, whatever the code says
    /// that opens it. For tests of the simulator.
    void force_synchronous(std::string level);
    /// Every connection opened from now on folds its WAL back after so many pages, instead of 1,000:
    /// short workloads then do all that long ones do.
    void checkpoint_every(int pages) { checkpoint_pages_ = pages; }

    struct Calls; ///< SQLite's function tables
    struct PlainCalls; ///< the C library's, as platform/os/files calls them

private:
    friend class Machine;
    /// Without SQLite.
    struct OpenFile {
        Machine* machine = nullptr;
        Machine::Content content; ///< null: a folder
        std::size_t offset = 0;
        std::string folder;
    };
    /// What becomes of an operation.
    struct Admission {
        int sqlite_code; ///< SQLITE_OK: it goes on
        bool under_way; ///< the cut comes in the middle of it: some of it may have happened
    };
    Admission admit(Machine& machine, DiskOperation operation);

    static PowerCutVfs* current_;
    std::vector<Machine*> machines_;
    std::map<int, OpenFile> plain_files_; ///< by descriptor
    Random random_;
    std::uint64_t changes_ = 0;
    std::uint64_t cut_in_ = 0; ///< 0: none
    std::uint64_t counts_[static_cast<std::size_t>(DiskOperation::count)] = {};
    std::optional<DiskFault> fault_;
    std::uint64_t statements_ = 0;
    std::uint64_t fail_statement_in_ = 0; ///< 0: none
    bool fault_struck_ = false;
    bool syncs_lie_ = false;
    std::string forced_synchronous_;
    int checkpoint_pages_ = 0;
};

}

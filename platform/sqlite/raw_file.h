#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace listenpost::sqlite {

/// How sure it is that a page's bytes are what was written, and that it counts.
enum class PageStanding {
    Proven, ///< newest committed one, and the WAL's checksum says that it is whole
    Plausible, ///< newest of the main file, where nothing vouches for a page; or in the WAL a
               ///< damaged one, and those before it up to the first that is proven
    Uncommitted, ///< in the WAL behind its last commit: a transaction that a crash cut short,
                 ///< or one whose end is damaged
};

struct RawPage {
    std::uint32_t number; ///< counts from 1
    PageStanding standing;
    std::string_view bytes; ///< one page; what a cut file lacks reads as zeros
};

/// A database file and its WAL, read page by page without SQLite, which gives up on a file
/// where it meets a bad page and silently forgets all of a WAL behind one.
/// Reads only. Nothing may write the files meanwhile. Format: sqlite.org/fileformat2.html.
/// Threads: one at a time.
class RawFile {
public:
    /// A file that does not exist has no pages. Errors: Io.
    static Result<RawFile> open(std::filesystem::path const& path);

    std::uint32_t page_size() const { return page_size_; }

    /// True: the WAL holds commits that SQLite would forget, because something before them is
    /// damaged. A transaction at the very end that never became whole is no damage: a power
    /// cut leaves that behind. (What stands behind a commit was begun only when that commit
    /// was on disk, so whoever is followed was whole once.)
    bool wal_is_damaged() const { return wal_is_damaged_; }
    bool has_wal_frames() const { return !frames_.empty(); }
    std::uint64_t main_bytes() const { return main_bytes_; }

    /// Shows every page that may hold something, the surest and newest first. A page that the
    /// disk cannot read is left out.
    void visit(std::function<void(RawPage const&)> const& visitor);

    /// The newest committed image of a page, if it can be read.
    std::optional<std::string> newest(std::uint32_t number);

private:
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    using File = std::unique_ptr<std::FILE, Closer>;
    struct Frame {
        std::uint32_t page = 0;
        bool ends_transaction = false;
        bool is_whole = false; ///< its checksum, going on from the frame before it, is right
        bool is_committed = false;
        bool is_newest = false; ///< or as good as: nothing newer of its page is whole
    };

    RawFile() = default;
    void read_main_header();
    void read_wal();
    void find_commits(bool header_is_whole);
    void mark_newest();
    std::optional<std::string> read_frame(std::size_t index);
    std::optional<std::string> read_main(std::uint32_t number);

    File main_;
    File wal_;
    std::uint64_t main_bytes_ = 0;
    std::uint64_t wal_bytes_ = 0;
    std::uint32_t page_size_ = 4096;
    std::vector<Frame> frames_;
    std::unordered_map<std::uint32_t, std::size_t> whole_; ///< page -> its newest whole committed frame
    bool wal_is_damaged_ = false;
};

}

#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace listenpost {

/// The whole file, if it is at most `max_bytes` long.
/// Errors: NotFound, Full (longer), Io.
Result<std::string> read_file(std::filesystem::path const& path, std::size_t max_bytes);

/// Who may read a file.
enum class FileAccess { Everyone, OwnerOnly };
/// Whether the content must survive a power cut before the call returns.
enum class Durability { Durable, Volatile };

/// Replaces the file by rename: a reader sees the old content or the new, whole.
/// Errors: Io, Full (disk). On error the old content stands.
Result<> write_file_atomically(std::filesystem::path const& path, std::string_view content,
    FileAccess access = FileAccess::OwnerOnly, Durability durability = Durability::Durable);

/// Writes over a file that is exactly as long, in the blocks that it has: also where the disk is full, unless
/// the file system copies what it writes. Durable when it returns; a power cut meanwhile may leave a mixture,
/// which whoever reads it must be able to tell. Errors: NotFound, Invalid (another length), Full, Io.
Result<> overwrite_file(std::filesystem::path const& path, std::string_view content);

/// A new file that is there whole or not at all: written under another name beside it, and renamed at the
/// end. Without commit() nothing stays. Threads: one at a time.
class AtomicFile {
public:
    /// Errors: NotFound (no such folder), Full, Io (a read-only file system, permissions).
    static Result<AtomicFile> create(
        std::filesystem::path const& path, FileAccess access = FileAccess::OwnerOnly);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile();

    /// Errors: Full, Io.
    Result<> write(std::string_view content);
    /// It is on the disk, under its name and over what was there, when this returns. Errors: Full, Io,
    /// NotFound.
    Result<> commit(Durability durability = Durability::Durable);

private:
    AtomicFile(std::filesystem::path path, std::string temporary, int descriptor);

    std::filesystem::path path_;
    std::string temporary_; ///< empty once it is renamed
    int descriptor_;
};

/// A missing file is no error. Not durable by itself: after a power cut it may be there again.
/// Errors: Io.
Result<> remove_file(std::filesystem::path const& path);
/// The same, and durable. Errors: Io.
Result<> remove_durably(std::filesystem::path const& path);

/// Makes the folder and its parents, if missing, readable by their owner alone.
/// Errors: Io.
Result<> make_private_folder(std::filesystem::path const& path);

/// Moves a file within its folder, over one that is there. Survives a power cut when it returns.
/// Errors: NotFound, Io, Full.
Result<> rename_durably(std::filesystem::path const& from, std::filesystem::path const& to);

/// What was written to the file survives a power cut when this returns. Errors: NotFound, Io.
Result<> sync_file(std::filesystem::path const& path);

/// Whether this process may write the file, or where there is none make one in its folder.
/// Errors: Io (permissions, a read-only file system).
Result<> check_writable(std::filesystem::path const& path);

/// Which file a path names at the moment: another one once it was replaced.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    friend bool operator==(FileIdentity const&, FileIdentity const&) = default;
};

/// Errors: NotFound, Io.
Result<FileIdentity> file_identity(std::filesystem::path const& path);

/// Held while it lives, released by the kernel however the process ends.
class FileLock {
public:
    /// Errors: Busy (another process holds it), Io.
    static Result<FileLock> try_acquire(std::filesystem::path const& path);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    ~FileLock();

private:
    explicit FileLock(int descriptor)
        : descriptor_(descriptor)
    {
    }
    int descriptor_;
};

}

// What ListenPost does to files without SQLite (platform/os/files: renames, removals, small files that
// are replaced), on a Machine. The linker leads the C library's calls of all our own code here, see
// CMakeLists.txt; SQLite and the standard library are shared objects, and keep theirs.
//
// What it shows: an entry of a folder is as it was before or after each change, until the folder itself
// was synced; a rename is there whole or not at all; what stands in a file that was not synced, may be
// anything that a SimulatedFile draws. What it cannot show: locks and shared memory pass through
// as they are, a new folder is durable at once, and what was written through a stream or a mapping
// is not seen (ListenPost writes none of its data so).

#include "tests/fault/power_cut_vfs.h"

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

extern "C" {
int __real_open(char const* path, int flags, ...);
int __real_close(int descriptor);
int __real_mkostemp(char* path, int flags);
ssize_t __real_write(int descriptor, void const* bytes, std::size_t count);
int __real_fsync(int descriptor);
int __real_rename(char const* from, char const* to);
int __real_unlink(char const* path);
}

namespace listenpost::test {

/// Behind the C library's names. -1 and errno, as there.
struct PowerCutVfs::PlainCalls {
    /// Where a path lies. Null: on no simulated machine.
    struct Place {
        Machine* machine = nullptr;
        std::string name; ///< as in Machine::files_

        bool is_known() const { return machine && machine->files_.contains(name); }
    };

    static Place find(std::filesystem::path const& path)
    {
        if (!current_)
            return {};
        std::string const folder = path.parent_path();
        for (auto* machine : current_->machines_) {
            std::string const& root = machine->folder_;
            if (path == root)
                return {machine, ""};
            if (folder == root || folder.starts_with(root + '/'))
                return {machine, path.native().substr(root.size() + 1)};
        }
        return {};
    }

    static int refuse(int sqlite_code)
    {
        errno = (sqlite_code & 0xff) == SQLITE_FULL ? ENOSPC : EIO;
        return -1;
    }

    static int open(char const* path, int flags, unsigned mode)
    {
        auto const place = find(path);
        if (place.machine && !place.machine->on_)
            return refuse(SQLITE_IOERR);
        int const descriptor = __real_open(path, flags, mode);
        if (descriptor >= 0 && place.machine && (flags & O_DIRECTORY) != 0)
            current_->plain_files_[descriptor] = {place.machine, nullptr, 0, place.name};
        return descriptor;
    }

    static int make_temporary(char* path, int flags)
    {
        auto place = find(path);
        if (!place.machine)
            return __real_mkostemp(path, flags);
        auto const admission = current_->admit(*place.machine, DiskOperation::Create);
        if (admission.sqlite_code != SQLITE_OK && !admission.under_way)
            return refuse(admission.sqlite_code);
        int const descriptor = __real_mkostemp(path, flags);
        if (descriptor < 0)
            return -1;
        place = find(path); // it has its name now
        auto content = std::make_shared<SimulatedFile>();
        place.machine->entry_changes_.push_back({{place.name, content}});
        if (admission.under_way) {
            __real_close(descriptor);
            __real_unlink(path);
            return refuse(admission.sqlite_code);
        }
        place.machine->files_[place.name] = content;
        current_->plain_files_[descriptor] = {place.machine, std::move(content), 0, {}};
        return descriptor;
    }

    static ssize_t write(OpenFile& file, int descriptor, std::string_view bytes)
    {
        auto const admission = current_->admit(*file.machine, DiskOperation::Write);
        if (admission.sqlite_code != SQLITE_OK) {
            if (admission.under_way)
                file.content->write(file.offset, bytes);
            return refuse(admission.sqlite_code);
        }
        ssize_t const written = __real_write(descriptor, bytes.data(), bytes.size());
        if (written > 0) {
            file.content->write(file.offset, bytes.substr(0, static_cast<std::size_t>(written)));
            file.offset += static_cast<std::size_t>(written);
        }
        return written;
    }

    /// The real one is not synced: it only has to outlive a moment of this process.
    static int sync(OpenFile& file)
    {
        auto const admission = current_->admit(*file.machine, DiskOperation::Sync);
        if (admission.sqlite_code != SQLITE_OK) {
            if (file.machine->on_ && file.content)
                file.content->fail_sync(current_->random_);
            return refuse(admission.sqlite_code);
        }
        if (current_->syncs_lie_)
            return 0;
        if (file.content)
            file.content->sync();
        else
            file.machine->sync_folder(file.folder);
        return 0;
    }

    static int rename(char const* from, char const* to)
    {
        auto const source = find(from);
        if (source.machine && !source.machine->on_)
            return refuse(SQLITE_IOERR);
        if (!source.is_known())
            return __real_rename(from, to);
        auto const target = find(to);
        auto const content = source.machine->files_[source.name];
        auto const admission = current_->admit(*source.machine, DiskOperation::Rename);
        if (admission.sqlite_code != SQLITE_OK && !admission.under_way)
            return refuse(admission.sqlite_code);
        source.machine->entry_changes_.push_back({{source.name, nullptr}, {target.name, content}});
        if (admission.under_way)
            return refuse(admission.sqlite_code);
        source.machine->files_.erase(source.name);
        source.machine->files_[target.name] = content;
        return __real_rename(from, to);
    }

    static int remove(char const* path)
    {
        auto const place = find(path);
        if (place.machine && !place.machine->on_)
            return refuse(SQLITE_IOERR);
        if (!place.is_known())
            return __real_unlink(path);
        auto const admission = current_->admit(*place.machine, DiskOperation::Delete);
        if (admission.sqlite_code != SQLITE_OK && !admission.under_way)
            return refuse(admission.sqlite_code);
        place.machine->entry_changes_.push_back({{place.name, nullptr}});
        if (admission.under_way)
            return refuse(admission.sqlite_code);
        place.machine->files_.erase(place.name);
        return __real_unlink(path);
    }

    static OpenFile* find(int descriptor)
    {
        if (!current_)
            return nullptr;
        auto const found = current_->plain_files_.find(descriptor);
        return found == current_->plain_files_.end() ? nullptr : &found->second;
    }

    static void forget(int descriptor)
    {
        if (current_)
            current_->plain_files_.erase(descriptor);
    }
};

}

// The linker's names.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

using Calls = listenpost::test::PowerCutVfs::PlainCalls;

int __wrap_open(char const* path, int flags, ...)
{
    std::va_list arguments;
    va_start(arguments, flags);
    unsigned const mode = (flags & O_CREAT) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return Calls::open(path, flags, mode);
}

int __wrap_close(int descriptor)
{
    Calls::forget(descriptor);
    return __real_close(descriptor);
}

int __wrap_mkostemp(char* path, int flags) { return Calls::make_temporary(path, flags); }

ssize_t __wrap_write(int descriptor, void const* bytes, std::size_t count)
{
    auto* const file = Calls::find(descriptor);
    return file ? Calls::write(*file, descriptor, {static_cast<char const*>(bytes), count})
                : __real_write(descriptor, bytes, count);
}

int __wrap_fsync(int descriptor)
{
    auto* const file = Calls::find(descriptor);
    return file ? Calls::sync(*file) : __real_fsync(descriptor);
}

int __wrap_rename(char const* from, char const* to) { return Calls::rename(from, to); }

int __wrap_unlink(char const* path) { return Calls::remove(path); }
}
// NOLINTEND(bugprone-reserved-identifier)

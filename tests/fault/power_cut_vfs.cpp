#include "tests/fault/power_cut_vfs.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <new>
#include <set>
#include <sqlite3.h>

namespace listenpost::test {
namespace {

[[noreturn]] void give_up(std::string const& why)
{
    std::fprintf(stderr, "power-cut simulator: %s\n", why.c_str());
    std::abort();
}

std::string read_file(std::filesystem::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(std::filesystem::path const& path, std::string const& bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush())
        give_up("cannot write " + path.string());
}

bool is_shared_memory(std::string_view name) { return name.ends_with("-shm"); }

/// Of whatever database, also one that has another name now.
void remove_shared_memory(std::filesystem::path const& folder)
{
    std::vector<std::filesystem::path> found;
    for (auto const& entry : std::filesystem::directory_iterator(folder))
        if (is_shared_memory(entry.path().native()))
            found.push_back(entry.path());
    for (auto const& path : found)
        std::filesystem::remove(path);
}

int code_while_off(DiskOperation operation)
{
    switch (operation) {
    case DiskOperation::Create:
    case DiskOperation::Open:
        return SQLITE_CANTOPEN;
    case DiskOperation::Write:
        return SQLITE_IOERR_WRITE;
    case DiskOperation::Truncate:
        return SQLITE_IOERR_TRUNCATE;
    case DiskOperation::Sync:
        return SQLITE_IOERR_FSYNC;
    case DiskOperation::Delete:
        return SQLITE_IOERR_DELETE;
    case DiskOperation::Rename:
        return SQLITE_IOERR;
    case DiskOperation::Read:
        return SQLITE_IOERR_READ;
    case DiskOperation::Size:
        return SQLITE_IOERR_FSTAT;
    case DiskOperation::Lock:
        return SQLITE_IOERR_LOCK;
    case DiskOperation::MapSharedMemory:
        return SQLITE_IOERR_SHMMAP;
    case DiskOperation::count:
        break;
    }
    return SQLITE_IOERR;
}

constexpr char vfs_name[] = "listenpost-power-cut";

}

char const* name(DiskOperation operation)
{
    constexpr char const* names[] = {"create", "write", "truncate", "sync", "delete", "rename", "open",
        "read", "size", "lock", "map_shared_memory"};
    return names[static_cast<std::size_t>(operation)];
}

PowerCutVfs* PowerCutVfs::current_ = nullptr;

/// What SQLite holds of an open file. The real VFS's own follows it in memory.
struct Machine::File {
    sqlite3_file sqlite; ///< first: SQLite knows only this
    Machine* machine;
    Content content;
    bool first_sync_syncs_folder;

    static constexpr std::size_t room = 64; ///< of File, aligned for whatever comes behind
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(this) + room); }
};

/// Behind C's function pointers.
struct PowerCutVfs::Calls {
    using File = Machine::File;
    static_assert(sizeof(File) <= File::room);

    static sqlite3_vfs* real()
    {
        static sqlite3_vfs* const vfs = sqlite3_vfs_find("unix");
        return vfs;
    }
    static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

    static Machine* machine_of(char const* path)
    {
        auto const folder = std::filesystem::path(path).parent_path();
        for (auto* machine : current_->machines_)
            if (machine->folder_ == folder)
                return machine;
        return nullptr;
    }

    static int open(sqlite3_vfs*, char const* path, sqlite3_file* handle, int flags, int* out_flags)
    {
        Machine* const machine = path ? machine_of(path) : nullptr;
        if (!machine)
            return real()->xOpen(real(), path, handle, flags, out_flags);
        handle->pMethods = nullptr;
        std::string const name = std::filesystem::path(path).filename();
        bool const known = machine->files_.contains(name);
        bool const creates = !known && (flags & SQLITE_OPEN_CREATE) != 0;
        auto const admission
            = current_->admit(*machine, creates ? DiskOperation::Create : DiskOperation::Open);
        if (admission.sqlite_code != SQLITE_OK) {
            if (admission.under_way)
                machine->entry_changes_.push_back({{name, std::make_shared<SimulatedFile>()}});
            return admission.sqlite_code;
        }
        auto* const file = new (handle) File {};
        file->machine = machine;
        file->real()->pMethods = nullptr;
        int const code = real()->xOpen(real(), path, file->real(), flags, out_flags);
        if (code != SQLITE_OK) {
            file->~File();
            handle->pMethods = nullptr;
            return code;
        }
        if (!known) {
            sqlite3_int64 size = 0;
            file->real()->pMethods->xFileSize(file->real(), &size);
            if (size != 0)
                give_up(std::string(path) + " was put there behind the machine's back");
            machine->files_[name] = std::make_shared<SimulatedFile>();
            machine->entry_changes_.push_back({{name, machine->files_[name]}});
        }
        file->content = machine->files_[name];
        // As SQLite's unix VFS does it.
        constexpr int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
        file->first_sync_syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & journals) != 0;
        handle->pMethods = methods();
        ++machine->open_files_;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs*, char const* path, int sync_folder)
    {
        Machine* const machine = machine_of(path);
        if (!machine)
            return real()->xDelete(real(), path, sync_folder);
        std::string const name = std::filesystem::path(path).filename();
        auto const admission = current_->admit(*machine, DiskOperation::Delete);
        if (admission.sqlite_code != SQLITE_OK) {
            if (admission.under_way)
                machine->entry_changes_.push_back({{name, nullptr}});
            return admission.sqlite_code;
        }
        int const code = real()->xDelete(real(), path, 0);
        if (code != SQLITE_OK)
            return code;
        machine->files_.erase(name);
        machine->entry_changes_.push_back({{name, nullptr}});
        if (sync_folder && !current_->syncs_lie_)
            machine->sync_folder("");
        return SQLITE_OK;
    }

    static int access(sqlite3_vfs*, char const* path, int flags, int* result)
    {
        if (Machine const* const machine = machine_of(path); machine && !machine->on_)
            return SQLITE_IOERR_ACCESS;
        return real()->xAccess(real(), path, flags, result);
    }

    static int full_path(sqlite3_vfs*, char const* path, int room, char* out)
    {
        return real()->xFullPathname(real(), path, room, out);
    }
    static int randomness(sqlite3_vfs*, int count, char* out)
    {
        return real()->xRandomness(real(), count, out);
    }
    static int sleep(sqlite3_vfs*, int microseconds) { return real()->xSleep(real(), microseconds); }
    static int last_error(sqlite3_vfs*, int room, char* out)
    {
        return real()->xGetLastError(real(), room, out);
    }
    static int current_time(sqlite3_vfs*, sqlite3_int64* now)
    {
        return real()->xCurrentTimeInt64(real(), now);
    }

    static int close(sqlite3_file* handle)
    {
        File& file = of(handle);
        int const code = file.real()->pMethods->xClose(file.real());
        --file.machine->open_files_;
        file.~File();
        return code;
    }

    static int read(sqlite3_file* handle, void* out, int count, sqlite3_int64 offset)
    {
        File& file = of(handle);
        auto const admission = current_->admit(*file.machine, DiskOperation::Read);
        if (admission.sqlite_code != SQLITE_OK)
            return admission.sqlite_code;
        return file.real()->pMethods->xRead(file.real(), out, count, offset);
    }

    static int write(sqlite3_file* handle, void const* bytes, int count, sqlite3_int64 offset)
    {
        File& file = of(handle);
        std::string_view const text(static_cast<char const*>(bytes), static_cast<std::size_t>(count));
        auto const at = static_cast<std::size_t>(offset);
        auto const admission = current_->admit(*file.machine, DiskOperation::Write);
        if (admission.sqlite_code != SQLITE_OK) {
            if (admission.under_way)
                file.content->write(at, text);
            else if (file.machine->on_ && text.size() > SimulatedFile::sector_bytes) {
                // A disk that is full, or breaks, takes some of it; a sector it takes, or not.
                file.content->write(at, text.substr(0, text.size() / 2));
                file.real()->pMethods->xWrite(file.real(), bytes, count / 2, offset);
            }
            return admission.sqlite_code;
        }
        file.content->write(at, text);
        return file.real()->pMethods->xWrite(file.real(), bytes, count, offset);
    }

    static int truncate(sqlite3_file* handle, sqlite3_int64 size)
    {
        File& file = of(handle);
        auto const admission = current_->admit(*file.machine, DiskOperation::Truncate);
        if (admission.sqlite_code == SQLITE_OK || admission.under_way)
            file.content->truncate(static_cast<std::size_t>(size));
        if (admission.sqlite_code != SQLITE_OK)
            return admission.sqlite_code;
        return file.real()->pMethods->xTruncate(file.real(), size);
    }

    /// The real file is not synced: it only has to outlive a moment of this process.
    static int sync(sqlite3_file* handle, int)
    {
        File& file = of(handle);
        auto const admission = current_->admit(*file.machine, DiskOperation::Sync);
        if (admission.sqlite_code != SQLITE_OK) {
            if (file.machine->on_)
                file.content->fail_sync(current_->random_);
            return admission.sqlite_code;
        }
        if (current_->syncs_lie_)
            return SQLITE_OK;
        file.content->sync();
        if (file.first_sync_syncs_folder)
            file.machine->sync_folder("");
        file.first_sync_syncs_folder = false;
        return SQLITE_OK;
    }

    static int size(sqlite3_file* handle, sqlite3_int64* size)
    {
        File& file = of(handle);
        auto const admission = current_->admit(*file.machine, DiskOperation::Size);
        if (admission.sqlite_code != SQLITE_OK)
            return admission.sqlite_code;
        return file.real()->pMethods->xFileSize(file.real(), size);
    }

    static int lock(sqlite3_file* handle, int level)
    {
        File& file = of(handle);
        auto const admission = current_->admit(*file.machine, DiskOperation::Lock);
        if (admission.sqlite_code != SQLITE_OK)
            return admission.sqlite_code;
        return file.real()->pMethods->xLock(file.real(), level);
    }
    static int unlock(sqlite3_file* handle, int level)
    {
        File& file = of(handle);
        return file.real()->pMethods->xUnlock(file.real(), level);
    }
    static int check_reserved(sqlite3_file* handle, int* result)
    {
        File& file = of(handle);
        return file.real()->pMethods->xCheckReservedLock(file.real(), result);
    }

    static int control(sqlite3_file* handle, int operation, void* argument)
    {
        File& file = of(handle);
        if (operation == SQLITE_FCNTL_PRAGMA && !current_->forced_synchronous_.empty()) {
            auto* const words = static_cast<char**>(argument);
            // OK: the pragma is done with. force_synchronous() has set the level already.
            if (words[2] && sqlite3_stricmp(words[1], "synchronous") == 0
                && current_->forced_synchronous_ != words[2])
                return SQLITE_OK;
        }
        return file.real()->pMethods->xFileControl(file.real(), operation, argument);
    }
    static int sector_size(sqlite3_file* handle)
    {
        File& file = of(handle);
        return file.real()->pMethods->xSectorSize(file.real());
    }
    static int characteristics(sqlite3_file* handle)
    {
        File& file = of(handle);
        return file.real()->pMethods->xDeviceCharacteristics(file.real());
    }

    static int map_shared(sqlite3_file* handle, int region, int bytes, int extend, void volatile** out)
    {
        File& file = of(handle);
        auto const admission = current_->admit(*file.machine, DiskOperation::MapSharedMemory);
        if (admission.sqlite_code != SQLITE_OK)
            return admission.sqlite_code;
        return file.real()->pMethods->xShmMap(file.real(), region, bytes, extend, out);
    }
    static int lock_shared(sqlite3_file* handle, int offset, int count, int flags)
    {
        File& file = of(handle);
        if (!file.machine->on_ && (flags & SQLITE_SHM_LOCK) != 0)
            return SQLITE_IOERR_SHMLOCK;
        return file.real()->pMethods->xShmLock(file.real(), offset, count, flags);
    }
    static void barrier(sqlite3_file* handle)
    {
        File& file = of(handle);
        file.real()->pMethods->xShmBarrier(file.real());
    }
    static int unmap_shared(sqlite3_file* handle, int remove)
    {
        File& file = of(handle);
        return file.real()->pMethods->xShmUnmap(file.real(), remove);
    }

    static sqlite3_io_methods const* methods()
    {
        static sqlite3_io_methods const table {
            .iVersion = 2, // no mapped files: SQLite would write past us
            .xClose = close,
            .xRead = read,
            .xWrite = write,
            .xTruncate = truncate,
            .xSync = sync,
            .xFileSize = size,
            .xLock = lock,
            .xUnlock = unlock,
            .xCheckReservedLock = check_reserved,
            .xFileControl = control,
            .xSectorSize = sector_size,
            .xDeviceCharacteristics = characteristics,
            .xShmMap = map_shared,
            .xShmLock = lock_shared,
            .xShmBarrier = barrier,
            .xShmUnmap = unmap_shared,
            .xFetch = nullptr,
            .xUnfetch = nullptr,
        };
        return &table;
    }

    static sqlite3_vfs* table()
    {
        static sqlite3_vfs vfs = [] {
            sqlite3_vfs made {};
            made.iVersion = 2;
            made.szOsFile = static_cast<int>(File::room) + real()->szOsFile;
            made.mxPathname = real()->mxPathname;
            made.zName = vfs_name;
            made.xOpen = open;
            made.xDelete = remove;
            made.xAccess = access;
            made.xFullPathname = full_path;
            made.xRandomness = randomness;
            made.xSleep = sleep;
            made.xGetLastError = last_error;
            made.xCurrentTimeInt64 = current_time;
            return made;
        }();
        return &vfs;
    }

    /// SQLite calls it for every new connection.
    static int prepare_connection(sqlite3* connection, char const**, void const*)
    {
        if (!current_->forced_synchronous_.empty())
            sqlite3_exec(connection, ("PRAGMA synchronous=" + current_->forced_synchronous_).c_str(), nullptr,
                nullptr, nullptr);
        sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, statement_begins, connection);
        return SQLITE_OK;
    }

    static int statement_begins(unsigned, void* context, void*, void* text)
    {
        auto* const connection = static_cast<sqlite3*>(context);
        // Not in prepare_connection(): SQLite sets its own default after that.
        if (current_->checkpoint_pages_ > 0)
            sqlite3_wal_autocheckpoint(connection, current_->checkpoint_pages_);
        if (std::string_view(static_cast<char const*>(text)).starts_with("--"))
            return 0; // a part of one
        ++current_->statements_;
        if (current_->fail_statement_in_ > 0 && --current_->fail_statement_in_ == 0) {
            current_->fault_struck_ = true;
            sqlite3_interrupt(connection);
        }
        return 0;
    }
    static void (*extension())() { return reinterpret_cast<void (*)()>(prepare_connection); }
};

Machine::Machine(std::filesystem::path folder)
    : folder_(std::move(folder))
{
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder_)) {
        std::string const name = entry.path().lexically_relative(folder_);
        if (entry.is_regular_file() && !is_shared_memory(name))
            files_[name] = std::make_shared<SimulatedFile>(read_file(entry.path()));
    }
    durable_ = files_;
    if (PowerCutVfs::current_)
        PowerCutVfs::current_->machines_.push_back(this);
}

Machine::~Machine()
{
    if (open_files_ != 0)
        give_up("a connection outlives its Machine");
    if (PowerCutVfs::current_)
        std::erase(PowerCutVfs::current_->machines_, this);
}

void Machine::sync_folder(std::string const& folder)
{
    auto const is_in_it
        = [&](std::string const& name) { return std::filesystem::path(name).parent_path() == folder; };
    std::erase_if(durable_, [&](auto const& entry) { return is_in_it(entry.first); });
    for (auto const& entry : files_)
        if (is_in_it(entry.first))
            durable_.insert(entry);
    std::erase_if(entry_changes_, [&](auto const& change) { return is_in_it(change.front().name); });
}

void Machine::restart(Random& random)
{
    if (open_files_ != 0)
        give_up("a connection outlives the power");
    // In order up to some moment, as journalling file systems do it, or each for itself.
    bool const in_order = draw_below(random, 2) == 0;
    std::size_t const cut = draw_below(random, entry_changes_.size() + 1);
    auto survivors = durable_;
    std::set<std::string> names;
    for (auto const& entry : durable_)
        names.insert(entry.first);
    for (std::size_t n = 0; n < entry_changes_.size(); ++n) {
        bool const survives = in_order ? n < cut : draw_below(random, 2) == 0;
        for (auto const& [name, content] : entry_changes_[n]) {
            names.insert(name);
            if (survives)
                survivors[name] = content;
        }
    }
    std::erase_if(survivors, [](auto const& entry) { return !entry.second; });
    remove_shared_memory(folder_);

    for (auto const& file : names) {
        auto const found = survivors.find(file);
        auto const path = folder_ / file;
        if (found == survivors.end()) {
            std::filesystem::remove(path);
            continue;
        }
        found->second = std::make_shared<SimulatedFile>(found->second->draw_survivor(random));
        write_file(path, found->second->durable());
        if (!file.ends_with(".db"))
            continue;
        // Shared memory is a file that nobody syncs: gone, or anything.
        auto const shared = folder_ / (file + "-shm");
        if (draw_below(random, 3) == 0) {
            std::string junk(draw_below(random, 2) == 0 ? 32'768 : draw_below(random, 300), '\0');
            for (auto& byte : junk)
                byte = static_cast<char>(random());
            write_file(shared, junk);
        }
    }
    files_ = durable_ = survivors;
    entry_changes_.clear();
    on_ = true;
}

PowerCutVfs::PowerCutVfs(std::uint64_t seed)
    : random_(seed)
{
    if (current_)
        give_up("there is one PowerCutVfs at a time");
    current_ = this;
    sqlite3_vfs_register(Calls::table(), 1);
    sqlite3_auto_extension(Calls::extension());
}

PowerCutVfs::~PowerCutVfs()
{
    sqlite3_cancel_auto_extension(Calls::extension());
    sqlite3_vfs_unregister(Calls::table());
    if (sqlite3_vfs_find(nullptr) != Calls::real())
        sqlite3_vfs_register(Calls::real(), 1);
    current_ = nullptr;
}

void PowerCutVfs::arm_cut(std::uint64_t nth) { cut_in_ = nth; }

void PowerCutVfs::arm_fault(DiskFault const& fault)
{
    fault_ = fault;
    fault_struck_ = false;
}

void PowerCutVfs::force_synchronous(std::string level) { forced_synchronous_ = std::move(level); }

PowerCutVfs::Admission PowerCutVfs::admit(Machine& machine, DiskOperation operation)
{
    if (!machine.on_)
        return {code_while_off(operation), false};
    ++counts_[static_cast<std::size_t>(operation)];
    if (operation <= DiskOperation::Rename) {
        ++changes_;
        if (cut_in_ > 0 && --cut_in_ == 0) {
            machine.cut_power();
            return {code_while_off(operation), true};
        }
    }
    if (!fault_ || fault_->operation != operation)
        return {SQLITE_OK, false};
    if (fault_->nth > 1) {
        --fault_->nth;
        return {SQLITE_OK, false};
    }
    fault_struck_ = true;
    int const code = fault_->sqlite_code;
    if (fault_->cut_after > 0)
        arm_cut(fault_->cut_after);
    if (--fault_->times == 0)
        fault_.reset();
    return {code, false};
}

}

#include "platform/os/files.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace listenpost {
namespace {

tl::unexpected<Error> fail_errno(char const* action, std::filesystem::path const& path, int error)
{
    Errc code = Errc::Io;
    if (error == ENOENT)
        code = Errc::NotFound;
    else if (error == ENOSPC || error == EDQUOT)
        code = Errc::Full;
    return fail(Error {code, std::string(action) + " " + path.string() + ": " + std::strerror(error), error});
}

class Descriptor {
public:
    explicit Descriptor(int value)
        : value_(value)
    {
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor()
    {
        if (value_ >= 0)
            ::close(value_);
    }
    int get() const { return value_; }

private:
    int value_;
};

Result<> write_all(int descriptor, std::string_view content, std::filesystem::path const& path)
{
    while (!content.empty()) {
        ssize_t const written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail_errno("write", path, errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

std::filesystem::path folder_of(std::filesystem::path const& path)
{
    return path.has_parent_path() ? path.parent_path() : ".";
}

/// A rename is durable only once its folder is.
Result<> sync_folder(std::filesystem::path const& folder)
{
    Descriptor const directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0)
        return fail_errno("fsync", folder, errno);
    return {};
}

}

Result<std::string> read_file(std::filesystem::path const& path, std::size_t max_bytes)
{
    Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return fail_errno("open", path, errno);
    std::string content;
    char buffer[64 * 1024];
    for (;;) {
        ssize_t const got = ::read(file.get(), buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno("read", path, errno);
        if (got == 0)
            return content;
        content.append(buffer, static_cast<std::size_t>(got));
        if (content.size() > max_bytes)
            return fail(
                Errc::Full, path.string() + " is longer than " + std::to_string(max_bytes) + " bytes");
    }
}

Result<> write_file_atomically(
    std::filesystem::path const& path, std::string_view content, FileAccess access, Durability durability)
{
    auto file = AtomicFile::create(path, access);
    if (!file)
        return fail(file.error());
    LISTENPOST_TRY(file->write(content));
    return file->commit(durability);
}

Result<> overwrite_file(std::filesystem::path const& path, std::string_view content)
{
    Descriptor const file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0)
        return fail_errno("open", path, errno);
    struct stat is { };
    if (::fstat(file.get(), &is) != 0)
        return fail_errno("stat", path, errno);
    if (static_cast<std::size_t>(is.st_size) != content.size())
        return fail(
            Errc::Invalid, path.string() + " is not " + std::to_string(content.size()) + " bytes long");
    LISTENPOST_TRY(write_all(file.get(), content, path));
    if (::fsync(file.get()) != 0)
        return fail_errno("fsync", path, errno);
    return {};
}

Result<AtomicFile> AtomicFile::create(std::filesystem::path const& path, FileAccess access)
{
    std::string temporary = (folder_of(path) / ("." + path.filename().string() + ".XXXXXX")).string();
    int const descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0)
        return fail_errno("create", temporary, errno);
    AtomicFile file(path, std::move(temporary), descriptor);
    // A stick's file system has no owners or permissions of its own: it refuses, and everyone reads it
    // anyway.
    if (access == FileAccess::Everyone && ::fchmod(descriptor, 0644) != 0 && errno != EPERM
        && errno != EOPNOTSUPP && errno != ENOSYS)
        return fail_errno("chmod", file.temporary_, errno);
    return file;
}

AtomicFile::AtomicFile(std::filesystem::path path, std::string temporary, int descriptor)
    : path_(std::move(path))
    , temporary_(std::move(temporary))
    , descriptor_(descriptor)
{
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_))
    , temporary_(std::exchange(other.temporary_, {}))
    , descriptor_(std::exchange(other.descriptor_, -1))
{
}

AtomicFile::~AtomicFile()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
}

Result<> AtomicFile::write(std::string_view content) { return write_all(descriptor_, content, temporary_); }

Result<> AtomicFile::commit(Durability durability)
{
    if (durability == Durability::Durable && ::fsync(descriptor_) != 0)
        return fail_errno("fsync", temporary_, errno);
    if (::rename(temporary_.c_str(), path_.c_str()) != 0)
        return fail_errno("rename to", path_, errno);
    temporary_.clear();
    return durability == Durability::Volatile ? Result<>() : sync_folder(folder_of(path_));
}

Result<> remove_durably(std::filesystem::path const& path)
{
    LISTENPOST_TRY(remove_file(path));
    return sync_folder(folder_of(path));
}

Result<> rename_durably(std::filesystem::path const& from, std::filesystem::path const& to)
{
    if (::rename(from.c_str(), to.c_str()) != 0)
        return fail_errno("rename", from, errno);
    return sync_folder(folder_of(to));
}

Result<> sync_file(std::filesystem::path const& path)
{
    Descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return fail_errno("open", path, errno);
    if (::fsync(file.get()) != 0)
        return fail_errno("fsync", path, errno);
    return {};
}

Result<> remove_file(std::filesystem::path const& path)
{
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return fail(Errc::Io, "remove " + path.string() + ": " + std::strerror(errno));
    return {};
}

Result<> make_private_folder(std::filesystem::path const& path)
{
    std::filesystem::path sofar;
    for (auto const& part : path) {
        sofar /= part;
        if (::mkdir(sofar.c_str(), 0700) != 0 && errno != EEXIST && errno != EROFS && errno != EISDIR)
            return fail_errno("make folder", sofar, errno);
    }
    std::error_code error;
    if (!std::filesystem::is_directory(path, error))
        return fail(Errc::Io, path.string() + " is not a folder");
    return {};
}

Result<> check_writable(std::filesystem::path const& path)
{
    std::error_code ignored;
    auto const& asked = std::filesystem::exists(path, ignored) ? path : path.parent_path();
    if (::faccessat(AT_FDCWD, asked.c_str(), W_OK, AT_EACCESS) != 0)
        return fail(Errc::Io, asked.string() + " may not be written: " + std::strerror(errno));
    return {};
}

Result<FileIdentity> file_identity(std::filesystem::path const& path)
{
    struct stat found { };
    if (::stat(path.c_str(), &found) != 0)
        return fail_errno("stat", path, errno);
    return FileIdentity {found.st_dev, found.st_ino};
}

Result<FileLock> FileLock::try_acquire(std::filesystem::path const& path)
{
    int const descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail_errno("open", path, errno);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return FileLock(descriptor);
    int const error = errno;
    ::close(descriptor);
    if (error == EWOULDBLOCK)
        return fail(Errc::Busy, path.string() + " is held by another process");
    return fail_errno("lock", path, error);
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
{
}

FileLock& FileLock::operator=(FileLock&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

FileLock::~FileLock()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

}

#include "platform/os/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace listenpost {

Result<MappedFile> MappedFile::open(std::filesystem::path const& path)
{
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(errno == ENOENT ? Errc::NotFound : Errc::Io, path.string() + ": " + std::strerror(errno));
    struct stat info { };
    bool const is_known = ::fstat(descriptor, &info) == 0;
    if (!is_known || !S_ISREG(info.st_mode) || info.st_size == 0) {
        ::close(descriptor);
        return fail(Errc::Invalid, path.string() + ": empty or not a file");
    }
    auto const size = static_cast<std::size_t>(info.st_size);
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    int const reason = errno;
    ::close(descriptor);
    if (address == MAP_FAILED)
        return fail(Errc::Io, path.string() + ": " + std::strerror(reason));
    return MappedFile({static_cast<unsigned char const*>(address), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : bytes_(std::exchange(other.bytes_, {}))
{
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile()
{
    if (!bytes_.empty())
        ::munmap(const_cast<unsigned char*>(bytes_.data()), bytes_.size());
}

}

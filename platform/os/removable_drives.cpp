#include "platform/os/removable_drives.h"

#include "platform/os/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

namespace listenpost {
namespace {

constexpr std::size_t max_mountinfo_bytes = 4UL * 1024 * 1024;

std::string_view take_word(std::string_view& line)
{
    auto const end = std::min(line.find(' '), line.size());
    auto const word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

bool is_octal(char c) { return c >= '0' && c <= '7'; }

/// Blank, tab, line feed and backslash stand as \040, \011, \012 and \134.
std::string unescaped(std::string_view text)
{
    std::string plain;
    while (!text.empty()) {
        if (text.size() >= 4 && text[0] == '\\' && is_octal(text[1]) && is_octal(text[2])
            && is_octal(text[3])) {
            plain += static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
            text.remove_prefix(4);
            continue;
        }
        plain += text.front();
        text.remove_prefix(1);
    }
    return plain;
}

bool has_option(std::string_view options, std::string_view wanted)
{
    while (!options.empty()) {
        auto const end = std::min(options.find(','), options.size());
        if (options.substr(0, end) == wanted)
            return true;
        options.remove_prefix(std::min(end + 1, options.size()));
    }
    return false;
}

/// id parent major:minor root mount_point options [tags …] - type source super_options
std::optional<Mount> parse_mount(std::string_view line)
{
    take_word(line);
    take_word(line);
    auto const device = take_word(line);
    take_word(line);
    auto const mount_point = take_word(line);
    auto const options = take_word(line);
    auto const separator = line.starts_with("- ") ? 0 : line.find(" - ");
    if (device.find(':') == std::string_view::npos || !mount_point.starts_with('/')
        || separator == std::string_view::npos)
        return std::nullopt;
    line.remove_prefix(line.find("- ", separator) + 2);
    take_word(line);
    take_word(line);
    return Mount {
        std::string(device), unescaped(mount_point), has_option(options, "ro") || has_option(line, "ro")};
}

bool is_below(std::filesystem::path const& path, std::string_view folder)
{
    return path.native().starts_with(folder) && path.native().size() > folder.size();
}

bool is_pluggable(std::filesystem::path const& devices, std::string const& device)
{
    std::error_code none;
    auto const path = std::filesystem::canonical(devices / device, none);
    if (none)
        return false;
    if (path.native().find("/usb") != std::string::npos)
        return true;
    // A partition has it in the folder of its disk.
    for (auto const& folder : {path, path.parent_path()})
        if (auto const removable = read_file(folder / "removable", 16))
            return removable->starts_with('1');
    return false;
}

std::string device_text(dev_t device)
{
    return std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

/// As mountinfo has it.
std::string device_of(struct stat const& status) { return device_text(status.st_dev); }

/// Another for every disk that is put in, since Linux 5.15; a partition has its disk's.
std::string disk_sequence(std::filesystem::path const& devices, std::string const& device)
{
    std::error_code none;
    auto const path = std::filesystem::canonical(devices / device, none);
    if (!none)
        for (auto const& folder : {path, path.parent_path()})
            if (auto const sequence = read_file(folder / "diskseq", 32))
                return *sequence;
    return {};
}

/// Of a FAT, too, whose f_fsid is only its device's number.
std::string uuid_of(std::filesystem::path const& uuids, std::string const& device)
{
    std::error_code none;
    for (std::filesystem::directory_iterator link(uuids, none), end; !none && link != end;
         link.increment(none)) {
        struct stat status { };
        if (::stat(link->path().c_str(), &status) == 0 && S_ISBLK(status.st_mode)
            && device_text(status.st_rdev) == device)
            return link->path().filename().string();
    }
    return {};
}

/// What of a file system's statistics does not change while it is used.
std::string statistics_of(std::filesystem::path const& place)
{
    struct statfs64 status { };
    if (::statfs64(place.c_str(), &status) != 0)
        return {};
    std::array<int, 2> id {};
    static_assert(sizeof id == sizeof status.f_fsid);
    std::memcpy(id.data(), &status.f_fsid, sizeof id);
    return std::to_string(status.f_type) + " " + std::to_string(id[0]) + " " + std::to_string(id[1]) + " "
        + std::to_string(status.f_bsize) + " " + std::to_string(status.f_blocks);
}

}

std::vector<Mount> parse_mounts(std::string_view mountinfo)
{
    std::vector<Mount> mounts;
    while (!mountinfo.empty()) {
        auto const end = std::min(mountinfo.find('\n'), mountinfo.size());
        if (auto mount = parse_mount(mountinfo.substr(0, end)))
            mounts.push_back(std::move(*mount));
        mountinfo.remove_prefix(std::min(end + 1, mountinfo.size()));
    }
    return mounts;
}

Result<std::vector<RemovableDrive>> removable_drives(MountSources const& sources)
{
    auto const text = read_file(sources.mountinfo, max_mountinfo_bytes);
    if (!text)
        return fail(text.error());
    std::vector<RemovableDrive> drives;
    for (auto& mount : parse_mounts(*text)) {
        auto const& place = mount.mount_point;
        bool const is_one = std::ranges::any_of(sources.places, [&](std::string const& each) {
            return is_below(place, each);
        }) || (is_below(place, "/mnt/") && is_pluggable(sources.devices, mount.device));
        if (!is_one)
            continue;
        // Mounted over another: that one is out of sight.
        std::erase_if(drives, [&](RemovableDrive const& each) { return each.mount.mount_point == place; });
        drives.push_back({place.filename().string(), std::move(mount)});
    }
    return drives;
}

std::string identity_of(RemovableDrive const& drive, MountSources const& sources)
{
    auto const& [device, place, is_read_only] = drive.mount;
    std::string identity = place.string();
    for (auto const& part : {device, statistics_of(place), uuid_of(sources.uuids, device),
             disk_sequence(sources.devices, device)})
        identity += "\n" + part;
    return identity;
}

std::optional<DriveRoom> room_on(RemovableDrive const& drive)
{
    std::error_code none;
    auto const space = std::filesystem::space(drive.mount.mount_point, none);
    if (none || space.capacity == 0)
        return std::nullopt;
    return DriveRoom {static_cast<std::int64_t>(space.available), static_cast<std::int64_t>(space.capacity)};
}

Result<OpenDrive> OpenDrive::open(RemovableDrive const& drive)
{
    auto const& place = drive.mount.mount_point;
    int const folder = ::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return fail(Error {errno == ENOENT ? Errc::NotFound : Errc::Io,
            "open " + place.string() + ": " + std::strerror(errno), errno});
    OpenDrive opened(folder);
    struct stat status { };
    if (::fstat(folder, &status) != 0 || device_of(status) != drive.mount.device)
        return fail(Errc::NotFound, place.string() + " leads elsewhere by now");
    return opened;
}

OpenDrive::OpenDrive(OpenDrive&& other) noexcept
    : folder_(std::exchange(other.folder_, -1))
{
}

OpenDrive::~OpenDrive()
{
    if (folder_ >= 0)
        ::close(folder_);
}

std::filesystem::path OpenDrive::path() const { return "/proc/self/fd/" + std::to_string(folder_); }

Result<> OpenDrive::flush() const
{
    if (::syncfs(folder_) != 0)
        return fail(Error {Errc::Io, std::string("syncfs: ") + std::strerror(errno), errno});
    return {};
}

bool is_mounted(RemovableDrive const& drive)
{
    struct stat status { };
    return ::stat(drive.mount.mount_point.c_str(), &status) == 0 && device_of(status) == drive.mount.device;
}

}

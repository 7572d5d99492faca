#pragma once

#include "platform/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

/// A line of /proc/self/mountinfo (proc(5)).
struct Mount {
    std::string device; ///< major:minor
    std::filesystem::path mount_point;
    bool is_read_only = false;

    friend bool operator==(Mount const&, Mount const&) = default;
};

/// Whatever the text: what is no such line is passed over.
std::vector<Mount> parse_mounts(std::string_view mountinfo);

/// A stick or card that somebody has put in and the system has mounted.
struct RemovableDrive {
    std::string name; ///< its label, or what else the system calls it
    Mount mount;

    friend bool operator==(RemovableDrive const&, RemovableDrive const&) = default;
};

/// Where the kernel says it.
struct MountSources {
    std::filesystem::path mountinfo = "/proc/self/mountinfo";
    std::filesystem::path devices = "/sys/dev/block"; ///< links by major:minor
    std::vector<std::string> places {
        "/media/", "/run/media/"}; ///< where desktops and udev rules mount sticks
    std::filesystem::path uuids = "/dev/disk/by-uuid"; ///< udev's links to block devices; need not be there
};

/// What is mounted below one of the places, and below /mnt
/// where the kernel calls the device removable or it hangs on USB. In the order in which they were mounted.
/// Errors: Io.
Result<std::vector<RemovableDrive>> removable_drives(MountSources const& sources = {});

/// What tells this drive from another one that is mounted at the same place later: place, device, and as far
/// as the machine says them the file system's own id, UUID and size, and which putting in of a disk it is
/// (the kernel's diskseq). The same as long as it stays mounted; opaque. May wait for a slow drive.
std::string identity_of(RemovableDrive const& drive, MountSources const& sources = {});

struct DriveRoom {
    std::int64_t free_bytes = 0; ///< for this process
    std::int64_t total_bytes = 0;
    friend bool operator==(DriveRoom const&, DriveRoom const&) = default;
};
/// Nothing: it does not say, or is no longer there. May wait for a slow drive.
std::optional<DriveRoom> room_on(RemovableDrive const& drive);

/// A drive to write to: however its folder may be mounted over or unmounted meanwhile, paths below path()
/// lead to this drive or nowhere, and never to the machine's own disk. Cannot be unmounted while it lives,
/// but by force.
class OpenDrive {
public:
    /// Errors: NotFound (it is no longer there), Io.
    static Result<OpenDrive> open(RemovableDrive const& drive);
    OpenDrive(OpenDrive&& other) noexcept;
    OpenDrive& operator=(OpenDrive&&) = delete;
    ~OpenDrive();

    std::filesystem::path path() const;
    /// Everything that was written to the drive by anybody is on it when this returns, names and sizes too:
    /// it may be pulled out, though it is mounted still. May take long. Errors: Io.
    Result<> flush() const;

private:
    explicit OpenDrive(int folder)
        : folder_(folder)
    {
    }
    int folder_;
};

/// Whether that drive is still what its folder leads to: once it is pulled out, the folder is the machine's
/// own disk again.
bool is_mounted(RemovableDrive const& drive);

}

#include "platform/os/removable_drives.h"

#include "platform/os/files.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <sys/sysmacros.h>

using namespace listenpost;

namespace {

constexpr char const* lines
    = "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
      "30 22 0:26 / /run rw,nosuid shared:5 - tmpfs tmpfs rw,mode=755\n"
      "41 22 8:17 / /media/store/MY\\040STICK rw,nosuid - vfat /dev/sdb1 rw,fmask=0022\n"
      "42 22 8:33 / /run/media/kiosk/card ro,nosuid shared:9 master:2 - exfat /dev/sdc1 rw\n"
      "43 22 8:49 / /mnt/disk rw - ext4 /dev/sdd1 rw\n"
      "44 22 8:65 / /mnt/usb rw - ext4 /dev/sde1 ro,errors=remount-ro\n"
      "45 22 179:1 / /boot rw - vfat /dev/mmcblk0p1 rw\n";

std::vector<std::string> names(std::vector<RemovableDrive> const& drives)
{
    std::vector<std::string> all;
    for (auto const& drive : drives)
        all.push_back(drive.name);
    return all;
}

}

TEST_CASE("Mounts are read as the kernel writes them", "[platform][os]")
{
    auto const mounts = parse_mounts(lines);
    REQUIRE(mounts.size() == 7);
    CHECK(mounts[0] == Mount {"8:2", "/", false});
    CHECK(mounts[2] == Mount {"8:17", "/media/store/MY STICK", false});
    CHECK(mounts[3] == Mount {"8:33", "/run/media/kiosk/card", true});
    CHECK(mounts[5] == Mount {"8:65", "/mnt/usb", true}); // a fault has made the whole of it read-only
}

TEST_CASE("What is no line of a mount is passed over", "[platform][os]")
{
    for (auto const* text : {"", "\n\n", "41", "41 22 8:17 / /media/x", "41 22 8:17 / /media/x rw shared:1",
             "41 22 817 / /media/x rw - vfat /dev/sdb1 rw", "41 22 8:17 / media rw - vfat /dev/sdb1 rw",
             "                  - "})
        CHECK(parse_mounts(text).empty());
    CHECK(parse_mounts("41 22 8:17 / /media/x rw - vfat /dev/sdb1 rw").size() == 1);
    CHECK(parse_mounts("41 22 8:17 / /media/x\\04 rw - vfat s rw")[0].mount_point == "/media/x\\04");
}

TEST_CASE("Sticks are what is mounted where sticks are, or what the kernel calls one", "[platform][os]")
{
    test::TempFolder const folder;
    MountSources const sources {folder / "mountinfo", folder / "devices"};
    REQUIRE(write_file_atomically(sources.mountinfo, lines));
    auto const disk = folder / "block/sdd";
    auto const stick = folder / "block/sde";
    for (auto const& each : {disk, stick})
        std::filesystem::create_directories(each / "part1");
    REQUIRE(write_file_atomically(disk / "removable", "0\n"));
    REQUIRE(write_file_atomically(stick / "removable", "1\n"));
    std::filesystem::create_directory(sources.devices);
    std::filesystem::create_directory_symlink(disk / "part1", sources.devices / "8:49");
    std::filesystem::create_directory_symlink(stick / "part1", sources.devices / "8:65");
    CHECK(names(removable_drives(sources).value()) == std::vector<std::string> {"MY STICK", "card", "usb"});

    SECTION("of two at one place the later one is seen")
    {
        std::string const over = std::string(lines) + "50 22 8:81 / /mnt/usb rw - ext4 /dev/sdf1 rw\n"
            + "51 22 8:97 / /run/media/kiosk/card rw - vfat /dev/sdg1 rw\n";
        REQUIRE(write_file_atomically(sources.mountinfo, over));
        auto const drives = removable_drives(sources).value();
        CHECK(names(drives) == std::vector<std::string> {"MY STICK", "usb", "card"});
        CHECK(drives.back().mount.device == "8:97");
        CHECK_FALSE(drives.back().mount.is_read_only);
    }
    SECTION("without the kernel's list nothing is known")
    {
        std::filesystem::remove(sources.mountinfo);
        CHECK_FALSE(removable_drives(sources));
    }
}

TEST_CASE("A drive that was pulled out is not taken for the folder that stays", "[platform][os]")
{
    test::TempFolder const folder;
    CHECK_FALSE(is_mounted({"x", {"8:17", folder.path(), false}}));
    CHECK_FALSE(is_mounted({"x", {"8:17", folder / "gone", false}}));
    CHECK(removable_drives()); // of this machine, whatever it has
}

TEST_CASE("A drive is told from another one at the same place", "[platform][os]")
{
    test::TempFolder const folder;
    MountSources const sources {.devices = folder / "devices", .uuids = folder / "by-uuid"};
    RemovableDrive const drive {"x", {"8:17", folder.path(), false}};
    auto const first = identity_of(drive, sources);
    CHECK(identity_of(drive, sources) == first);
    CHECK(identity_of({"x", {"8:33", folder.path(), false}}, sources) != first);
    CHECK(identity_of({"x", {"8:17", "/proc", false}}, sources) != first);
    RemovableDrive read_only = drive;
    read_only.mount.is_read_only = true; // a fault, or a switch: it is that stick nevertheless
    CHECK(identity_of(read_only, sources) == first);

    // The kernel counts the disks that are put in; a partition lies in the folder of its disk.
    auto const disk = folder / "block/sdb";
    std::filesystem::create_directories(disk / "sdb1");
    std::filesystem::create_directories(sources.devices);
    std::filesystem::create_directory_symlink(disk / "sdb1", sources.devices / "8:17");
    REQUIRE(write_file_atomically(disk / "diskseq", "12\n"));
    auto const second = identity_of(drive, sources);
    CHECK(second != first);
    REQUIRE(write_file_atomically(disk / "diskseq", "13\n"));
    CHECK(identity_of(drive, sources) != second);
}

TEST_CASE("A drive says how much room it has, and everything on it can be made safe", "[platform][os]")
{
    test::TempFolder const folder;
    struct stat status { };
    REQUIRE(::stat(folder.path().c_str(), &status) == 0);
    std::string const device
        = std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev));
    RemovableDrive const drive {"here", {device, folder.path(), false}};
    auto const room = room_on(drive);
    REQUIRE(room);
    CHECK(room->free_bytes > 0);
    CHECK(room->free_bytes <= room->total_bytes);
    auto const opened = OpenDrive::open(drive);
    REQUIRE(opened);
    REQUIRE(write_file_atomically(opened->path() / "file", "text"));
    CHECK(opened->flush());
    CHECK(read_file(folder / "file", 10) == "text");

    RemovableDrive const gone {"gone", {device, folder / "gone", false}};
    CHECK_FALSE(room_on(gone));
    CHECK(OpenDrive::open(gone).error().code == Errc::NotFound);
    RemovableDrive const other {"other", {"0:0", folder.path(), false}}; // its folder is the machine's again
    CHECK(OpenDrive::open(other).error().code == Errc::NotFound);
}

#include "platform/os/files.h"

#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace listenpost;
using listenpost::test::TempFolder;

namespace {

unsigned mode_of(std::filesystem::path const& path)
{
    struct stat status { };
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777u;
}

std::size_t files_in(std::filesystem::path const& folder)
{
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

}

TEST_CASE("What may not be written is told before anybody tries", "[os]")
{
    TempFolder const folder;
    CHECK(check_writable(folder / "not-there-yet"));
    REQUIRE(write_file_atomically(folder / "file", "x"));
    CHECK(check_writable(folder / "file"));
    auto const nowhere = check_writable(folder / "no-such-folder" / "file");
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().code == Errc::Io);
    if (::geteuid() == 0)
        return; // what is forbidden, root may do all the same; tests/e2e/disk_test.py has what nobody may
    std::filesystem::permissions(folder / "file", std::filesystem::perms::owner_read);
    CHECK_FALSE(check_writable(folder / "file"));
}

TEST_CASE("A file is replaced whole, and leaves nothing beside it", "[os]")
{
    TempFolder const folder;
    REQUIRE(write_file_atomically(folder / "a", "first"));
    REQUIRE(write_file_atomically(folder / "a", "second"));
    CHECK(read_file(folder / "a", 100).value() == "second");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("Only the owner may read a file unless it is meant for everyone", "[os]")
{
    TempFolder const folder;
    REQUIRE(write_file_atomically(folder / "secret", "x"));
    REQUIRE(write_file_atomically(folder / "map", "x", FileAccess::Everyone, Durability::Volatile));
    CHECK(mode_of(folder / "secret") == 0600);
    CHECK(mode_of(folder / "map") == 0644);
    REQUIRE(make_private_folder(folder / "deep/er"));
    CHECK(mode_of(folder / "deep/er") == 0700);
    CHECK(make_private_folder(folder / "deep/er"));
}

TEST_CASE("A file for everyone is written where the file system knows no permissions", "[os]")
{
    TempFolder const folder;
    // As FAT answers whoever does not own the stick.
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        sock_filter rules[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fchmod, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        sock_fprog const filter {std::size(rules), rules};
        bool const is_refused = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0 && ::fchmod(0, 0644) != 0
            && errno == EPERM;
        bool const is_written
            = write_file_atomically(folder / "table.csv", "all of it", FileAccess::Everyone).has_value();
        ::_exit(is_refused && is_written ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(read_file(folder / "table.csv", 100).value() == "all of it");
}

TEST_CASE("A file that cannot be written leaves the old one and no rest", "[os]")
{
    TempFolder const folder;
    CHECK_FALSE(write_file_atomically(folder / "missing/a", "x"));
    std::filesystem::create_directory(folder / "taken");
    CHECK_FALSE(write_file_atomically(folder / "taken", "x")); // a folder stands there
    CHECK(files_in(folder.path()) == 1);
    CHECK_FALSE(make_private_folder(folder / "taken/../taken/\n" / std::string(300, 'x')));
}

TEST_CASE("Reading stops at the limit instead of filling the memory", "[os]")
{
    TempFolder const folder;
    REQUIRE(write_file_atomically(folder / "a", std::string(1000, 'x')));
    CHECK(read_file(folder / "a", 1000).value().size() == 1000);
    CHECK(read_file(folder / "a", 999).error().code == Errc::Full);
    CHECK(read_file(folder / "none", 10).error().code == Errc::NotFound);
}

TEST_CASE("A lock has one holder, and is free again when it is gone", "[os]")
{
    TempFolder const folder;
    {
        auto const first = FileLock::try_acquire(folder / "lock");
        REQUIRE(first);
        auto const second = FileLock::try_acquire(folder / "lock");
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::Busy);
    }
    CHECK(FileLock::try_acquire(folder / "lock"));
}

TEST_CASE("A file is written over only by as much as it has, and keeps who may read it", "[os]")
{
    TempFolder const folder;
    auto const path = folder / "kept";
    CHECK(overwrite_file(path, "new").error().code == Errc::NotFound);
    REQUIRE(write_file_atomically(path, "old"));
    auto const before = file_identity(path).value();
    REQUIRE(overwrite_file(path, "new"));
    CHECK(read_file(path, 100) == "new");
    CHECK(file_identity(path).value() == before);
    CHECK(overwrite_file(path, "longer").error().code == Errc::Invalid);
    CHECK(overwrite_file(path, "").error().code == Errc::Invalid);
    CHECK(read_file(path, 100) == "new");
}

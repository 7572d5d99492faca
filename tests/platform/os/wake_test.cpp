#include "platform/os/wake.h"

#include "platform/os/files.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace listenpost;
using namespace std::chrono_literals;
using listenpost::test::TempFolder;

namespace {

struct Pipe {
    Pipe() { REQUIRE(::pipe(ends) == 0); }
    ~Pipe()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    int ends[2];
};

}

TEST_CASE("A wait ends at once for a write in the watched folder, and tells it once", "[os]")
{
    TempFolder const folder;
    Pipe const stop;
    auto waker = Waker::create(stop.ends[0], folder.path());
    REQUIRE(waker);
    CHECK(waker->wait(0ms).timeout());

    REQUIRE(write_file_atomically(folder / "a", "x"));
    REQUIRE(write_file_atomically(folder / "b", "x"));
    CHECK(waker->wait(60s).files);
    CHECK(waker->wait(0ms).timeout());
}

TEST_CASE("A stop ends every wait, also the later ones", "[os]")
{
    TempFolder const folder;
    Pipe const stop;
    auto waker = Waker::create(stop.ends[0], folder.path());
    REQUIRE(waker);
    REQUIRE(::write(stop.ends[1], "x", 1) == 1);
    CHECK(waker->wait(std::nullopt).stop);
    CHECK(waker->wait(std::nullopt).stop);
}

TEST_CASE("A folder that is not there cannot be watched", "[os]")
{
    TempFolder const folder;
    CHECK_FALSE(Waker::create(-1, folder / "missing"));
}

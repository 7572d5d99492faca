#include "platform/os/process_figures.h"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

using namespace listenpost;

TEST_CASE("Process figures: they grow with what is used", "[platform][os]")
{
    auto const before = process_figures().value();
    CHECK(before.resident_bytes > 0);
    CHECK(before.open_descriptors >= 1);

    int const descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    REQUIRE(descriptor >= 0);
    constexpr std::size_t taken = 64UL * 1024 * 1024;
    std::vector<char> const memory(taken, 'x');
    auto const after = process_figures().value();
    CHECK(after.open_descriptors == before.open_descriptors + 1);
    CHECK(after.resident_bytes >= before.resident_bytes + taken / 2);
    CHECK(after.cpu > before.cpu);
    CHECK(memory.back() == 'x');
    ::close(descriptor);
    CHECK(process_figures().value().open_descriptors == before.open_descriptors);
}

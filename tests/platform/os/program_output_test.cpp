#include "platform/os/program_output.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using std::chrono::seconds;

namespace {

ProgramRun shell(std::string const& script) { return {{"sh", "-c", script}, 100'000, seconds(60)}; }

}

TEST_CASE("A program's whole output comes back, however long it is", "[platform][os]")
{
    CHECK(program_output(shell("printf hello")).value() == "hello");
    CHECK(program_output(shell("true")).value().empty());
    auto const many = program_output(shell("head -c 90000 /dev/zero"));
    CHECK(many.value() == std::string(90'000, '\0'));
}

TEST_CASE("It reads nothing, and comes after everybody else", "[platform][os]")
{
    CHECK(program_output(shell("cat; nice")).value() == "19\n");
}

TEST_CASE("A program that fails, is missing, or says too much has no output", "[platform][os]")
{
    CHECK(program_output(shell("printf half; exit 3")).error().code == Errc::Io);
    CHECK(program_output({{"/no/such/program"}, 100, seconds(60)}).error().code == Errc::Io);
    auto run = shell("yes");
    run.max_bytes = 1'000;
    CHECK(program_output(run).error().code == Errc::Full);
}

TEST_CASE("A program that hangs is given up: on request, and once it has taken too long", "[platform][os]")
{
    auto run = shell("exec sleep 1000");
    run.is_cancelled = [] { return true; };
    CHECK(program_output(run).error().code == Errc::Cancelled);
    run.is_cancelled = {};
    run.patience = std::chrono::milliseconds(1);
    CHECK(program_output(run).error().code == Errc::Io);
}

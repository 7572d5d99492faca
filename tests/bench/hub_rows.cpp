// Rows for measuring a pull, and the least that reading them takes.
//
//   hub_rows fill DIR ROWS     a hub's data folder with so many responses
//   hub_rows read DIR          reads them all by SQLite alone; prints {"rows":N,"cpu_us":N}

#include "platform/sqlite/database.h"
#include "sync/hub/data_folder.h"
#include "sync/hub/sqlite_storage.h"
#include "tests/bench/hub_filler.h"
#include "tests/bench/process_cpu.h"
#include "tests/support/must.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace listenpost;
using listenpost::test::must;

namespace {

void read_all(std::filesystem::path const& file)
{
    auto database = must(sqlite::Database::open(file, sqlite::OpenMode::Reader), "open");
    double const begun = bench::own_cpu_us();
    auto read
        = must(database.prepare(
                   "SELECT store, device, install, seq, received_ms, at_ms, raw FROM log ORDER BY part, off"),
            "prepare");
    long rows = 0;
    std::size_t bytes = 0;
    while (must(read.step(), "step")) {
        ++rows;
        for (int column : {0, 1, 2, 6})
            bytes += read.text(column).size();
        for (int column : {3, 4, 5})
            bytes += read.integer(column) != 0 ? 1 : 0;
    }
    std::printf("{\"rows\":%ld,\"bytes\":%zu,\"cpu_us\":%.0f}\n", rows, bytes, bench::own_cpu_us() - begun);
}

}

int main(int argc, char** argv)
{
    std::string_view const what = argc > 1 ? argv[1] : "";
    if (what == "fill" && argc == 4) {
        std::filesystem::create_directories(argv[2]);
        auto storage = must(sync::open_sqlite_storage(sync::DataFolder {argv[2]}.database()), "open");
        bench::fill_hub(*storage, std::atol(argv[3]), 0);
        return 0;
    }
    if (what == "read" && argc == 3) {
        read_all(sync::DataFolder {argv[2]}.database());
        return 0;
    }
    std::fputs("use: hub_rows fill DIR ROWS | hub_rows read DIR\n", stderr);
    return 2;
}

// Adds responses to a box's store.db as a shop would have collected them: for the end-to-end
// tests of the agent and for trying things out. No kiosk may be running on it.
//
//   make_backlog STORE COUNT [SEED]

#include "tests/bench/sample_backlog.h"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv)
{
    if (argc < 3 || argc > 4) {
        std::fputs("use: make_backlog STORE COUNT [SEED]\n", stderr);
        return 2;
    }
    listenpost::bench::make_backlog(
        argv[1], std::atoll(argv[2]), argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 7);
    return 0;
}

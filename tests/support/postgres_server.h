#pragma once

#include "tests/support/temp_folder.h"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace listenpost::test {

/// A real PostgreSQL server of a test program's own (postgres_server.py). It goes when the program
/// ends, however it ends. Aborts where it cannot be had: without it the tests mean nothing.
/// Threads: one at a time.
class PostgresServer {
public:
    /// The one that all tests of a program share, started at the first call.
    static PostgresServer& shared();

    /// `parent`: where its files lie. `settings`: NAME=VALUE, beside postgres_server.py's.
    explicit PostgresServer(
        std::filesystem::path const& parent = in_memory(), std::vector<std::string> const& settings = {});
    PostgresServer(PostgresServer const&) = delete;
    PostgresServer& operator=(PostgresServer const&) = delete;
    ~PostgresServer();

    std::string conninfo(std::string const& database = "postgres") const;
    /// The conninfo of a new, empty database.
    std::string make_database();

    void kill() { order("kill"); } ///< kill -9 of all its processes
    void stop() { order("stop"); }
    void start() { order("start"); }

    /// Its first process, the parent of all others.
    pid_t pid() const;
    /// Every statement that it was asked to run so far, and its complaints.
    std::string log() const;

private:
    void order(std::string const& word);
    std::string read_line();

    pid_t process_ = -1;
    int orders_ = -1; ///< closing it ends the server
    int answers_ = -1;
    std::string folder_;
    int databases_ = 0;
};

}

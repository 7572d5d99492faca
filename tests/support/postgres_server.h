#pragma once

#include <string>
#include <sys/types.h>

namespace listenpost::test {

/// A real PostgreSQL server of a test program's own (postgres_server.py). It goes when the program
/// ends, however it ends. Aborts where it cannot be had: without it the tests mean nothing.
/// Threads: one at a time.
class PostgresServer {
public:
    /// The one that all tests of a program share, started at the first call.
    static PostgresServer& shared();

    PostgresServer();
    PostgresServer(PostgresServer const&) = delete;
    PostgresServer& operator=(PostgresServer const&) = delete;
    ~PostgresServer();

    std::string conninfo(std::string const& database = "postgres") const;
    /// The conninfo of a new, empty database.
    std::string make_database();

    void kill() { order("kill"); } ///< kill -9 of all its processes
    void stop() { order("stop"); }
    void start() { order("start"); }

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

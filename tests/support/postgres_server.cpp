#include "tests/support/postgres_server.h"

#include "platform/postgres/connection.h"
#include "tests/support/must.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

namespace listenpost::test {
namespace {

[[noreturn]] void give_up(char const* what)
{
    std::fprintf(stderr, "postgres_server: %s\n", what);
    std::abort();
}

}

PostgresServer& PostgresServer::shared()
{
    static PostgresServer server;
    return server;
}

PostgresServer::PostgresServer(std::filesystem::path const& parent, std::vector<std::string> const& settings)
{
    // No other program that is started meanwhile may hold the ends open.
    std::array<int, 2> in {}, out {};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
        give_up("no pipe");
    std::vector<char const*> command {"python3", LISTENPOST_POSTGRES_SERVER, parent.c_str()};
    for (auto const& setting : settings)
        command.push_back(setting.c_str());
    command.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) {
        ::dup2(in[0], STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        ::execv("/usr/bin/python3", const_cast<char* const*>(command.data()));
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    orders_ = in[1];
    answers_ = out[0];
    folder_ = read_line();
}

PostgresServer::~PostgresServer()
{
    ::close(orders_);
    ::waitpid(process_, nullptr, 0);
    ::close(answers_);
}

std::string PostgresServer::read_line()
{
    std::string line;
    for (char c = 0; c != '\n'; line += c)
        if (::read(answers_, &c, 1) != 1)
            give_up("it has ended; what it said is above");
    line.pop_back();
    return line;
}

void PostgresServer::order(std::string const& word)
{
    std::string const line = word + "\n";
    if (::write(orders_, line.data(), line.size()) != static_cast<ssize_t>(line.size())
        || read_line() != "ok")
        give_up("it did not obey");
}

std::string PostgresServer::conninfo(std::string const& database) const
{
    return "host=" + folder_ + " user=postgres dbname=" + database;
}

std::string PostgresServer::make_database()
{
    std::string const name = "test" + std::to_string(++databases_);
    auto connection = must(postgres::Connection::open(conninfo()), "connect");
    must(connection.execute("CREATE DATABASE " + name), "create a database");
    return conninfo(name);
}

pid_t PostgresServer::pid() const
{
    pid_t pid = -1;
    std::ifstream(folder_ + "/data/postmaster.pid") >> pid;
    return pid;
}

std::string PostgresServer::log() const
{
    std::ifstream file(folder_ + "/server.log");
    return {std::istreambuf_iterator<char>(file), {}};
}

}

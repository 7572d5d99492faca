#include "tests/fault/hub_process.h"

#include "platform/base/log.h"
#include "platform/os/system_clock.h"
#include "sync/hub/hex.h"
#include "sync/hub/secrets.h"
#include "sync/hub/server.h"
#include "sync/hub/session.h"
#include "sync/hub/sqlite_storage.h"
#include "tests/support/hub_acts.h"
#include "tests/support/must.h"

#include <csignal>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace listenpost::test {
namespace {

constexpr char start_command = 's';
constexpr char kill_command = 'k';

[[noreturn]] void run_hub(std::filesystem::path const& database, int ready)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    auto storage = must(sync::open_sqlite_storage(database), "open hub.db");
    SystemClock const clock;
    sync::ServerOptions options;
    options.rates = sync::no_limits; // all boxes of all schedules are one device
    auto server = must(sync::Server::create(options, {}, *storage, clock), "listen");
    std::uint16_t const port = server->port();
    if (::write(ready, &port, sizeof port) != sizeof port)
        ::_exit(1);
    ::close(ready);
    server->run();
    ::_exit(0);
}

std::uint16_t start_hub(std::filesystem::path const& database, int commands, pid_t& hub)
{
    int ready[2];
    if (::pipe(ready) != 0)
        return 0;
    hub = ::fork();
    if (hub == 0) {
        ::close(commands);
        ::close(ready[0]);
        run_hub(database, ready[1]);
    }
    ::close(ready[1]);
    std::uint16_t port = 0;
    if (::read(ready[0], &port, sizeof port) != sizeof port)
        port = 0;
    ::close(ready[0]);
    return port;
}

/// Has one thread and little memory, so its forks are cheap and safe.
[[noreturn]] void run_keeper(std::filesystem::path const& database, int commands)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    pid_t hub = 0;
    for (char command = 0; ::read(commands, &command, 1) == 1;) {
        std::uint16_t port = 0;
        if (command == start_command) {
            port = start_hub(database, commands, hub);
        } else if (hub > 0) {
            ::kill(hub, SIGKILL);
            ::waitpid(hub, nullptr, 0);
            hub = 0;
        }
        if (::write(commands, &port, sizeof port) != sizeof port)
            break;
    }
    if (hub > 0)
        ::kill(hub, SIGKILL);
    ::_exit(0);
}

}

HubProcess::HubProcess(std::filesystem::path const& folder)
    : database_(folder / "hub.db")
{
    {
        auto storage = must(sync::open_sqlite_storage(database_), "make hub.db");
        must(storage->registry().add_store({"sh-001", "人民广场店", "", "", "Asia/Shanghai"}, act_at(1)),
            "add a store");
        must(storage->registry().add_invite("code", "sh-001", "front door", 100, act_at(1)), "invite");
        must(storage->registry().enrol("code", "dev_1", sync::hash_of_secret(device_token_), "", 1), "enrol");
        must(storage->registry().add_token(
                 {"hq", sync::Role::Reader}, sync::hash_of_secret(reader_token_), act_at(1)),
            "add a reader");
    }
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        std::abort();
    if (::fork() == 0) {
        ::close(ends[0]);
        run_keeper(database_, ends[1]);
    }
    ::close(ends[1]);
    keeper_ = ends[0];
    start();
}

HubProcess::~HubProcess()
{
    ::close(keeper_); // the keeper ends, and the hub with it
    ::wait(nullptr);
}

void HubProcess::start()
{
    std::lock_guard const lock(mutex_);
    if (port_ != 0)
        return;
    if (::write(keeper_, &start_command, 1) != 1 || ::read(keeper_, &port_, sizeof port_) != sizeof port_
        || port_ == 0) {
        std::fputs("the hub does not start\n", stderr);
        std::exit(1);
    }
}

void HubProcess::kill()
{
    std::lock_guard const lock(mutex_);
    if (port_ == 0)
        return;
    beside_.reset();
    if (::write(keeper_, &kill_command, 1) != 1 || ::read(keeper_, &port_, sizeof port_) != sizeof port_)
        std::abort();
    ++kills_;
}

std::uint16_t HubProcess::port() const
{
    std::lock_guard const lock(mutex_);
    return port_;
}

std::uint64_t HubProcess::kills() const
{
    std::lock_guard const lock(mutex_);
    return kills_;
}

std::vector<std::string> HubProcess::pull()
{
    std::vector<std::string> rows;
    if (!client_)
        client_.emplace(must(HttpClient::create(), "client"));
    for (;;) {
        HttpRequest request;
        request.url = "http://127.0.0.1:" + std::to_string(port()) + "/v1/responses"
            + (cursor_.empty() ? "" : "?cursor=" + cursor_);
        request.headers = {{"Authorization", "Bearer " + reader_token_}};
        auto const reply = must(client_->send(request), "pull");
        auto const cursor = reply.header("ListenPost-Cursor");
        if (reply.status != 200 || !cursor) {
            std::fprintf(stderr, "pull: %d %s\n", reply.status, reply.body.c_str());
            std::exit(1);
        }
        cursor_ = *cursor;
        if (reply.body.empty())
            return rows;
        for (std::size_t at = 0; at < reply.body.size();) {
            auto const end = reply.body.find('\n', at);
            rows.push_back(reply.body.substr(at, end - at));
            at = end == std::string::npos ? reply.body.size() : end + 1;
        }
    }
}

std::int64_t HubProcess::committed(std::string const& install, std::int64_t last)
{
    std::lock_guard const lock(mutex_);
    if (!beside_)
        beside_.emplace(must(sqlite::Database::open(database_, sqlite::OpenMode::Reader), "open hub.db"));
    auto query = must(
        beside_->prepare("SELECT count(*) FROM dedup WHERE part = (SELECT part FROM installs WHERE install = "
                         "?1) AND install = ?1 AND seq <= ?2"),
        "count");
    std::string const id = sync::from_hex(install);
    query.bind_blob(1, id).bind(2, last);
    must(query.step(), "count");
    return query.integer(0);
}

}

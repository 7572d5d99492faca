#include "sync/hub/admin_channel.h"

#include "platform/os/files.h"
#include "sync/hub/admin.h"
#include "sync/hub/audit.h"
#include "sync/hub/engine.h"
#include "sync/hub/postgres_storage.h"
#include "sync/hub/sqlite_storage.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace listenpost::sync {
namespace {

constexpr std::chrono::seconds time_for_the_lock {10};
constexpr std::chrono::milliseconds between_tries {20};

Result<std::string> run_on(Result<std::unique_ptr<Storage>> storage, std::string const& request)
{
    if (!storage)
        return fail(std::move(storage).error());
    return run_admin_request(**storage, request, act_of_this_user());
}

/// Errors: Unreachable: nobody listens (yet).
Result<int> connect_to(std::filesystem::path const& path, std::chrono::seconds patience)
{
    sockaddr_un address {};
    address.sun_family = AF_UNIX;
    std::string const name = path.string();
    if (name.size() >= sizeof address.sun_path)
        return fail(Errc::Io, name + " is too long a name for a Unix socket: use a shorter data folder");
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
    int const descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return fail(Errc::Io, std::string("socket: ") + std::strerror(errno));
    timeval const timeout {patience.count(), 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        return descriptor;
    int const error = errno;
    ::close(descriptor);
    return fail(Errc::Unreachable, name + ": " + std::strerror(error));
}

Result<std::string> converse(int descriptor, std::string const& request)
{
    std::string_view rest = request;
    while (!rest.empty()) {
        ssize_t const sent = ::send(descriptor, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return fail(Errc::Io, std::string("ask the running hub: ") + std::strerror(errno));
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    std::string reply;
    char buffer[64 * 1024];
    while (reply.empty() || reply.back() != '\n') {
        ssize_t const got = ::recv(descriptor, buffer, sizeof buffer, 0);
        if (got <= 0 || reply.size() > max_admin_bytes)
            return fail(Errc::Io, "the running hub did not answer; look at the list before you try again");
        reply.append(buffer, static_cast<std::size_t>(got));
    }
    return reply;
}

}

Result<std::string> send_admin_request(
    DataFolder const& data, std::string const& request, std::chrono::seconds patience)
{
    LISTENPOST_TRY(make_private_folder(data.root));
    auto const give_up = std::chrono::steady_clock::now() + time_for_the_lock;
    for (;;) {
        auto const lock = FileLock::try_acquire(data.lock());
        if (lock) {
            LISTENPOST_TRY(check_engine(data, Engine::Sqlite));
            return run_on(open_sqlite_storage(data.database()), request);
        }
        if (lock.error().code != Errc::Busy)
            return fail(lock.error());
        auto const connection = connect_to(data.admin_socket(), patience);
        if (connection) {
            auto reply = converse(*connection, request + "\n");
            ::close(*connection);
            return reply;
        }
        if (connection.error().code != Errc::Unreachable)
            return fail(connection.error());
        // A hub that is just starting or ending, or another command: a matter of moments.
        if (std::chrono::steady_clock::now() > give_up)
            return fail(Errc::Busy,
                data.lock().string() + " is held, but nobody answers at " + connection.error().detail);
        std::this_thread::sleep_for(between_tries);
    }
}

Result<std::string> run_admin_request_on_postgres(std::string const& conninfo, std::string const& request)
{
    return run_on(open_postgres_storage(conninfo), request);
}

}

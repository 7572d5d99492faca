#include "platform/base/log.h"
#include "platform/os/descriptor_limit.h"
#include "platform/os/files.h"
#include "platform/os/stop_signal.h"
#include "platform/os/system_clock.h"
#include "sync/hub/commands.h"
#include "sync/hub/data_folder.h"
#include "sync/hub/engine.h"
#include "sync/hub/postgres_storage.h"
#include "sync/hub/server.h"
#include "sync/hub/session.h"
#include "sync/hub/sqlite_storage.h"
#include "sync/hub/stop_deadline.h"

#include <charconv>
#include <thread>
#include <unistd.h>

namespace listenpost::sync {
namespace {

Result<ServerOptions> parse_listen(std::string_view listen)
{
    auto const wrong = [&] {
        return fail(Errc::Invalid,
            "--listen " + std::string(listen) + " is not ADDR:PORT, such as 127.0.0.1:8780 or [::]:443");
    };
    auto const colon = listen.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return wrong();
    std::string_view address = listen.substr(0, colon);
    std::string_view const port = listen.substr(colon + 1);
    if (address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    ServerOptions options;
    options.address = address;
    auto const [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
    if (port.empty() || error != std::errc() || end != port.data() + port.size())
        return wrong();
    return options;
}

/// An admin command holds the lock for a moment; another hub holds it for good.
Result<FileLock> acquire(std::filesystem::path const& path)
{
    constexpr std::chrono::milliseconds between_tries {20};
    for (int tries_left = 250;; --tries_left) {
        auto lock = FileLock::try_acquire(path);
        if (lock || lock.error().code != Errc::Busy || tries_left == 0)
            return lock;
        std::this_thread::sleep_for(between_tries);
    }
}

/// For what waits in the writer queue, once no connection is left that could be told.
constexpr std::chrono::seconds after_shutdown {10};

/// What may come at once grows with what may come in the long run.
Rate with_rate(Rate usual, double per_second)
{
    return {per_second, usual.burst / usual.per_second * per_second};
}

Result<std::unique_ptr<Storage>> open_storage(DataFolder const& data, ServeOptions const& options)
{
    auto const engine = options.postgres ? Engine::Postgres : Engine::Sqlite;
    LISTENPOST_TRY(check_engine(data, engine));
    auto storage
        = options.postgres ? open_postgres_storage(*options.postgres) : open_sqlite_storage(data.database());
    if (storage)
        LISTENPOST_TRY(note_engine(data, engine));
    return storage;
}

int failed(Error const& error)
{
    return complain(error.code == Errc::Invalid ? exit_bad_use : exit_failed, error.detail);
}

}

int run_serve(ServeOptions const& options)
{
    auto server_options = parse_listen(options.listen);
    if (!server_options)
        return failed(server_options.error());
    if (options.tls_certificate.empty() != options.tls_key.empty())
        return complain(exit_bad_use, "--tls-cert and --tls-key belong together");
    bool const tls = !options.tls_certificate.empty();
    if (!tls && !is_loopback(server_options->address))
        return complain(exit_bad_use,
            "plain HTTP is for this machine alone: give --tls-cert and --tls-key to listen on "
                + server_options->address);

    // With a certificate, hangup asks to load it anew. Before the first thread.
    StopSignal const stop(tls ? Hangup::IsNoStop : Hangup::Stops);
    raise_descriptor_limit();
    DataFolder const data {options.data};
    if (auto const made = make_private_folder(data.root); !made)
        return failed(made.error());
    auto const lock = acquire(data.lock());
    if (!lock)
        return complain(exit_failed,
            lock.error().code == Errc::Busy ? "another hub serves " + data.root.string()
                                            : lock.error().detail);
    ::unlink(data.url().c_str()); // of a hub that was killed: nobody must follow it
    StopDeadline const stop_deadline(stop.descriptor(), Deadlines {}.shutdown + after_shutdown);
    auto storage = open_storage(data, options);
    if (!storage)
        return complain(exit_failed, storage.error().detail);

    SystemClock const clock;
    server_options->tls_certificate = options.tls_certificate;
    server_options->tls_key = options.tls_key;
    server_options->rates.address = with_rate(server_options->rates.address, options.requests_per_address);
    server_options->rates.device = with_rate(server_options->rates.device, options.requests_per_device);
    server_options->admin_socket = data.admin_socket();
    auto server = Server::create(*server_options, Deadlines {}, **storage, clock);
    if (!server)
        return failed(server.error());
    (*server)->stop_when_readable(stop.descriptor());
    if (tls)
        (*server)->reload_tls_on_hangup();
    auto const told = write_file_atomically(
        data.url(), (*server)->url() + "\n", FileAccess::Everyone, Durability::Volatile);
    if (!told)
        return complain(exit_failed, told.error().detail);
    log(LogLevel::Info, "listening",
        {{"address", server_options->address}, {"port", (*server)->port()}, {"tls", tls ? "yes" : "no"},
            {"storage", options.postgres ? "postgresql" : "sqlite"}});
    (*server)->run();
    ::unlink(data.url().c_str());
    log(LogLevel::Info, "stopped");
    return exit_done;
}

}

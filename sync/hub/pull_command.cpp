#include "platform/base/log.h"
#include "platform/http/http_client.h"
#include "platform/os/files.h"
#include "platform/os/stop_signal.h"
#include "sync/hub/commands.h"
#include "sync/wire/hub_url.h"
#include "sync/wire/limits.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace listenpost::sync {
namespace {

constexpr std::chrono::milliseconds between_polls {2'000};
constexpr std::chrono::milliseconds after_trouble {10'000};
constexpr std::size_t max_page_bytes = 64UL * 1024 * 1024;
constexpr std::size_t max_small_file_bytes = 4'096;

std::string trimmed(std::string text)
{
    auto const end = text.find_last_not_of(" \t\r\n");
    text.erase(end == std::string::npos ? 0 : end + 1);
    return text;
}

/// The standard output's size if it is a file that grows, else nothing.
std::optional<off_t> size_of_output()
{
    struct stat status { };
    if (::fstat(STDOUT_FILENO, &status) != 0 || !S_ISREG(status.st_mode))
        return {};
    return status.st_size;
}

Result<> write_all(std::string_view rows)
{
    while (!rows.empty()) {
        ssize_t const written = ::write(STDOUT_FILENO, rows.data(), rows.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail(Errc::Io, std::string("write the rows: ") + std::strerror(errno));
        rows.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

/// All of it, and on the disk if it goes to one: the cursor must never be ahead of the rows.
/// Or nothing: half a line in a file would spoil the first row of the next pull as well.
Result<> write_rows(std::string_view rows)
{
    auto const before = size_of_output();
    auto written = write_all(rows);
    if (written && before && ::fdatasync(STDOUT_FILENO) != 0)
        written = fail(Errc::Io, std::string("write the rows to disk: ") + std::strerror(errno));
    if (!written && before && ::ftruncate(STDOUT_FILENO, *before) != 0)
        return fail(Errc::Io, written.error().detail + "; the last line of the file is cut off");
    return written;
}

/// A pull that was killed while it wrote may have left half a line: the row that it belongs
/// to comes again, and must not be glued to it.
Result<> end_torn_line()
{
    auto const size = size_of_output();
    // What `>>` opened can only be written to.
    int const file = size && *size > 0 ? ::open("/proc/self/fd/1", O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return {};
    char last = '\n';
    bool const torn = ::pread(file, &last, 1, *size - 1) == 1 && last != '\n';
    ::close(file);
    return torn ? write_all("\n") : Result<>();
}

class Puller {
public:
    Puller(HttpClient client, PullOptions const& options, std::string hub, std::string token)
        : client_(std::move(client))
        , options_(options)
        , hub_(std::move(hub))
        , token_(std::move(token))
    {
    }

    /// Errors: any but NotFound (there is no cursor yet: the first pull).
    Result<> load_cursor()
    {
        auto text = read_file(options_.cursor_file, max_small_file_bytes);
        if (!text && text.error().code == Errc::NotFound)
            return {};
        if (!text)
            return fail(std::move(text).error());
        cursor_ = trimmed(std::move(*text));
        return {};
    }

    enum class Page { Rows, NothingNew };

    /// Fetches a page, writes it out, then moves the cursor file on.
    /// Errors: Unreachable (trying again may help); others need a person.
    Result<Page> pull_page()
    {
        HttpRequest request;
        request.url = hub_ + "/v1/responses?limit=" + std::to_string(limits::max_pull_rows);
        if (!cursor_.empty())
            request.url += "&cursor=" + cursor_;
        request.headers = {{"Authorization", "Bearer " + token_},
            {"Accept", options_.format == PullFormat::Csv ? "text/csv" : "application/x-ndjson"}};
        auto const reply = client_.send(request);
        if (!reply)
            return fail(reply.error());
        LISTENPOST_TRY(check(*reply));
        auto const cursor = reply->header("ListenPost-Cursor");
        if (!cursor || cursor->empty())
            return fail(Errc::Io, hub_ + " does not answer like a hub");
        if (reply->body.empty())
            return Page::NothingNew;

        std::string_view rows = reply->body;
        // One header in a file that is written to again and again.
        if (options_.format == PullFormat::Csv && !cursor_.empty())
            rows.remove_prefix(std::min(rows.size(), rows.find("\r\n") + 2));
        LISTENPOST_TRY(write_rows(rows));
        cursor_ = *cursor;
        LISTENPOST_TRY(write_file_atomically(options_.cursor_file, cursor_ + "\n"));
        return Page::Rows;
    }

private:
    Result<> check(HttpReply const& reply) const
    {
        switch (reply.status) {
        case 200:
            return {};
        case 401:
        case 403:
            return fail(Errc::Unauthorized,
                "the hub does not know the token in " + options_.token_file.string()
                    + ": make one at the hub with `listenpost-hub token add --data DIR --role reader --name "
                      "NAME`");
        case 400:
        case 409:
            return fail(Errc::Invalid,
                "the hub does not take the cursor in " + options_.cursor_file.string() + ": " + reply.body
                    + "Move the file away to pull everything from the beginning.");
        default:
            break;
        }
        std::string const detail = hub_ + " answers " + std::to_string(reply.status);
        return fail(reply.status >= 500 || reply.status == 429 ? Errc::Unreachable : Errc::Io, detail);
    }

    HttpClient client_;
    PullOptions const& options_;
    std::string hub_;
    std::string token_;
    std::string cursor_; ///< empty: nothing was pulled yet
};

/// False: a stop was asked for meanwhile.
bool wait_for_stop(StopSignal const& stop, std::chrono::milliseconds time)
{
    pollfd waiting {stop.descriptor(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) <= 0;
}

int pull_all(Puller& puller, PullOptions const& options, StopSignal const& stop)
{
    bool const follow = options.mode == PullMode::Follow;
    for (;;) {
        if (stop.requested())
            return follow ? exit_done : complain(exit_failed, "stopped before everything was pulled");
        auto const page = puller.pull_page();
        if (page && *page == Puller::Page::Rows)
            continue;
        if (page && !follow)
            return exit_done;
        if (!page && (!follow || page.error().code != Errc::Unreachable))
            return complain(exit_failed, page.error().detail);
        if (!page && !stop.requested())
            log(LogLevel::Warn, "pull_failed", {{"detail", page.error().detail}});
        if (!wait_for_stop(stop, page ? between_polls : after_trouble))
            return exit_done;
    }
}

}

int run_pull(PullOptions const& options)
{
    auto hub = hub_url(options.hub);
    if (!hub)
        return complain(exit_bad_use, hub.error().detail);
    auto token = read_file(options.token_file, max_small_file_bytes);
    if (!token)
        return complain(exit_failed,
            token.error().detail
                + "; write a reader token there: `listenpost-hub token add --data DIR --role reader --name "
                  "NAME > "
                + options.token_file.string() + "`");

    auto lock_file = options.cursor_file;
    lock_file += ".lock";
    // Two at once, as when a timer starts the next before the last has ended, would both
    // print the same rows.
    auto const lock = FileLock::try_acquire(lock_file);
    if (!lock)
        return complain(exit_failed,
            lock.error().code == Errc::Busy
                ? "another pull works with " + options.cursor_file.string() + " at this moment"
                : lock.error().detail);

    StopSignal const stop;
    HttpOptions http;
    http.total_timeout = std::chrono::minutes(10);
    http.max_reply_bytes = max_page_bytes;
    http.ca_file = options.ca_file;
    http.cancelled = [&stop] { return stop.requested(); };
    auto client = HttpClient::create(std::move(http));
    if (!client)
        return complain(exit_failed, client.error().detail);
    Puller puller(std::move(*client), options, std::move(*hub), trimmed(std::move(*token)));
    if (auto const loaded = puller.load_cursor(); !loaded)
        return complain(exit_failed, loaded.error().detail);
    if (options.format == PullFormat::Ndjson)
        if (auto const ended = end_torn_line(); !ended)
            return complain(exit_failed, ended.error().detail);
    return pull_all(puller, options, stop);
}

}

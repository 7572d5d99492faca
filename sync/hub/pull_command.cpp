#include "platform/base/log.h"
#include "platform/http/http_client.h"
#include "platform/os/files.h"
#include "platform/os/stop_signal.h"
#include "sync/hub/commands.h"
#include "sync/hub/pull_filter.h"
#include "sync/hub/pull_target.h"
#include "sync/wire/compression.h"
#include "sync/wire/hub_url.h"
#include "sync/wire/limits.h"

#include <optional>
#include <poll.h>

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

class Puller {
public:
    Puller(HttpClient client, PullOptions const& options, PullTarget& target, std::string hub,
        std::string token, std::string filter)
        : client_(std::move(client))
        , options_(options)
        , target_(target)
        , hub_(std::move(hub))
        , token_(std::move(token))
        , filter_(std::move(filter))
    {
    }

    /// Errors: Invalid (the target was filled with another filter), and the target's own.
    Result<> load_position()
    {
        auto position = target_.position();
        if (!position)
            return fail(std::move(position).error());
        if (!*position)
            return {};
        if ((*position)->filter != filter_)
            return fail(Errc::Invalid,
                target_.name() + " belongs to a pull of " + described((*position)->filter) + ", not of "
                    + described(filter_) + ": use another one for each filter");
        cursor_ = std::move((*position)->cursor);
        return {};
    }

    enum class Page { MoreFollow, LogEnd };

    /// Fetches a page and hands it to the target.
    /// Errors: Unreachable, Busy (trying again may help); others need a person.
    Result<Page> pull_page()
    {
        HttpRequest request;
        request.url = hub_ + "/v1/responses?limit=" + std::to_string(limits::max_pull_rows);
        if (!cursor_.empty())
            request.url += "&cursor=" + cursor_;
        if (!filter_.empty())
            request.url += "&" + filter_;
        request.headers = {{"Authorization", "Bearer " + token_}, {"Accept-Encoding", "zstd, gzip"},
            {"Accept", target_.format() == PullFormat::Csv ? "text/csv" : "application/x-ndjson"}};
        auto reply = client_.send(request);
        if (!reply)
            return fail(reply.error());
        LISTENPOST_TRY(check(*reply));
        auto const cursor = reply->header("ListenPost-Cursor");
        if (!cursor || cursor->empty())
            return not_a_hub();
        // Hubs from before filters say no such thing: there an empty page is the end.
        auto const log_end = reply->header("ListenPost-Log-End");
        if (!log_end && !filter_.empty())
            return fail(Errc::Invalid, hub_ + " is a hub from before filters: bring it up to date first");
        LISTENPOST_TRY(unpack(*reply));

        bool const is_end = log_end ? *log_end == "true" : reply->body.empty();
        // A filter may leave nothing of a page: the cursor moves all the same.
        if (!reply->body.empty() || (!filter_.empty() && *cursor != cursor_)) {
            LISTENPOST_TRY(target_.take(reply->body, {std::string(*cursor), filter_}));
            cursor_ = *cursor;
        }
        return is_end ? Page::LogEnd : Page::MoreFollow;
    }

private:
    static std::string described(std::string const& filter)
    {
        return filter.empty() ? "everything" : "`" + filter + "`";
    }

    tl::unexpected<Error> not_a_hub() const { return fail(Errc::Io, hub_ + " does not answer like a hub"); }

    Result<> unpack(HttpReply& reply)
    {
        auto const encoding = encoding_from_name(reply.header("Content-Encoding").value_or(""));
        if (!encoding)
            return not_a_hub();
        if (*encoding == Encoding::Identity)
            return {};
        std::string body;
        if (!decompressor_.decompress(*encoding, reply.body, max_page_bytes, body))
            return not_a_hub();
        reply.body = std::move(body);
        return {};
    }

    Result<> check(HttpReply const& reply) const
    {
        switch (reply.status) {
        case 200:
            return {};
        case 403:
            return fail(Errc::Unauthorized,
                "the hub refuses the token in " + options_.token_file.string() + ": " + reply.body);
        case 401:
            return fail(Errc::Unauthorized,
                "the hub does not know the token in " + options_.token_file.string()
                    + ": make one at the hub with `listenpost-hub token add --data DIR --role reader --name "
                      "NAME`");
        case 400:
            // A cursor is refused by its code; anything else is what was asked for beside it.
            if (reply.body.find("\"bad_cursor\"") == std::string::npos)
                return fail(Errc::Invalid, "the hub does not take this pull: " + reply.body);
            [[fallthrough]];
        case 409:
            return fail(Errc::Invalid,
                "the hub does not take the cursor in " + target_.name() + ": " + reply.body
                    + target_.how_to_begin_anew());
        case 431:
            return fail(Errc::Invalid, "the filter is too long for one request: " + reply.body);
        default:
            break;
        }
        std::string const detail = hub_ + " answers " + std::to_string(reply.status);
        if (reply.body.find("\"damaged\"") != std::string::npos)
            return fail(Errc::Corrupt, detail + ": " + reply.body); // no waiting mends it
        return fail(reply.status >= 500 || reply.status == 429 ? Errc::Unreachable : Errc::Io, detail);
    }

    HttpClient client_;
    PullOptions const& options_;
    PullTarget& target_;
    std::string hub_;
    std::string token_;
    std::string filter_; ///< as parameters of the request; empty: everything
    std::string cursor_; ///< empty: nothing was pulled yet
    Decompressor decompressor_;
};

/// False: a stop was asked for meanwhile.
bool wait_for_stop(StopSignal const& stop, std::chrono::milliseconds time)
{
    pollfd waiting {stop.descriptor(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) <= 0;
}

/// The hub is down, or somebody else holds HQ's database.
bool may_pass(Error const& error) { return error.code == Errc::Unreachable || error.code == Errc::Busy; }

int pull_all(Puller& puller, PullOptions const& options, StopSignal const& stop)
{
    bool const follow = options.mode == PullMode::Follow;
    for (;;) {
        if (stop.requested())
            return follow ? exit_done : complain(exit_failed, "stopped before everything was pulled");
        auto const page = puller.pull_page();
        if (page && *page == Puller::Page::MoreFollow)
            continue;
        if (page && !follow)
            return exit_done;
        if (!page && (!follow || !may_pass(page.error())))
            return complain(exit_failed, page.error().detail);
        if (!page && !stop.requested())
            log(LogLevel::Warn, "pull_failed", {{"detail", page.error().detail}});
        if (!wait_for_stop(stop, page ? between_polls : after_trouble))
            return exit_done;
    }
}

Result<std::string> filter_query(PullOptions const& options)
{
    PullFilter filter;
    for (auto const& [name, value] : options.filter) {
        auto const taken = take_filter_parameter(filter, name, value);
        if (!taken)
            return fail(taken.error());
        if (!*taken)
            return fail(Errc::Invalid, "no filter is called " + name);
    }
    LISTENPOST_TRY(check_filter(filter));
    return to_query(filter);
}

/// Where the position is kept.
std::filesystem::path position_file(PullOptions const& options)
{
    return options.into.empty() ? options.cursor_file : options.into;
}

Result<std::unique_ptr<PullTarget>> open_target(PullOptions const& options)
{
    if (options.into_postgres)
        return open_postgres_target(*options.into_postgres);
    if (!options.into.empty())
        return open_sqlite_target(options.into);
    return open_output_target(options.cursor_file, options.format);
}

}

int run_pull(PullOptions const& options)
{
    auto hub = hub_url(options.hub);
    if (!hub)
        return complain(exit_bad_use, hub.error().detail);
    auto filter = filter_query(options);
    if (!filter)
        return complain(exit_bad_use, filter.error().detail);
    auto token = read_file(options.token_file, max_small_file_bytes);
    if (!token)
        return complain(exit_failed,
            token.error().detail
                + "; write a reader token there: `listenpost-hub token add --data DIR --role reader --name "
                  "NAME > "
                + options.token_file.string() + "`");

    // Two at once, as when a timer starts the next before the last has ended, would both take the same
    // rows; in PostgreSQL that does no harm.
    std::optional<FileLock> lock;
    if (!options.into_postgres) {
        auto lock_file = position_file(options);
        lock_file += ".lock";
        auto taken = FileLock::try_acquire(lock_file);
        if (!taken)
            return complain(exit_failed,
                taken.error().code == Errc::Busy
                    ? "another pull works with " + position_file(options).string() + " at this moment"
                    : taken.error().detail);
        lock.emplace(std::move(*taken));
    }

    StopSignal const stop;
    HttpOptions http;
    http.total_timeout = std::chrono::minutes(10);
    http.max_reply_bytes = max_page_bytes;
    http.ca_file = options.ca_file;
    http.cancelled = [&stop] { return stop.requested(); };
    auto client = HttpClient::create(std::move(http));
    if (!client)
        return complain(exit_failed, client.error().detail);
    auto const target = open_target(options);
    if (!target)
        return complain(exit_failed, target.error().detail);
    Puller puller(std::move(*client), options, **target, std::move(*hub), trimmed(std::move(*token)),
        std::move(*filter));
    if (auto const loaded = puller.load_position(); !loaded)
        return complain(exit_failed, loaded.error().detail);
    return pull_all(puller, options, stop);
}

}

#pragma once

#include "platform/base/clock.h"
#include "sync/hub/api_types.h"
#include "sync/hub/metrics.h"
#include "sync/hub/pull_page.h"
#include "sync/hub/rate_limiter.h"
#include "sync/hub/router.h"
#include "sync/hub/storage.h"
#include "sync/hub/writer_queue.h"
#include "sync/wire/batch_parser.h"
#include "sync/wire/compression.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

namespace listenpost::sync {

/// A request that may go on: its route, and who asks.
struct Admission {
    Route route = Route::Health;
    std::size_t max_body_bytes = 0; ///< as sent
    Sender sender; ///< of Batches and Heartbeat
    Scope scope; ///< of what HQ's readers ask for: all that this one may see
    /// The hub's clock when the head had come: a body may take its time.
    std::int64_t received_ms = 0;
};

/// What the hub answers, without HTTP's framing: PROTOCOL.md in code.
/// Threads: the event loop's. Writes go to the writer threads, pages are read on a thread of
/// their own, so that a large pull does not hold up the boxes; summaries on another, so that they hold up
/// no pull, and only a few at a time; so are tokens looked up where the storage is remote.
class Api {
public:
    /// Each used by nobody else.
    struct Readers {
        std::unique_ptr<StorageReader> auth;
        std::unique_ptr<StorageReader> pages;
        std::unique_ptr<StorageReader> summaries;

        /// Errors: the storage's.
        static Result<Readers> open(Storage& storage);
    };
    /// The references must outlive it.
    Api(WriterQueue& writer, Readers readers, Clock const& clock, Rates const& rates, Metrics& metrics);
    ~Api();

    /// Summaries asked for at once, the one that is being counted among them; more are told `busy`.
    static constexpr std::size_t max_summaries = 8;

    using Admitted = std::variant<Admission, ApiReply>;

    /// Called before the body is read: strangers cannot make the hub take one.
    /// `head` must live until it returns.
    boost::asio::awaitable<Admitted> admit(RequestHead const& head);
    /// From now on this hub is not ready: a balancer sends new callers to another.
    /// Summaries that are being counted, or wait for their turn, are broken off.
    void begin_stop();

    /// `head` and `body` must live until it returns; `body` is used up.
    boost::asio::awaitable<ApiReply> answer(
        Admission const& admission, RequestHead const& head, std::string& body);

private:
    /// The reply to who asks too often, if `head` does.
    std::optional<ApiReply> limit(RateLimiter& limiter, Metrics::Limit by, std::string_view name);
    Admitted limit_device(Admitted admitted);
    /// Whose token it is, and whether that one may have what `admission` is for.
    Admitted authorize(Admission admission, std::string const& token_hash);
    Admitted authorize_reader(Admission admission, std::string const& token_hash);
    boost::asio::awaitable<ApiReply> dispatch(
        Admission const& admission, RequestHead const& head, std::string& body);
    boost::asio::awaitable<ApiReply> take_batch(
        Admission const& admission, RequestHead const& head, std::string& body);
    boost::asio::awaitable<ApiReply> take_heartbeat(
        Admission const& admission, std::string_view encoding, std::string& body);
    boost::asio::awaitable<ApiReply> enrol(std::string_view encoding, std::string& body);
    boost::asio::awaitable<ApiReply> pull(Admission const& admission, RequestHead const& head);
    boost::asio::awaitable<ApiReply> summarize(Admission const& admission, RequestHead const& head);
    Result<std::string> unpack(std::string_view encoding, std::string& body, std::size_t max_bytes);
    std::int64_t now_ms() const;

    WriterQueue& writer_;
    std::unique_ptr<StorageReader> auth_; ///< of auth_thread_ if it is remote, else of the event loop's
    std::unique_ptr<StorageReader> pages_; ///< of page_thread_
    std::unique_ptr<StorageReader> summaries_; ///< of summary_thread_
    Clock const& clock_;
    Metrics& metrics_;
    RateLimiter addresses_;
    RateLimiter devices_;
    RateLimiter enrolments_;
    std::stop_source stopping_;
    std::size_t summaries_asked_ = 0; ///< being counted, or waiting
    Decompressor decompressor_;
    BatchParser parser_;
    Compressor page_compressor_ = Compressor::quick(); ///< of page_thread_
    boost::asio::thread_pool auth_thread_;
    boost::asio::thread_pool page_thread_;
    boost::asio::thread_pool summary_thread_;
};

}

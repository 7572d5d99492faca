#pragma once

#include "platform/base/clock.h"
#include "sync/hub/api_types.h"
#include "sync/hub/router.h"
#include "sync/hub/storage.h"
#include "sync/hub/writer_queue.h"
#include "sync/wire/batch_parser.h"
#include "sync/wire/compression.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>
#include <variant>

namespace listenpost::sync {

/// A request that may go on: its route, and who asks.
struct Admission {
    Route route = Route::Health;
    std::size_t max_body_bytes = 0; ///< as sent
    Sender sender; ///< of Batches and Heartbeat
    /// The hub's clock when the head had come: a body may take its time.
    std::int64_t received_ms = 0;
};

/// What the hub answers, without HTTP's framing: PROTOCOL.md in code.
/// Threads: the event loop's. Writes go to the writer thread, pages are read on a thread of
/// their own, so that a large pull does not hold up the boxes.
class Api {
public:
    /// `auth` and `pages`: two readers, used by nobody else.
    Api(WriterQueue& writer, std::unique_ptr<StorageReader> auth, std::unique_ptr<StorageReader> pages,
        Clock const& clock);
    ~Api();

    /// Called before the body is read: strangers cannot make the hub take one.
    std::variant<Admission, ApiReply> admit(RequestHead const& head);

    /// `head` and `body` must live until it returns; `body` is used up.
    boost::asio::awaitable<ApiReply> answer(
        Admission const& admission, RequestHead const& head, std::string& body);

private:
    boost::asio::awaitable<ApiReply> take_batch(
        Admission const& admission, RequestHead const& head, std::string& body);
    boost::asio::awaitable<ApiReply> take_heartbeat(
        Admission const& admission, std::string_view encoding, std::string& body);
    boost::asio::awaitable<ApiReply> enrol(std::string_view encoding, std::string& body);
    boost::asio::awaitable<ApiReply> pull(RequestHead const& head);
    Result<std::string> unpack(std::string_view encoding, std::string& body, std::size_t max_bytes);
    std::int64_t now_ms() const;

    WriterQueue& writer_;
    std::unique_ptr<StorageReader> auth_;
    std::unique_ptr<StorageReader> pages_; ///< of page_thread_
    Clock const& clock_;
    Decompressor decompressor_;
    BatchParser parser_;
    boost::asio::thread_pool page_thread_;
};

}

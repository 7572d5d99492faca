#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace listenpost::sync {

/// Suspends the coroutine until somebody calls `done(value)`, once, on whatever thread; goes
/// on where it was. `start(done)` is called at once; `done` must be called in the end, or the
/// event loop waits for ever.
template <typename T, typename Start>
boost::asio::awaitable<T> await_callback(Start start)
{
    namespace asio = boost::asio;
    auto initiate = [&start](auto handler) {
        // std::function wants to copy what it holds; a handler can only be moved.
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        auto work = asio::make_work_guard(asio::get_associated_executor(*shared));
        start(std::function<void(T)>([shared, work](T value) {
            asio::post(work.get_executor(),
                [shared, value = std::move(value)]() mutable { (*shared)(std::move(value)); });
        }));
    };
    co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(T)>(
        initiate, asio::use_awaitable);
}

}

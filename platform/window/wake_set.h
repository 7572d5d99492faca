#pragma once

#include "platform/base/result.h"

#include <chrono>
#include <optional>

namespace listenpost {

/// Sleeps until a descriptor is readable, another thread calls wake(), or the time is over.
class WakeSet {
public:
    struct Ready {
        bool stop = false;
        bool display = false;
        bool woken = false;
        bool none() const { return !stop && !display && !woken; }
    };

    /// The descriptors are borrowed; -1 for none. Errors: Io.
    static Result<WakeSet> create(int stop_descriptor);
    WakeSet(WakeSet&& other) noexcept;
    WakeSet& operator=(WakeSet&& other) noexcept;
    ~WakeSet();

    void watch_display(int descriptor) { display_ = descriptor; }

    /// Forever without a timeout.
    Ready wait(std::optional<std::chrono::milliseconds> timeout);

    /// Ends the wait of now or the next one. From any thread.
    void wake();

private:
    WakeSet(int stop, int event)
        : stop_(stop)
        , event_(event)
    {
    }
    int stop_;
    int event_;
    int display_ = -1;
};

}

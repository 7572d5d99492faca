#pragma once

#include "kiosk/summary/summary_thread.h"
#include "platform/os/system_clock.h"

#include <filesystem>
#include <semaphore>

namespace listenpost::test {

/// The screen's side of a SummaryThread, which waits for its answers.
class Asker {
public:
    explicit Asker(std::filesystem::path const& data)
        : thread_(
            data, clock_, {{"quality", "service", "cleanliness"}}, [this] { news_.release(); },
            std::chrono::milliseconds(5))
    {
    }

    kiosk::Summary ask(kiosk::SummaryQuery const& query)
    {
        auto const number = thread_.ask(query);
        while (thread_.summary().number != number)
            news_.acquire();
        return *thread_.summary().value;
    }
    kiosk::ResponsePage ask(kiosk::ResponseQuery const& query)
    {
        auto const number = thread_.ask(query);
        while (thread_.responses().number != number)
            news_.acquire();
        return *thread_.responses().value;
    }
    /// Until that is true of the news.
    template <typename Condition>
    void wait_until(Condition const& condition)
    {
        while (!condition(thread_.news()))
            news_.acquire();
    }
    kiosk::SummaryThread& thread() { return thread_; }

private:
    SystemClock clock_;
    std::counting_semaphore<> news_ {0};
    kiosk::SummaryThread thread_;
};

}

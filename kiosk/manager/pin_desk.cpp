#include "kiosk/manager/pin_desk.h"

#include "platform/base/log.h"
#include "platform/base/wipe.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace listenpost::kiosk {
namespace {

PinDesk::Answer failed(Error const& error)
{
    log(LogLevel::Error, "manager_pin_failed", {{"code", name(error.code)}, {"detail", error.detail}});
    return PinDesk::Failed {};
}

}

/// Started with the first question: most days nobody asks for a PIN.
struct PinDesk::Thread {
    Thread(std::filesystem::path data, Clock const& clock, std::function<void()> given_wake)
        : store(std::move(data), clock)
        , wake(std::move(given_wake))
    {
    }

    ~Thread()
    {
        for (auto& question : questions)
            if (question)
                wipe(*question);
    }

    /// Nothing instead of a PIN: only look.
    void ask(std::optional<std::string> pin)
    {
        std::lock_guard const lock(mutex);
        questions.push_back(pin);
        if (pin)
            wipe(*pin); // a short string is copied where it is moved
        if (!thread.joinable() && !start())
            return answer_none();
        changed.notify_one();
    }

    bool start()
    {
        try {
            thread = std::thread([this] { run(); });
        } catch (std::system_error const& error) {
            log(LogLevel::Error, "manager_pin_failed", {{"code", "no_thread"}, {"detail", error.what()}});
            return false;
        }
        return true;
    }

    /// The next question tries to start it again.
    void answer_none()
    {
        for (auto& question : questions) {
            if (question)
                wipe(*question);
            answers.emplace_back(Failed {});
        }
        questions.clear();
        wake();
    }

    void run()
    {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return is_stopping || !questions.empty(); });
            if (is_stopping)
                return;
            auto pin = questions.front();
            if (pin)
                wipe(*questions.front());
            questions.pop_front();
            lock.unlock();
            Answer answer = pin ? answer_to(store.judge(*pin)) : answer_to(store.look());
            if (pin)
                wipe(*pin);
            lock.lock();
            answers.push_back(std::move(answer));
            wake();
        }
    }

    template <typename T>
    static Answer answer_to(Result<T> result)
    {
        return result ? Answer(std::move(*result)) : failed(result.error());
    }

    PinStore store;
    std::function<void()> wake;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::optional<std::string>> questions;
    std::vector<Answer> answers;
    bool is_stopping = false;
    std::thread thread;
};

PinDesk::PinDesk(std::filesystem::path data, Clock const& clock, std::function<void()> wake)
    : thread_(std::make_unique<Thread>(std::move(data), clock, std::move(wake)))
{
}

PinDesk::~PinDesk()
{
    {
        std::lock_guard const lock(thread_->mutex);
        thread_->is_stopping = true;
        thread_->changed.notify_one();
    }
    if (thread_->thread.joinable())
        thread_->thread.join();
}

void PinDesk::look() { thread_->ask(std::nullopt); }

void PinDesk::judge(std::string pin) { thread_->ask(std::move(pin)); }

std::vector<PinDesk::Answer> PinDesk::take()
{
    std::lock_guard const lock(thread_->mutex);
    return std::exchange(thread_->answers, {});
}

}

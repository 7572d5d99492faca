#include "platform/speech/speaker.h"

#include "platform/base/log.h"
#include "platform/speech/speech_process.h"

#include <array>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace listenpost {

struct Speaker::Worker {
    explicit Worker(SpeakerOptions given)
        : options(std::move(given))
    {
    }

    struct Utterance {
        std::string text;
        std::string voice;
    };

    void run();
    void tell(std::optional<Utterance> utterance);
    void speak(Utterance const& utterance);
    /// Until tell() was called or the process has ended: whether it has.
    bool wait_for_news(int process);
    void log_fault(std::string_view detail);

    SpeakerOptions const options;
    int news = -1; ///< an event descriptor
    std::mutex mutex;
    std::condition_variable silence;
    std::optional<Utterance> wanted;
    bool is_told = false; ///< `wanted` is new, nothing being a wish too
    bool is_silent = true;
    bool is_over = false;
    bool is_fault_logged = false;
    std::thread thread; ///< also the child's life line: it dies with this thread
};

void Speaker::Worker::run()
{
    // Signals are for the thread that waits for them.
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    while (true) {
        std::optional<Utterance> next;
        {
            std::lock_guard const lock(mutex);
            if (is_over)
                return;
            next = std::exchange(wanted, std::nullopt);
            is_told = false;
            is_silent = !next;
        }
        if (next) {
            speak(*next);
        } else {
            silence.notify_all();
            wait_for_news(-1);
        }
    }
}

/// Returns when all is said, or when there is something else to say, or to be silent.
void Speaker::Worker::speak(Utterance const& utterance)
{
    std::vector<std::string> command {options.program};
    command.insert(command.end(), options.arguments.begin(), options.arguments.end());
    for (char const* const word : {"-b", "1", "--stdin", "-v"})
        command.emplace_back(word);
    command.push_back(utterance.voice);
    auto process = SpeechProcess::start(command, utterance.text);
    if (!process)
        return log_fault(process.error().detail);
    for (bool has_ended = false; !has_ended;) {
        has_ended = wait_for_news(process->descriptor());
        std::lock_guard const lock(mutex);
        if (is_told || is_over)
            return; // the process is killed as it goes out of scope
    }
    if (int const code = process->join(); code == ChildProcess::program_missing)
        log_fault(options.program + " cannot be run");
    else if (code != 0)
        log_fault(options.program + " ended with " + std::to_string(code));
}

bool Speaker::Worker::wait_for_news(int process)
{
    std::array<pollfd, 2> entries {pollfd {news, POLLIN, 0}, pollfd {process, POLLIN, 0}};
    ::poll(entries.data(), entries.size(), -1);
    if (entries[0].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] auto const taken = ::read(news, &count, sizeof count);
    }
    return entries[1].revents != 0;
}

void Speaker::Worker::tell(std::optional<Utterance> utterance)
{
    {
        std::lock_guard const lock(mutex);
        wanted = std::move(utterance);
        is_told = true;
        is_silent = false;
    }
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const written = ::write(news, &one, sizeof one);
}

void Speaker::Worker::log_fault(std::string_view detail)
{
    if (!std::exchange(is_fault_logged, true))
        log(LogLevel::Warn, "speech_failed", {{"detail", detail}});
}

Speaker::Speaker(SpeakerOptions options)
    : worker_(std::make_unique<Worker>(std::move(options)))
{
}

Speaker::~Speaker()
{
    if (!worker_->thread.joinable())
        return;
    {
        std::lock_guard const lock(worker_->mutex);
        worker_->is_over = true;
    }
    worker_->tell(std::nullopt);
    worker_->thread.join();
    ::close(worker_->news);
}

void Speaker::say(std::string_view text, std::string_view language)
{
    if (!worker_->thread.joinable()) {
        worker_->news = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (worker_->news < 0)
            return worker_->log_fault("no event descriptor");
        try {
            worker_->thread = std::thread([worker = worker_.get()] { worker->run(); });
        } catch (std::system_error const&) {
            ::close(std::exchange(worker_->news, -1));
            return worker_->log_fault("no thread");
        }
    }
    worker_->tell(Worker::Utterance {std::string(text), std::string(voice(language))});
}

void Speaker::stop()
{
    if (worker_->thread.joinable())
        worker_->tell(std::nullopt);
}

bool Speaker::wait_until_silent(std::chrono::milliseconds longest)
{
    std::unique_lock lock(worker_->mutex);
    return worker_->silence.wait_for(lock, longest, [&] { return worker_->is_silent; });
}

std::string_view Speaker::voice(std::string_view language)
{
    std::string_view const base = language.substr(0, language.find_first_of("-_"));
    if (base == "zh")
        return "cmn";
    if (base == "ja" || base == "ko")
        return base;
    return "en";
}

}

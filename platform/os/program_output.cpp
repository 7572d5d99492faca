#include "platform/os/program_output.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace listenpost {
namespace {

constexpr std::chrono::milliseconds between_looks {100};
constexpr int cannot_start = 127;
constexpr int lowest_priority = 19;

/// In the child of a process with threads: only what a signal handler may do.
[[noreturn]] void become(char* const* arguments, int output, int nothing, int parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) // it went away before the line above
        ::_exit(1);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    ::setpriority(PRIO_PROCESS, 0, lowest_priority);
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execvp(arguments[0], arguments);
    ::_exit(cannot_start);
}

tl::unexpected<Error> system_error(char const* what)
{
    return fail(Errc::Io, std::string(what) + ": " + std::strerror(errno));
}

/// The child, and our end of its output. Killed and waited for, whatever happens.
class Child {
public:
    Child(int process, int output)
        : process_(process)
        , output_(output)
    {
    }
    ~Child()
    {
        if (process_ > 0)
            ::kill(process_, SIGKILL);
        join();
        ::close(output_);
    }
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    int output() const { return output_; }
    /// Its exit code, or -1 if a signal ended it.
    int join()
    {
        int status = 0;
        if (process_ <= 0)
            return -1;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) { }
        process_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    int process_; ///< -1 once it was waited for
    int output_;
};

Result<std::string> read_all(Child const& child, ProgramRun const& run)
{
    auto const end = std::chrono::steady_clock::now() + run.patience;
    std::string text;
    std::array<char, 64 * 1024> piece {};
    for (;;) {
        if (run.is_cancelled && run.is_cancelled())
            return fail(Errc::Cancelled, "stopped on request");
        if (std::chrono::steady_clock::now() >= end)
            return fail(Errc::Io, run.command.front() + " took too long");
        pollfd readable {child.output(), POLLIN, 0};
        int const ready = ::poll(&readable, 1, static_cast<int>(between_looks.count()));
        if (ready < 0 && errno != EINTR)
            return system_error("poll");
        if (ready <= 0)
            continue;
        auto const got = ::read(child.output(), piece.data(), piece.size());
        if (got < 0 && errno != EINTR)
            return system_error("read");
        if (got == 0)
            return text;
        text.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (text.size() > run.max_bytes)
            return fail(Errc::Full, run.command.front() + " wrote more than it may");
    }
}

}

Result<std::string> program_output(ProgramRun const& run)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return system_error("pipe");
    int const nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    std::vector<char*> arguments;
    for (std::string const& word : run.command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    int const parent = ::getpid();
    int const process = ::fork();
    if (process == 0)
        become(arguments.data(), ends[1], nothing, parent);
    auto const error = system_error("fork");
    ::close(ends[1]);
    ::close(nothing);
    Child child(process, ends[0]);
    if (process < 0)
        return error;
    auto text = read_all(child, run);
    if (!text)
        return text;
    if (int const code = child.join(); code != 0)
        return fail(Errc::Io, run.command.front() + " ended with " + std::to_string(code));
    return text;
}

}

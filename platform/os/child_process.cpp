#include "platform/os/child_process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace listenpost {
namespace {

struct StandardFiles {
    int input;
    int output;
    int error;
};

/// In the child of a process with threads: only what a signal handler may do.
[[noreturn]] void become(char* const* arguments, ChildStart const& start, StandardFiles files, int parent)
{
    if (start.has_group)
        ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) // it went away before the line above
        ::_exit(1);
    ::dup2(files.input, STDIN_FILENO);
    ::dup2(files.output, STDOUT_FILENO);
    ::dup2(files.error, STDERR_FILENO);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    if (start.nice != 0)
        ::setpriority(PRIO_PROCESS, 0, start.nice);
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execvp(arguments[0], arguments);
    ::_exit(ChildProcess::program_missing);
}

tl::unexpected<Error> system_error(char const* what)
{
    return fail(Errc::Io, std::string(what) + ": " + std::strerror(errno));
}

}

Result<ChildProcess> ChildProcess::start(ChildStart const& start)
{
    int const nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere < 0)
        return system_error("/dev/null");
    auto const file = [&](int given) { return given < 0 ? nowhere : given; };
    StandardFiles const files {file(start.input), file(start.output), file(start.error)};
    std::vector<char*> arguments;
    for (std::string const& word : start.command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    int const parent = ::getpid();
    int const process = ::fork();
    if (process == 0)
        become(arguments.data(), start, files, parent);
    auto const error = system_error("fork");
    ::close(nowhere);
    if (process < 0)
        return error;
    if (start.has_group)
        ::setpgid(process, process); // whichever of the two is first
    return ChildProcess(process, start.has_group);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1))
    , has_group_(other.has_group_)
{
}

ChildProcess::~ChildProcess()
{
    kill();
    join();
}

void ChildProcess::kill()
{
    if (process_ > 0)
        ::kill(has_group_ ? -process_ : process_, SIGKILL);
}

int ChildProcess::join()
{
    int status = 0;
    if (process_ <= 0)
        return -1;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) { }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}

#include "platform/speech/speech_process.h"

#include "platform/base/utf8.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace listenpost {

namespace {

/// In the child of a process with threads: only what a signal handler may do.
[[noreturn]] void become(char* const* arguments, int text, int nowhere, int parent)
{
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) // it went away before the line above
        ::_exit(1);
    ::dup2(text, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execvp(arguments[0], arguments);
    ::_exit(SpeechProcess::program_missing);
}

Error system_error(char const* what) { return {Errc::Io, std::string(what) + ": " + std::strerror(errno)}; }

}

Result<SpeechProcess> SpeechProcess::start(std::vector<std::string> const& command, std::string_view text)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(system_error("pipe"));
    // The whole text before there is a reader: an empty pipe takes it without waiting,
    // and a program that does not read it cannot break the pipe under us.
    text = cut_to(text, SpeechProcess::max_text_bytes);
    [[maybe_unused]] auto const written = ::write(ends[1], text.data(), text.size());
    ::close(ends[1]);
    int const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);

    std::vector<char*> arguments;
    for (std::string const& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);

    int const parent = ::getpid();
    int const process = ::fork();
    if (process == 0)
        become(arguments.data(), ends[0], nowhere, parent);
    auto error = system_error("fork");
    ::close(ends[0]);
    ::close(nowhere);
    if (process < 0)
        return fail(std::move(error));
    ::setpgid(process, process); // whichever of the two is first
    int const descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    SpeechProcess started(process, descriptor);
    if (descriptor < 0)
        return fail(system_error("pidfd_open"));
    return started;
}

SpeechProcess::SpeechProcess(SpeechProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1))
    , descriptor_(std::exchange(other.descriptor_, -1))
{
}

SpeechProcess::~SpeechProcess()
{
    kill();
    join();
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

void SpeechProcess::kill()
{
    if (process_ > 0)
        ::kill(-process_, SIGKILL);
}

int SpeechProcess::join()
{
    int status = 0;
    if (process_ <= 0)
        return -1;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) { }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}

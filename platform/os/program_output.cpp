#include "platform/os/program_output.h"

#include "platform/os/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace listenpost {
namespace {

constexpr std::chrono::milliseconds between_looks {100};
constexpr int lowest_priority = 19;

tl::unexpected<Error> system_error(char const* what)
{
    return fail(Errc::Io, std::string(what) + ": " + std::strerror(errno));
}

Result<std::string> read_all(int output, ProgramRun const& run)
{
    auto const end = std::chrono::steady_clock::now() + run.patience;
    std::string text;
    std::array<char, 64 * 1024> piece {};
    for (;;) {
        if (run.is_cancelled && run.is_cancelled())
            return fail(Errc::Cancelled, "stopped on request");
        if (std::chrono::steady_clock::now() >= end)
            return fail(Errc::Io, run.command.front() + " took too long");
        pollfd readable {output, POLLIN, 0};
        int const ready = ::poll(&readable, 1, static_cast<int>(between_looks.count()));
        if (ready < 0 && errno != EINTR)
            return system_error("poll");
        if (ready <= 0)
            continue;
        auto const got = ::read(output, piece.data(), piece.size());
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
    auto child = ChildProcess::start(
        {.command = run.command, .output = ends[1], .error = STDERR_FILENO, .nice = lowest_priority});
    ::close(ends[1]);
    auto text = child ? read_all(ends[0], run) : fail(child.error());
    ::close(ends[0]);
    if (!text)
        return text;
    if (int const code = child->join(); code != 0)
        return fail(Errc::Io, run.command.front() + " ended with " + std::to_string(code));
    return text;
}

}

#include "platform/os/secret_input.h"

#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <termios.h>
#include <unistd.h>

namespace listenpost {
namespace {

constexpr std::size_t max_bytes = 1024;

/// While it lives, a terminal shows nothing of what is typed.
class NoEcho {
public:
    NoEcho()
    {
        termios now {};
        if (::tcgetattr(STDIN_FILENO, &now) != 0)
            return;
        before_ = now;
        now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
    }
    ~NoEcho()
    {
        if (before_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
    }
    NoEcho(NoEcho const&) = delete;
    NoEcho& operator=(NoEcho const&) = delete;

private:
    std::optional<termios> before_;
};

/// Byte by byte: what follows the line is the next reader's.
Result<std::string> read_line()
{
    std::string line;
    while (true) {
        char byte = 0;
        ssize_t const got = ::read(STDIN_FILENO, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(Errc::Io, "standard input: " + std::generic_category().message(errno));
        if (got == 0 && line.empty())
            return fail(Errc::NotFound, "standard input has ended");
        if (got == 0 || byte == '\n')
            break;
        if (line.size() == max_bytes)
            return fail(Errc::Full, "the line is longer than 1,024 bytes");
        line.push_back(byte);
    }
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

}

bool input_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }

Result<std::string> read_secret(std::string_view prompt)
{
    if (!input_is_terminal())
        return read_line();
    std::fprintf(stderr, "%.*s", static_cast<int>(prompt.size()), prompt.data());
    NoEcho const no_echo;
    auto line = read_line();
    std::fputc('\n', stderr);
    return line;
}

}

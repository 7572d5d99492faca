#include "platform/speech/speech_process.h"

#include "platform/base/utf8.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace listenpost {
namespace {

tl::unexpected<Error> system_error(char const* what)
{
    return fail(Errc::Io, std::string(what) + ": " + std::strerror(errno));
}

}

Result<SpeechProcess> SpeechProcess::start(std::vector<std::string> const& command, std::string_view text)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return system_error("pipe");
    // The whole text before there is a reader: an empty pipe takes it without waiting,
    // and a program that does not read it cannot break the pipe under us.
    text = cut_to(text, SpeechProcess::max_text_bytes);
    [[maybe_unused]] auto const written = ::write(ends[1], text.data(), text.size());
    ::close(ends[1]);
    auto process = ChildProcess::start({.command = command, .input = ends[0], .has_group = true});
    ::close(ends[0]);
    if (!process)
        return fail(process.error());
    int const descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process->id(), 0));
    if (descriptor < 0)
        return system_error("pidfd_open");
    return SpeechProcess(std::move(*process), descriptor);
}

SpeechProcess::SpeechProcess(SpeechProcess&& other) noexcept
    : process_(std::move(other.process_))
    , descriptor_(std::exchange(other.descriptor_, -1))
{
}

SpeechProcess::~SpeechProcess()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

}

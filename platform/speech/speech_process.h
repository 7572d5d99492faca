#pragma once

#include "platform/base/result.h"
#include "platform/os/child_process.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace listenpost {

/// One run of a program that reads a text from its standard input: a ChildProcess with a process group of its
/// own that writes to nowhere.
class SpeechProcess {
public:
    /// Texts are cut to this, at a character's border: they must fit into a pipe, so that
    /// handing one over never waits.
    static constexpr std::size_t max_text_bytes = 4096;

    /// `command`: the program (looked for in PATH) and its arguments; no shell. Errors: Io.
    static Result<SpeechProcess> start(std::vector<std::string> const& command, std::string_view text);
    SpeechProcess(SpeechProcess&& other) noexcept;
    SpeechProcess& operator=(SpeechProcess&&) = delete;
    /// Kills it if it still runs; leaves no zombie.
    ~SpeechProcess();

    /// Readable once it has ended.
    int descriptor() const { return descriptor_; }
    /// See ChildProcess.
    int join() { return process_.join(); }

private:
    SpeechProcess(ChildProcess process, int descriptor)
        : process_(std::move(process))
        , descriptor_(descriptor)
    {
    }
    ChildProcess process_;
    int descriptor_;
};

}

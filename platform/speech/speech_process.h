#pragma once

#include "platform/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

/// One run of a program that reads a text from its standard input. It has a process group
/// of its own, none of our descriptors and no blocked signal, writes to nowhere, and is
/// killed by the kernel when the thread that started it ends.
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
    /// Waits for its end. Its exit code, or -1 if a signal ended it.
    int join();
    void kill();

    static constexpr int program_missing = 127; ///< the exit code

private:
    SpeechProcess(int process, int descriptor)
        : process_(process)
        , descriptor_(descriptor)
    {
    }
    int process_; ///< -1 once it was waited for
    int descriptor_;
};

}

#pragma once

#include "platform/base/result.h"

#include <string>
#include <vector>

namespace listenpost {

struct ChildStart {
    std::vector<std::string> command; ///< the program (looked for in PATH) and its arguments; no shell
    int input = -1; ///< a descriptor of ours that it reads; -1: it reads nothing
    int output = -1; ///< where it writes; -1: to nowhere
    int error = -1; ///< and its errors; -1: to nowhere
    bool has_group = false; ///< a process group of its own: kill() ends what it has started, too
    int nice = 0; ///< 19: it comes after everybody else for the processor
};

/// A program that runs beside this one. It has no other descriptor of ours and no blocked signal, and the
/// kernel kills it when the thread that started it ends.
/// Threads: one at a time; start() may be called while others run.
class ChildProcess {
public:
    /// The descriptors are borrowed, and may be closed once it returns. A program that cannot be run ends
    /// with program_missing. Errors: Io.
    static Result<ChildProcess> start(ChildStart const& start);
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    /// Kills it if it still runs; leaves no zombie.
    ~ChildProcess();

    /// -1 once it was waited for.
    int id() const { return process_; }
    void kill();
    /// Waits for its end. Its exit code, or -1 if a signal ended it.
    int join();

    static constexpr int program_missing = 127; ///< the exit code

private:
    ChildProcess(int process, bool has_group)
        : process_(process)
        , has_group_(has_group)
    {
    }
    int process_;
    bool has_group_;
};

}

#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

struct SpeakerOptions {
    std::string program = "espeak-ng"; ///< GPL: run as a program of its own, never linked
    std::vector<std::string> arguments; ///< before those of ours
};

/// The voice of the kiosk's spoken mode, on the machine's default sound device (a
/// headphone or a loudspeaker). Nothing runs before the first say().
///
/// The latest word wins: what is being said is cut off, nothing waits in a queue.
/// A missing program is one line in the log, and silence.
/// Threads: the one that made it; a thread of its own starts and ends the program, and
/// no call waits for that.
class Speaker {
public:
    explicit Speaker(SpeakerOptions options = {});
    /// Silent at once.
    ~Speaker();

    /// `language`: a tag such as zh-CN; one without a voice is read in English.
    void say(std::string_view text, std::string_view language);
    void stop();

    /// For tests and an orderly end: waits until all is said. False: the time was over first.
    bool wait_until_silent(std::chrono::milliseconds longest);

    /// espeak-ng's voice for a language tag.
    static std::string_view voice(std::string_view language);

private:
    struct Worker;
    std::unique_ptr<Worker> worker_;
};

}

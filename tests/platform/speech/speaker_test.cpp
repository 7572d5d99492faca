#include "platform/speech/speaker.h"
#include "tests/support/temp_folder.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace listenpost;
using listenpost::test::TempFolder;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds patience {20'000}; // never waited for when all is well

/// A program that tells through a pipe what it was given to say, and then speaks until it
/// is killed: while it lives it holds the pipe open.
struct FakeProgram {
    FakeProgram()
        : script(folder / "speak")
        , told(folder / "told")
    {
        std::ofstream(script) << "#!/bin/sh\nfifo=$1; shift\nexec 3>\"$fifo\"\n"
                                 "echo \"$* $(cat)\" >&3\nexec sleep 1000\n";
        REQUIRE(::chmod(script.c_str(), 0700) == 0);
        REQUIRE(::mkfifo(told.c_str(), 0600) == 0);
        reader = ::open(told.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    }
    ~FakeProgram() { ::close(reader); }

    SpeakerOptions options() const { return {.program = script.string(), .arguments = {told.string()}}; }

    /// The next line that a program told; empty at the end of the last living one.
    std::string next_line() const
    {
        std::string line;
        char letter = 0;
        while (true) {
            pollfd waiting {reader, POLLIN, 0};
            REQUIRE(::poll(&waiting, 1, static_cast<int>(patience.count())) == 1);
            if (::read(reader, &letter, 1) <= 0 || letter == '\n')
                return line;
            line += letter;
        }
    }

    TempFolder folder;
    std::filesystem::path script;
    std::filesystem::path told;
    int reader = -1;
};

}

TEST_CASE("The text goes in as it is, with the language's voice", "[speech]")
{
    FakeProgram const program;
    Speaker speaker(program.options());
    speaker.say("-f $(reboot); \"服务\" 5 分", "zh-CN");
    CHECK(program.next_line() == "-b 1 --stdin -v cmn -f $(reboot); \"服务\" 5 分");
    CHECK_FALSE(speaker.wait_until_silent(milliseconds(0)));
    speaker.stop();
    CHECK(program.next_line().empty()); // it is dead
    CHECK(speaker.wait_until_silent(patience));
}

TEST_CASE("The latest word wins, and nothing queues up", "[speech]")
{
    FakeProgram const program;
    Speaker speaker(program.options());
    // Between two programs the pipe shall not end.
    int const writer = ::open(program.told.c_str(), O_WRONLY | O_CLOEXEC);
    speaker.say("first", "en");
    CHECK(program.next_line() == "-b 1 --stdin -v en first");
    for (int count = 0; count < 200; ++count)
        speaker.say("between", "en");
    speaker.say("last", "ja");
    int begun = 0;
    for (std::string line; line != "-b 1 --stdin -v ja last"; ++begun) {
        line = program.next_line();
        REQUIRE(begun < 202);
    }
    speaker.stop();
    CHECK(speaker.wait_until_silent(patience));
    ::close(writer);
    CHECK(program.next_line().empty());
}

TEST_CASE("Speech ends with the speaker, and leaves no process behind", "[speech]")
{
    FakeProgram const program;
    {
        Speaker speaker(program.options());
        speaker.say("to be cut off", "ko");
        CHECK(program.next_line() == "-b 1 --stdin -v ko to be cut off");
    }
    CHECK(program.next_line().empty());
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1); // no child, no zombie
}

TEST_CASE("Speech ends when the kiosk is killed", "[speech]")
{
    FakeProgram const program;
    int const kiosk = ::fork();
    if (kiosk == 0) {
        Speaker speaker(program.options());
        speaker.say("still speaking", "en");
        ::pause();
        ::_exit(0);
    }
    CHECK(program.next_line() == "-b 1 --stdin -v en still speaking");
    ::kill(kiosk, SIGKILL);
    CHECK(::waitpid(kiosk, nullptr, 0) == kiosk);
    CHECK(program.next_line().empty());
}

TEST_CASE("A missing program is silence", "[speech]")
{
    Speaker speaker({.program = "/nowhere/espeak-ng", .arguments = {}});
    for (int count = 0; count < 3; ++count) {
        speaker.say("hello", "en");
        CHECK(speaker.wait_until_silent(patience));
    }
}

TEST_CASE("A speaker that was never used has nothing to stop", "[speech]")
{
    Speaker speaker;
    speaker.stop();
    CHECK(speaker.wait_until_silent(milliseconds(0)));
}

TEST_CASE("Every language has a voice", "[speech]")
{
    CHECK(Speaker::voice("zh-CN") == "cmn");
    CHECK(Speaker::voice("zh-TW") == "cmn");
    CHECK(Speaker::voice("ja") == "ja");
    CHECK(Speaker::voice("ko-KR") == "ko");
    CHECK(Speaker::voice("en-GB") == "en");
    CHECK(Speaker::voice("tlh") == "en");
    CHECK(Speaker::voice("") == "en");
}

TEST_CASE("The real program speaks every language", "[speech]")
{
    struct Sentence {
        char const* language;
        char const* text;
    };
    for (auto const& [language, text] : {Sentence {"zh-CN", "请为我们的服务打分"},
             Sentence {"zh-TW", "請為我們的服務評分"}, Sentence {"en", "How was the service?"},
             Sentence {"ja", "サービスはいかがでしたか"}, Sentence {"ko", "서비스는 어떠셨나요"}}) {
        CAPTURE(language);
        TempFolder const folder;
        auto const file = folder / "said.wav";
        Speaker speaker({.program = "espeak-ng", .arguments = {"-w", file.string()}});
        speaker.say(text, language);
        REQUIRE(speaker.wait_until_silent(patience));
        std::ifstream stream(file, std::ios::binary);
        std::string const sound {std::istreambuf_iterator<char>(stream), {}};
        REQUIRE(sound.size() > 20'000); // half a second at 22,050 samples of 16 bit
        CHECK(sound.starts_with("RIFF"));
        CHECK(std::ranges::any_of(sound.substr(44), [](char each) { return each != 0; }));
    }
}

// Preloaded into the real programs by the tests of wrong clocks: answers their adjtimex(), so
// that a clock counts as set or not as a test wants it, whatever the machine's own is. (The
// clock itself is libfaketime's, which leaves adjtimex() alone.)
//
// The file that CLOCK_FLAG_FILE names says "set" or "unset"; it is read at every call.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/timex.h>

extern "C" int adjtimex(timex* state) noexcept
{
    char const* const path = std::getenv("CLOCK_FLAG_FILE");
    std::FILE* const file = path ? std::fopen(path, "re") : nullptr;
    char word[8] {};
    bool const read = file && std::fgets(word, sizeof word, file);
    if (file)
        std::fclose(file);
    if (!read || state->modes != 0)
        std::abort(); // a test that is not set up, or a program that does more than ask
    bool const is_set = std::strncmp(word, "set", 3) == 0;
    state->status = is_set ? STA_PLL : STA_UNSYNC;
    return is_set ? TIME_OK : TIME_ERROR;
}

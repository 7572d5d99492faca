// What pinyin costs the screen, and how good it is.
//
//   pinyin_bench     JSON for scripts/bench
//
// Twenty store sentences are typed key by key into the real Composer, in full pinyin and
// by initials (which are the dear ones: every letter may be any syllable), after libime
// has loaded. Counted is the screen's thread: everything from the key to the candidates.
// The baseline of a key is libime's light fallback, googlepinyin, for the same keys.

#include "kiosk/input/composer.h"
#include "platform/base/log.h"
#include "platform/ime/pinyin_input.h"
#include "tests/support/store_sentences.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

double cpu_milliseconds(clockid_t clock)
{
    timespec now {};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double pss_megabytes()
{
    std::ifstream file("/proc/self/smaps_rollup");
    std::string word;
    long kilobytes = 0;
    while (file >> word)
        if (word == "Pss:" && file >> kilobytes)
            break;
    return static_cast<double>(kilobytes) / 1024;
}

double percentile(std::vector<double> values, double share)
{
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// fu'wu … -> fw…: the letters that begin a syllable, as the engine parts them.
std::string initials(PinyinEngine& engine, std::string_view letters)
{
    std::string text;
    bool begins = true;
    for (char const letter : engine.syllables(letters)) {
        if (begins)
            text += letter;
        begins = letter == ' ';
    }
    return text;
}

struct Figures {
    double load_ms = 0;
    double load_mb = 0;
    double typed_mb = 0;
    int first = 0;
    std::vector<double> keys; ///< CPU of each
    std::vector<double> initial_keys;
};

void type(Composer& composer, std::string_view letters, std::vector<double>& times)
{
    composer.reset(TypingMode::Pinyin, HanziOutput::Simplified);
    for (char const letter : letters) {
        double const begun = cpu_milliseconds(CLOCK_THREAD_CPUTIME_ID);
        composer.press(std::string_view(&letter, 1));
        times.push_back(cpu_milliseconds(CLOCK_THREAD_CPUTIME_ID) - begun);
    }
}

Figures measure(PinyinData data)
{
    Figures figures;
    double const before = pss_megabytes();
    double const begun = cpu_milliseconds(CLOCK_PROCESS_CPUTIME_ID);
    BackgroundJobs jobs;
    PinyinInput input(jobs, {{}, std::move(data), {}});
    input.prepare();
    jobs.finish();
    figures.load_ms = cpu_milliseconds(CLOCK_PROCESS_CPUTIME_ID) - begun;
    if (!input.is_ready()) {
        std::fprintf(stderr, "pinyin_bench: no pinyin data\n");
        std::exit(1);
    }
    figures.load_mb = pss_megabytes() - before;
    Composer composer(input);
    for (int round = 0; round < 5; ++round) {
        for (auto const& sentence : store_sentences) {
            type(composer, sentence.letters, figures.keys);
            if (round == 0)
                figures.first += composer.choose(0).typed == sentence.text ? 1 : 0;
            type(composer, initials(input, sentence.letters), figures.initial_keys);
        }
    }
    figures.typed_mb = pss_megabytes() - before;
    return figures;
}

void print_row(char const* name, double value, double baseline, char const* end = ",")
{
    std::printf("\"%s\":{\"value\":%.3f,\"baseline\":%.3f}%s", name, value, baseline, end);
}

}

int main()
{
    set_log_level(LogLevel::Error);
    auto light_only = installed_pinyin_data();
    light_only.libime_dictionary.clear();
    auto const light = measure(light_only);
    auto const full = measure(installed_pinyin_data());
    std::printf("{");
    print_row("pinyin_key_p50_ms", percentile(full.keys, 0.5), percentile(light.keys, 0.5));
    print_row("pinyin_key_p99_ms", percentile(full.keys, 0.99), percentile(light.keys, 0.99));
    print_row(
        "pinyin_initials_p99_ms", percentile(full.initial_keys, 0.99), percentile(light.initial_keys, 0.99));
    print_row("pinyin_load_cpu_ms", full.load_ms, light.load_ms);
    print_row("pinyin_load_mb", full.load_mb, light.load_mb);
    print_row("pinyin_typed_mb", full.typed_mb, light.typed_mb);
    print_row("pinyin_first_of_20", full.first, light.first, "}\n");
    return 0;
}

#pragma once

#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost::bench {

enum class Trade { Restaurant, Shop };

/// Comments as customers type them on a box: short and long, content and cross, dialects,
/// slips of the finger, figures, dishes, half a sentence, a word of English. In Chinese every
/// third is a hand-written line of comments/lines.*.txt, none of which comes again before
/// all have come; the others are built of the hand-written parts in comments/parts.zh.txt,
/// without an end. In other languages all are lines.
/// The same for the same seed. Ends the program if a file cannot be read.
/// Threads: one at a time.
class SampleComments {
public:
    SampleComments(Trade trade, unsigned seed);

    /// `language` as on the screen; one without lines gets English.
    std::string next(std::string_view language);
    /// A built one, in simplified Chinese.
    std::string build();
    /// All hand-written ones of a language, in the order of its file.
    static std::vector<std::string> lines(std::string_view language);

private:
    struct Deck {
        std::vector<std::string> lines;
        std::size_t next = 0;
    };

    std::size_t below(std::size_t count);
    bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
    std::string part(std::string const& list);
    std::string fill(std::string_view pattern);
    std::string remark(bool content);
    std::string join();
    void slip(std::string& text);
    std::string draw(std::string const& language);

    Trade trade_;
    std::mt19937 random_;
    std::map<std::string, std::vector<std::string>, std::less<>> parts_;
    std::map<std::string, Deck, std::less<>> decks_;
};

}

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

/// A word that the typed letters may mean.
struct PinyinCandidate {
    std::string text; ///< UTF-8 Hanzi, simplified
    std::size_t letters = 0; ///< how many of the letters, from the front, it uses up

    friend bool operator==(PinyinCandidate const&, PinyinCandidate const&) = default;
};

/// Turns letters into Hanzi. Says the same for the same letters every time: nothing is
/// learned from anybody. Threads: the screen's.
class PinyinEngine {
public:
    virtual ~PinyinEngine() = default;

    /// Begins to load in the background whatever is not loaded yet; returns at once.
    virtual void prepare() = 0;
    /// Whether candidates() can answer now.
    virtual bool is_ready() const = 0;
    /// It was tried, and is_ready() will never be true: nothing to wait for.
    virtual bool is_missing() const { return false; }
    /// Best first, at most `limit`, for a-z and ' (which parts syllables). Empty: no such letters.
    virtual std::vector<PinyinCandidate> candidates(std::string_view letters, std::size_t limit) = 0;
    /// The letters with a blank between syllables, as the engine reads them: "fu wu tai du".
    /// A typed ' stays and needs no blank: "xi'an".
    virtual std::string syllables(std::string_view letters) = 0;
};

}

#pragma once

#include "platform/base/pinyin_engine.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

/// A word that customers of this store use: a dish, a complaint.
struct VocabularyWord {
    std::string text; ///< UTF-8 Hanzi, simplified
    std::string pinyin; ///< syllables parted by blanks or ', without tones, v for ü; empty: look it up
};

/// The syllables of a character as a dictionary knows them, most usual first ("xing", "hang").
using ReadingsOfCharacter = std::function<std::vector<std::string>(std::string_view character)>;

/// The store's words by their letters: each syllable in full, or by its initial (jrms,
/// jirms and jiroumeishu are all 鸡肉没熟). Immutable, knows no engine, the same words in
/// the same order for the same letters.
class StoreVocabulary {
public:
    struct Entry {
        std::string text;
        std::vector<std::string> syllables;
    };
    /// A word with several readings gets an entry for each, at most this many.
    static constexpr std::size_t max_readings = 16;
    static constexpr std::size_t max_syllables = 12;

    StoreVocabulary() = default;
    /// Words without a reading (not Hanzi, too long, pinyin that does not fit) are left out and logged.
    StoreVocabulary(std::vector<VocabularyWord> const& words, ReadingsOfCharacter const& readings);

    std::vector<Entry> const& entries() const { return entries_; }

    /// Words that the letters mean as a whole.
    std::vector<PinyinCandidate> whole(std::string_view letters) const;
    /// Words whose full pinyin the letters begin with, and go on after it.
    std::vector<PinyinCandidate> beginning(std::string_view letters) const;

private:
    std::vector<Entry> entries_;
};

/// The characters of UTF-8 text; empty unless all are Hanzi of the basic block (which is
/// what the screen's font has).
std::vector<std::string_view> split_hanzi(std::string_view text);

}

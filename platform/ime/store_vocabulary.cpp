#include "platform/ime/store_vocabulary.h"

#include "platform/base/log.h"
#include "platform/base/utf8.h"

#include <algorithm>

namespace listenpost {

namespace {

std::string normal_syllable(std::string_view syllable)
{
    std::string normal(syllable);
    for (auto at = normal.find("ü"); at != std::string::npos; at = normal.find("ü"))
        normal.replace(at, 2, "v");
    return normal;
}

std::vector<std::string> split_pinyin(std::string_view pinyin)
{
    std::vector<std::string> syllables;
    std::size_t begin = 0;
    while (begin < pinyin.size()) {
        auto const end = std::min(pinyin.find_first_of(" '", begin), pinyin.size());
        if (end > begin)
            syllables.push_back(normal_syllable(pinyin.substr(begin, end - begin)));
        begin = end + 1;
    }
    return syllables;
}

bool is_syllable(std::string const& text)
{
    return !text.empty() && text.size() <= 6
        && std::ranges::all_of(text, [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

/// Every way to read the characters, the most usual first, at most max_readings.
std::vector<std::vector<std::string>> all_readings(
    std::vector<std::string_view> const& characters, ReadingsOfCharacter const& readings)
{
    std::vector<std::vector<std::string>> ways {{}};
    for (auto const character : characters) {
        auto const syllables = readings(character);
        std::vector<std::vector<std::string>> longer;
        // By syllable first: the usual ways stay in front when the rest is cut off.
        for (auto const& syllable : syllables) {
            for (auto const& way : ways) {
                if (longer.size() == StoreVocabulary::max_readings)
                    break;
                longer.push_back(way);
                longer.back().push_back(normal_syllable(syllable));
            }
        }
        ways = std::move(longer);
    }
    return ways;
}

std::size_t initial_length(std::string_view syllable)
{
    bool const is_double = syllable.size() > 1 && syllable[1] == 'h';
    return is_double ? 2 : 1;
}

bool means_whole(std::string_view letters, std::vector<std::string> const& syllables, std::size_t index)
{
    while (index > 0 && letters.starts_with('\''))
        letters.remove_prefix(1);
    if (index == syllables.size())
        return letters.empty();
    std::string_view const syllable = syllables[index];
    if (letters.starts_with(syllable) && means_whole(letters.substr(syllable.size()), syllables, index + 1))
        return true;
    if (syllables.size() < 2) // else a single letter would bring all the store's short words
        return false;
    for (auto length = initial_length(syllable); length > 0; --length) {
        auto const initial = syllable.substr(0, length);
        if (letters.starts_with(initial) && means_whole(letters.substr(length), syllables, index + 1))
            return true;
    }
    return false;
}

/// How many letters the full syllables use up at the front; 0: the letters do not begin so.
std::size_t full_length(std::string_view letters, std::vector<std::string> const& syllables)
{
    std::size_t used = 0;
    for (auto const& syllable : syllables) {
        while (used > 0 && used < letters.size() && letters[used] == '\'')
            ++used;
        if (!letters.substr(used).starts_with(syllable))
            return 0;
        used += syllable.size();
    }
    return used;
}

void add_once(std::vector<PinyinCandidate>& candidates, PinyinCandidate candidate)
{
    if (std::ranges::find(candidates, candidate.text, &PinyinCandidate::text) == candidates.end())
        candidates.push_back(std::move(candidate));
}

}

StoreVocabulary::StoreVocabulary(
    std::vector<VocabularyWord> const& words, ReadingsOfCharacter const& readings)
{
    for (auto const& word : words) {
        auto const characters = split_hanzi(word.text);
        bool const fits = !characters.empty() && characters.size() <= max_syllables;
        std::vector<std::vector<std::string>> ways;
        if (fits && word.pinyin.empty())
            ways = all_readings(characters, readings);
        else if (fits)
            ways.push_back(split_pinyin(word.pinyin));
        std::erase_if(ways, [&](auto const& way) {
            return way.size() != characters.size() || !std::ranges::all_of(way, is_syllable);
        });
        if (ways.empty())
            log(LogLevel::Warn, "vocabulary_word_unreadable", {{"word", word.text}, {"pinyin", word.pinyin}});
        for (auto& way : ways)
            entries_.push_back({word.text, std::move(way)});
    }
}

std::vector<PinyinCandidate> StoreVocabulary::whole(std::string_view letters) const
{
    std::vector<PinyinCandidate> found;
    // In full first: pingan must not bring a word that only begins with p, i …
    for (auto const& entry : entries_)
        if (full_length(letters, entry.syllables) == letters.size() && !letters.empty())
            add_once(found, {entry.text, letters.size()});
    for (auto const& entry : entries_)
        if (means_whole(letters, entry.syllables, 0))
            add_once(found, {entry.text, letters.size()});
    return found;
}

std::vector<PinyinCandidate> StoreVocabulary::beginning(std::string_view letters) const
{
    std::vector<PinyinCandidate> found;
    for (auto const& entry : entries_) {
        auto const used = full_length(letters, entry.syllables);
        if (used > 0 && used < letters.size() && entry.syllables.size() > 1)
            add_once(found, {entry.text, used});
    }
    return found;
}

std::vector<std::string_view> split_hanzi(std::string_view text)
{
    std::vector<std::string_view> characters;
    for (std::size_t at = 0; at < text.size(); at += 3) {
        auto const character = text.substr(at, 3);
        if (character.size() < 3)
            return {};
        // U+4E00 … U+9FFF, compared as the bytes of UTF-8.
        if (character < std::string_view("\xE4\xB8\x80") || character > std::string_view("\xE9\xBF\xBF"))
            return {};
        if (!continues_character(character[1]) || !continues_character(character[2]))
            return {};
        characters.push_back(character);
    }
    return characters;
}

}

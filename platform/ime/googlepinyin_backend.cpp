#include "platform/ime/pinyin_backend.h"

#include <googlepinyin/pinyinime.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <utility>

namespace listenpost {

namespace {

using namespace ime_pinyin;

/// What the library has room for; it ignores the letters after.
constexpr std::size_t max_letters = 39;
constexpr std::size_t max_hanzi = 39;

std::atomic<bool> is_open {false};
/// Once open the library stays so: closing and opening again leaks 200 kB and frees its
/// memory the wrong way. Belongs to whoever set is_open.
std::filesystem::path loaded_dictionary;

std::string to_utf8(char16 const* text)
{
    std::string utf8;
    for (; *text != 0; ++text) {
        unsigned const code = *text;
        if (code < 0x80) {
            utf8 += static_cast<char>(code);
        } else if (code < 0x800) {
            utf8 += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
        } else {
            utf8 += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
                static_cast<char>(0x80 | (code & 0x3F))};
        }
    }
    return utf8;
}

class GooglepinyinBackend final : public PinyinBackend {
public:
    ~GooglepinyinBackend() override { is_open = false; }

    char const* name() const override { return "googlepinyin"; }

    std::vector<PinyinCandidate> candidates(std::string_view letters, std::size_t limit) override
    {
        std::vector<PinyinCandidate> found;
        auto const count = search(letters);
        auto const starts = syllable_starts();
        for (std::size_t index = 0; index < count && found.size() < limit; ++index) {
            std::array<char16, max_hanzi + 2> buffer {};
            if (im_get_candidate(index, buffer.data(), buffer.size() - 1) == nullptr)
                continue;
            auto text = to_utf8(buffer.data());
            auto const hanzi = split_hanzi(text).size(); // a Hanzi a syllable
            if (hanzi == 0 || hanzi >= starts.size() || starts[hanzi] == 0)
                continue;
            found.push_back({std::move(text), std::min<std::size_t>(starts[hanzi], letters.size())});
        }
        return found;
    }

    std::string syllables(std::string_view letters) override
    {
        search(letters);
        auto const starts = syllable_starts();
        std::string text;
        for (std::size_t at = 0; at < letters.size(); ++at) {
            bool const begins = at > 0 && std::ranges::find(starts, at) != starts.end();
            if (begins && letters[at] != '\'' && letters[at - 1] != '\'')
                text += ' ';
            text += letters[at];
        }
        return text;
    }

    /// The library has no list of its syllables: try every initial with every final.
    ReadingsOfCharacter readings() override
    {
        std::map<std::string, std::vector<std::pair<std::size_t, std::string>>, std::less<>> all;
        for (auto const* initial : {"", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x",
                 "zh", "ch", "sh", "r", "z", "c", "s", "y", "w"}) {
            for (auto const* final : {"a", "ai", "an", "ang", "ao", "e", "ei", "en", "eng", "er", "o", "ong",
                     "ou", "i", "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing", "iong", "u", "ua", "uo",
                     "uai", "ui", "uan", "un", "uang", "v", "ve", "ue"}) {
                auto const syllable = std::string(initial) + final;
                auto const found = candidates(syllable, 400);
                if (syllable_starts() != std::vector<std::size_t> {0, syllable.size()})
                    continue;
                for (std::size_t rank = 0; rank < found.size(); ++rank)
                    if (found[rank].text.size() == 3)
                        all[found[rank].text].emplace_back(rank, syllable);
            }
        }
        for (auto& [hanzi, syllables] : all)
            std::ranges::sort(syllables); // where it stands nearer to the front, it is the more usual
        return [all = std::move(all)](std::string_view character) {
            std::vector<std::string> syllables;
            if (auto const found = all.find(character); found != all.end())
                for (auto const& [rank, syllable] : found->second)
                    syllables.push_back(syllable);
            return syllables;
        };
    }

private:
    static std::size_t search(std::string_view letters)
    {
        im_reset_search(); // else the answer may depend on the letters before
        return im_search(letters.data(), std::min(letters.size(), max_letters));
    }

    /// Of the search before; one more than there are syllables: the end is the last.
    static std::vector<std::size_t> syllable_starts()
    {
        uint16 const* starts = nullptr;
        auto const count = im_get_spl_start_pos(starts);
        if (starts == nullptr || count == 0)
            return {};
        return {starts, starts + count + 1};
    }
};

}

Result<std::unique_ptr<PinyinBackend>> open_googlepinyin(std::filesystem::path const& dictionary)
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(dictionary, ignored))
        return fail(Errc::NotFound, dictionary.string() + " is missing");
    if (is_open.exchange(true))
        return fail(Errc::Busy, "googlepinyin is open already");
    if (!loaded_dictionary.empty() && loaded_dictionary != dictionary) {
        is_open = false;
        return fail(Errc::Busy, "googlepinyin has another dictionary already");
    }
    // No file can have an empty name: there is no user's dictionary, and none is written.
    if (loaded_dictionary.empty() && !im_open_decoder(dictionary.c_str(), "")) {
        is_open = false;
        return fail(Errc::Corrupt, dictionary.string() + " is no dictionary of googlepinyin");
    }
    loaded_dictionary = dictionary;
    im_set_max_lens(max_letters, max_hanzi);
    return std::make_unique<GooglepinyinBackend>();
}

}

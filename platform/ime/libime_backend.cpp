#include "platform/ime/pinyin_backend.h"

#include <libime/core/userlanguagemodel.h>
#include <libime/pinyin/pinyincontext.h>
#include <libime/pinyin/pinyindictionary.h>
#include <libime/pinyin/pinyinime.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <utility>

namespace listenpost {

namespace {

using libime::PinyinEncoder;
using libime::PinyinFinal;
using libime::PinyinInitial;

/// Known to the dictionary, but so rare that they would only crowd out the usual ones.
constexpr float rare_by = 2.5F; // log10

/// What makes a store's word beat its homophones inside a sentence. Without a bonus (0),
/// three usual characters in a row win over the word 没有纸.
constexpr float store_bonus = 1.0F; // log10

using Readings = std::map<std::string, std::vector<std::pair<float, std::string>>, std::less<>>;

/// The dictionary answers syllables, not characters: ask all syllables there are.
Readings read_all_characters(libime::PinyinDictionary const& dictionary)
{
    Readings readings;
    for (char initial = PinyinEncoder::firstInitial; initial <= PinyinEncoder::lastInitial; ++initial) {
        for (char final = PinyinEncoder::firstFinal; final <= PinyinEncoder::lastFinal; ++final) {
            auto const first = static_cast<PinyinInitial>(initial);
            auto const second = static_cast<PinyinFinal>(final);
            if (!PinyinEncoder::isValidInitialFinal(first, second))
                continue;
            char const encoded[] {initial, final};
            auto const spelled = PinyinEncoder::initialToString(first) + PinyinEncoder::finalToString(second);
            dictionary.matchWords(
                encoded, sizeof encoded, [&](std::string_view, std::string_view hanzi, float cost) {
                    readings[std::string(hanzi)].emplace_back(cost, spelled);
                    return true;
                });
        }
    }
    for (auto& [hanzi, syllables] : readings) {
        std::ranges::sort(syllables, std::greater {});
        auto const usual = syllables.front().first;
        std::erase_if(syllables, [usual](auto const& each) { return each.first < usual - rare_by; });
    }
    return readings;
}

std::string joined(std::vector<std::string> const& syllables)
{
    std::string text;
    for (auto const& syllable : syllables)
        text += (text.empty() ? "" : "'") + syllable;
    return text;
}

class LibimeBackend final : public PinyinBackend {
public:
    LibimeBackend(std::unique_ptr<libime::PinyinDictionary> dictionary,
        std::unique_ptr<libime::UserLanguageModel> model)
        : ime_(std::move(dictionary), std::move(model))
        , context_(&ime_)
    {
        // Inner: xian is also xi'an. CommonTypo: ign for ing, which a hurried finger does.
        ime_.setFuzzyFlags(
            libime::PinyinFuzzyFlags(libime::PinyinFuzzyFlag::Inner) | libime::PinyinFuzzyFlag::CommonTypo);
        ime_.setNBest(2);
        ime_.setScoreFilter(1.0F);
    }

    char const* name() const override { return "libime"; }

    std::vector<PinyinCandidate> candidates(std::string_view letters, std::size_t limit) override
    try {
        std::vector<PinyinCandidate> found;
        type(letters);
        for (auto const& sentence : context_.candidates()) {
            if (found.size() == limit)
                break;
            auto text = sentence.toString();
            if (sentence.size() == 0 || split_hanzi(text).empty())
                continue;
            auto const used = std::min(sentence.sentence().back()->to()->index(), letters.size());
            found.push_back({std::move(text), used});
        }
        return found;
    } catch (std::exception const&) {
        forget();
        return {};
    }

    std::string syllables(std::string_view letters) override
    try {
        type(letters);
        auto text = context_.preedit(libime::PinyinPreeditMode::RawText);
        for (auto at = text.find(" '"); at != std::string::npos; at = text.find(" '"))
            text.erase(at, 1);
        for (auto at = text.find("' "); at != std::string::npos; at = text.find("' "))
            text.erase(at + 1, 1);
        return text;
    } catch (std::exception const&) {
        forget();
        return std::string(letters);
    }

    ReadingsOfCharacter readings() override
    try {
        return [all = read_all_characters(*ime_.dict())](std::string_view character) {
            std::vector<std::string> syllables;
            if (auto const found = all.find(character); found != all.end())
                for (auto const& [cost, syllable] : found->second)
                    syllables.push_back(syllable);
            return syllables;
        };
    } catch (std::exception const&) {
        return [](std::string_view) { return std::vector<std::string> {}; };
    }

    void add(StoreVocabulary const& vocabulary) override
    {
        for (auto const& entry : vocabulary.entries()) {
            try {
                ime_.dict()->addWord(
                    libime::TrieDictionary::UserDict, joined(entry.syllables), entry.text, store_bonus);
            } catch (std::exception const&) {
                // A syllable that libime does not know: the word is still found by StoreVocabulary.
                continue;
            }
        }
    }

private:
    /// Only the letters that changed: a key costs the last syllable, not the sentence.
    void type(std::string_view letters)
    {
        auto const same
            = static_cast<std::size_t>(std::ranges::mismatch(typed_, letters).in1 - typed_.begin());
        if (same < typed_.size())
            context_.erase(same, typed_.size());
        typed_.assign(letters.substr(0, same));
        if (same < letters.size())
            context_.type(letters.substr(same));
        typed_ = letters;
    }

    void forget()
    {
        typed_.clear();
        context_.clear();
    }

    libime::PinyinIME ime_;
    libime::PinyinContext context_;
    std::string typed_;
};

}

Result<std::unique_ptr<PinyinBackend>> open_libime(
    std::filesystem::path const& dictionary, std::filesystem::path const& language_model)
{
    std::error_code ignored;
    for (auto const& file : {dictionary, language_model})
        if (!std::filesystem::is_regular_file(file, ignored))
            return fail(Errc::NotFound, file.string() + " is missing");
    try {
        auto words = std::make_unique<libime::PinyinDictionary>();
        words->load(libime::TrieDictionary::SystemDict, dictionary.c_str(), libime::PinyinDictFormat::Binary);
        auto model = std::make_unique<libime::UserLanguageModel>(language_model.c_str());
        return std::make_unique<LibimeBackend>(std::move(words), std::move(model));
    } catch (std::exception const& error) {
        return fail(Errc::Corrupt, std::string("libime: ") + error.what());
    }
}

}

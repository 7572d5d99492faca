#include "kiosk/input/composer.h"

#include "platform/base/utf8.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {

namespace {

bool is_letter(std::string_view key) { return key.size() == 1 && key[0] >= 'a' && key[0] <= 'z'; }

/// One printable character of UTF-8.
bool is_character(std::string_view key)
{
    if (key.empty())
        return false;
    auto const lead = static_cast<unsigned char>(key[0]);
    if (lead < 0x80)
        return key.size() == 1 && lead > ' ' && lead != 0x7F;
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    return lead >= 0xC2 && lead <= 0xF4 && key.size() == length
        && std::ranges::all_of(key.substr(1), continues_character);
}

}

Composer::Composer(PinyinEngine& engine, HanziConverter* converter)
    : engine_(engine)
    , converter_(converter)
{
    composition_.engine_ready = is_ready();
}

void Composer::reset(TypingMode mode, HanziOutput output)
{
    composition_ = {};
    chosen_.clear();
    candidates_.clear();
    composition_.mode = mode;
    output_ = output;
    composition_.engine_ready = is_ready();
}

bool Composer::is_ready() const
{
    bool const converts = output_ == HanziOutput::Traditional && converter_ != nullptr;
    return engine_.is_ready() && (!converts || converter_->is_ready());
}

Composer::Outcome Composer::press(std::string_view key)
{
    if (is_letter(key))
        return press_letter(key[0]);
    if (key == "backspace")
        return press_backspace();
    if (key == "space")
        return press_space();
    if (key == "mode") {
        auto outcome = finish();
        bool const was_pinyin = composition_.mode == TypingMode::Pinyin;
        composition_.mode = was_pinyin ? TypingMode::English : TypingMode::Pinyin;
        composition_.page = KeyPage::Letters;
        return outcome;
    }
    if (key == "shift")
        composition_.shift = composition_.mode == TypingMode::English && !composition_.shift;
    else if (key == "numbers")
        composition_.page = KeyPage::Numbers;
    else if (key == "symbols")
        composition_.page = KeyPage::Symbols;
    else if (key == "letters")
        composition_.page = KeyPage::Letters;
    else if (key == "more")
        composition_.expanded = !composition_.expanded && !composition_.candidates.empty();
    else if (is_character(key))
        return press_character(key);
    return {};
}

Composer::Outcome Composer::press_letter(char letter)
{
    if (composition_.mode == TypingMode::English) {
        bool const capital = std::exchange(composition_.shift, false);
        return {.typed = std::string(1, static_cast<char>(capital ? letter - 'a' + 'A' : letter))};
    }
    // Whoever does not type pays for no dictionary; the screen may have asked before.
    engine_.prepare();
    if (output_ == HanziOutput::Traditional && converter_ != nullptr)
        converter_->prepare();
    auto length = composition_.letters.size();
    for (auto const& word : chosen_)
        length += word.letters.size();
    if (length < max_letters) {
        composition_.letters += letter;
        update();
    }
    return {};
}

Composer::Outcome Composer::press_character(std::string_view character)
{
    if (!is_composing())
        return {.typed = std::string(character)};
    if (character == "'" && !composition_.letters.empty()) {
        composition_.page = KeyPage::Letters; // more letters are what it is for
        if (composition_.letters.back() != '\'' && composition_.letters.size() < max_letters) {
            composition_.letters += '\'';
            update();
        }
        return {};
    }
    if (!composition_.letters.empty() && may_become_ready())
        return {};
    return {.typed = take_all() + std::string(character)};
}

Composer::Outcome Composer::press_backspace()
{
    if (!composition_.letters.empty()) {
        composition_.letters.pop_back();
    } else if (!chosen_.empty()) {
        composition_.letters = std::move(chosen_.back().letters);
        chosen_.pop_back();
    } else {
        return {.typed = {}, .erases = true};
    }
    update();
    return {};
}

Composer::Outcome Composer::press_space()
{
    if (!is_composing())
        return {.typed = " "};
    if (!candidates_.empty())
        return choose(0);
    if (!composition_.letters.empty() && may_become_ready())
        return {};
    return {.typed = take_all()}; // letters that mean nothing stay what they are
}

Composer::Outcome Composer::choose(std::size_t candidate)
{
    if (candidate >= candidates_.size())
        return {};
    choose_word(candidate);
    if (!composition_.letters.empty())
        return {};
    return {.typed = take_chosen()};
}

Composer::Outcome Composer::finish()
{
    auto const letters = composition_.letters;
    auto outcome = Outcome {.typed = take_chosen() + letters};
    composition_.shift = false;
    return outcome;
}

bool Composer::refresh()
{
    auto const before = composition_;
    bool const became_ready = !composition_.engine_ready && is_ready();
    composition_.engine_ready = is_ready();
    if (became_ready && is_composing())
        update();
    return composition_ != before;
}

std::string Composer::take_all()
{
    while (!composition_.letters.empty() && !candidates_.empty())
        choose_word(0);
    auto const letters = composition_.letters;
    return take_chosen() + letters;
}

/// Ends composing; letters that are left are forgotten.
std::string Composer::take_chosen()
{
    std::string text;
    for (auto const& word : chosen_)
        text += word.text;
    text = shown(text);
    chosen_.clear();
    composition_.letters.clear();
    update();
    return text;
}

void Composer::choose_word(std::size_t candidate)
{
    auto& letters = composition_.letters;
    auto used = std::clamp<std::size_t>(candidates_[candidate].letters, 1, letters.size());
    used = std::min(letters.find_first_not_of('\'', used), letters.size()); // a word begins with a letter
    chosen_.push_back({std::move(candidates_[candidate].text), letters.substr(0, used)});
    letters.erase(0, used);
    update();
}

std::string Composer::shown(std::string const& simplified) const
{
    bool const converts = output_ == HanziOutput::Traditional && converter_ != nullptr;
    return converts && !simplified.empty() ? converter_->convert(simplified) : simplified;
}

void Composer::update()
{
    candidates_.clear();
    composition_.candidates.clear();
    composition_.preedit.clear();
    composition_.engine_ready = is_ready();
    for (auto const& word : chosen_)
        composition_.preedit += word.text;
    composition_.preedit = shown(composition_.preedit);
    auto const& letters = composition_.letters;
    if (!letters.empty() && composition_.engine_ready) {
        candidates_ = engine_.candidates(letters, max_candidates);
        for (auto const& candidate : candidates_)
            composition_.candidates.push_back(shown(candidate.text));
        composition_.preedit += engine_.syllables(letters);
    } else {
        composition_.preedit += letters;
    }
    composition_.expanded = composition_.expanded && !candidates_.empty();
}

}

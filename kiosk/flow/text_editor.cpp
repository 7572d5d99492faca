#include "kiosk/flow/text_editor.h"

#include "kiosk/model/masking.h"
#include "kiosk/model/response.h"
#include "kiosk/model/staff_event.h"
#include "platform/base/utf8.h"
#include "platform/base/wipe.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

/// So many digits in a row may still become a number that tells who somebody is.
constexpr int digits_of_a_number = 5;
constexpr std::size_t most_bytes = 4; ///< of a character in UTF-8

bool is_chinese(std::string_view language) { return language.starts_with("zh"); }

std::string_view separator_of(std::string_view language)
{
    if (is_chinese(language))
        return "，";
    return language.starts_with("ja") ? "、" : ", ";
}

std::size_t start_of_last(std::string_view text)
{
    std::size_t start = text.size() - 1;
    while (start > 0 && continues_character(text[start]))
        --start;
    return start;
}

bool is_digit(std::string_view character)
{
    static constexpr std::string_view others
        = "０１２３４５６７８９零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸①②③④⑤⑥⑦⑧⑨○";
    return (character.size() == 1 && character[0] >= '0' && character[0] <= '9')
        || (character.size() > 1 && others.find(character) != std::string_view::npos);
}

bool parts_digits(std::string_view character)
{
    // All that masking reads over within a number, on every page of the keyboard.
    static constexpr std::string_view signs = " -+.*()—–－·•（）．＋\u3000";
    return signs.find(character) != std::string_view::npos;
}

/// Without a number at its end that somebody may be in the middle of.
std::string_view without_unfinished_number(std::string_view text)
{
    std::string_view rest = text;
    int digits = 0;
    while (!rest.empty()) {
        auto const last = rest.substr(start_of_last(rest));
        if (!is_digit(last) && !parts_digits(last))
            break;
        digits += is_digit(last) ? 1 : 0;
        rest.remove_suffix(last.size());
    }
    return digits >= digits_of_a_number ? rest : text;
}

/// Without an e-mail address at its end that has no domain yet.
std::string_view without_unfinished_address(std::string_view text)
{
    std::size_t start = text.size();
    bool has_at = false;
    while (start > 0) {
        char const c = text[start - 1];
        bool const is_of_address = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("._+-@").find(c) != std::string_view::npos;
        if (!is_of_address)
            break;
        has_at = has_at || c == '@';
        --start;
    }
    return has_at ? text.substr(0, start) : text;
}

TypingMode mode_for(std::string_view language)
{
    return is_chinese(language) ? TypingMode::Pinyin : TypingMode::English;
}

HanziOutput output_for(std::string_view language)
{
    return language == "zh-TW" || language == "zh-HK" ? HanziOutput::Traditional : HanziOutput::Simplified;
}

}

TextEditor::TextEditor(Survey const& survey, Typing typing)
    : survey_(survey)
    , typing_(typing)
    , composer_(typing.pinyin, typing.traditional)
{
}

void TextEditor::reset(std::string_view language)
{
    for (auto& [place, text] : texts_)
        wipe(text);
    texts_.clear();
    place_.clear();
    is_open_ = false;
    set_keyboard(language);
}

void TextEditor::set_keyboard(std::string_view language)
{
    writing_ = Writing::Text;
    mode_ = mode_for(language);
    output_ = output_for(language);
    composer_.reset(mode_, output_);
}

void TextEditor::change_language(std::string_view from, std::string_view to)
{
    set_keyboard(to);
    std::map<std::size_t, std::size_t> chosen; // by their place, so that their order stays
    for (std::size_t index = 0; index < survey_.phrases.size(); ++index)
        if (has_phrase(index, from))
            chosen.emplace(raw(comment).find(survey_.phrases[index].in(from)), index);
    for (auto const& [place, index] : chosen)
        toggle_phrase(index, from);
    // Another language may take more room: what no longer fits is no longer chosen.
    for (auto const& [place, index] : chosen)
        if (has_room_for_phrase(index, to))
            toggle_phrase(index, to);
}

void TextEditor::open(std::string_view place, Writing writing)
{
    close();
    place_ = place;
    is_open_ = true;
    if (std::exchange(writing_, writing) != writing)
        composer_.reset(writing == Writing::Initials ? TypingMode::English : mode_, output_);
    hold_shift();
    // In the background, while the customer still looks for the first key.
    if (composer_.composition().mode == TypingMode::Pinyin)
        typing_.pinyin.prepare();
}

void TextEditor::close()
{
    if (is_open_)
        take(composer_.finish());
    is_open_ = false;
}

bool TextEditor::press(std::string_view key) { return is_open_ && take(composer_.press(key)); }

bool TextEditor::choose_candidate(std::size_t index) { return is_open_ && take(composer_.choose(index)); }

/// Initials are capitals; a letter lets the key go.
void TextEditor::hold_shift()
{
    Composition const& shown = composer_.composition();
    if (writing_ == Writing::Initials && shown.mode == TypingMode::English && !shown.shift)
        composer_.press("shift");
}

bool TextEditor::take(Composer::Outcome const& outcome)
{
    if (outcome.erases)
        erase_last();
    append(outcome.typed);
    hold_shift();
    return outcome.erases || !outcome.typed.empty();
}

std::size_t TextEditor::most_characters() const
{
    return writing_ == Writing::Initials ? max_initials : Draft::max_comment_characters;
}

void TextEditor::append(std::string_view typed)
{
    std::string& text = texts_[place_];
    text.reserve(most_characters() * most_bytes); // what it grew out of would keep a copy
    std::size_t characters = count_characters(text);
    while (!typed.empty() && characters < most_characters()) {
        std::size_t end = 1;
        while (end < typed.size() && continues_character(typed[end]))
            ++end;
        auto const character = typed.substr(0, end);
        typed.remove_prefix(end);
        if (writing_ == Writing::Initials && !is_initials(character))
            continue;
        char const c = character.front();
        if (writing_ == Writing::Initials && c >= 'a' && c <= 'z') // of pinyin that nobody chose for
            text += static_cast<char>(c - 'a' + 'A');
        else
            text += character;
        ++characters;
    }
}

void TextEditor::erase_last()
{
    if (std::string& text = texts_[place_]; !text.empty())
        text.resize(start_of_last(text));
}

void TextEditor::toggle_phrase(std::size_t index, std::string_view language)
{
    std::string& text = texts_[std::string(comment)];
    auto const phrase = survey_.phrases[index].in(language);
    auto const separator = separator_of(language);
    std::size_t const at = text.find(phrase);
    if (at == std::string::npos) {
        if (!text.empty())
            text += separator;
        text += phrase;
        return;
    }
    // With it goes the separator that it came with, or the one that would be left at the start.
    text.erase(at, phrase.size());
    if (std::string_view(text).substr(0, at).ends_with(separator))
        text.erase(at - separator.size(), separator.size());
    else if (at == 0 && text.starts_with(separator))
        text.erase(0, separator.size());
}

void TextEditor::clear(std::string_view place)
{
    if (auto const found = texts_.find(place); found != texts_.end()) {
        wipe(found->second);
        texts_.erase(found);
    }
    if (is_open_ && place == place_)
        composer_.finish();
    hold_shift();
}

bool TextEditor::has_phrase(std::size_t index, std::string_view language) const
{
    return raw(comment).find(survey_.phrases[index].in(language)) != std::string::npos;
}

bool TextEditor::has_room_for_phrase(std::size_t index, std::string_view language) const
{
    std::string const& text = raw(comment);
    std::size_t const separator = text.empty() ? 0 : count_characters(separator_of(language));
    return count_characters(text) + separator + count_characters(survey_.phrases[index].in(language))
        <= Draft::max_comment_characters;
}

std::string TextEditor::to_store(std::string_view place) const
{
    std::string const& text = raw(place);
    bool const is_being_edited = is_open_ && place == place_;
    // Masked first: a number that is whole is no longer one that is unfinished.
    std::string masked = mask_personal_data(text).text;
    if (is_being_edited)
        masked.resize(without_unfinished_number(without_unfinished_address(masked)).size());
    return masked;
}

std::string const& TextEditor::raw(std::string_view place) const
{
    static std::string const nothing;
    auto const found = texts_.find(place);
    return found == texts_.end() ? nothing : found->second;
}

Editor TextEditor::view() const
{
    if (!is_open_)
        return {};
    MaskedText masked = mask_personal_data(raw(place_));
    return {.text = masked.text,
        .is_masked = !masked.found.empty(),
        .characters = static_cast<int>(count_characters(masked.text)),
        .most_characters = static_cast<int>(most_characters()),
        .composition = composer_.composition()};
}

}

#pragma once

#include "tests/kiosk/ui/screen_rig.h"

namespace listenpost::kiosk::test {

/// The comment screen as it is after somebody has written `text`.
inline View writing(std::string const& language, std::string text)
{
    View view = view_of(Screen::Comment, language, {{"quality", 5, {}}, {"service", 2, {"long_wait"}}});
    view.can_go_back = true;
    view.editor.text = std::move(text);
    view.editor.characters = static_cast<int>(count_characters(view.editor.text));
    view.editor.composition.mode = language.starts_with("zh") ? TypingMode::Pinyin : TypingMode::English;
    return view;
}

/// … and is composing: letters and what they may mean.
inline View composing(View view, std::string const& letters, std::vector<std::string> candidates)
{
    view.editor.composition.letters = letters;
    view.editor.composition.preedit = letters;
    view.editor.composition.candidates = std::move(candidates);
    return view;
}

inline std::vector<std::string> many_candidates()
{
    std::vector<std::string> const words {"慢", "满", "漫", "蛮", "曼", "瞒", "馒", "蔓", "幔", "鳗", "满意",
        "慢慢", "满足", "漫长", "慢点", "满分", "馒头", "慢走", "蛮好", "漫画", "慢用", "满座", "瞒着",
        "蔓延"};
    std::vector<std::string> all;
    for (int round = 0; round < 4; ++round)
        all.insert(all.end(), words.begin(), words.end());
    return all;
}

}

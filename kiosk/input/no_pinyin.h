#pragma once

#include "kiosk/input/pinyin_engine.h"

namespace listenpost::kiosk {

/// For a box without pinyin, and for tests that type none: letters stay letters.
class NoPinyin : public PinyinEngine {
public:
    void prepare() override { }
    bool is_ready() const override { return false; }
    bool is_missing() const override { return true; }
    std::vector<PinyinCandidate> candidates(std::string_view, std::size_t) override { return {}; }
    std::string syllables(std::string_view letters) override { return std::string(letters); }
};

}

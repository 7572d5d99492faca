#pragma once

#include <filesystem>

namespace listenpost {

/// The data files of the pinyin libraries. Any may be missing.
struct PinyinData {
    std::filesystem::path libime_dictionary; ///< Debian: libime-data
    std::filesystem::path libime_language_model; ///< Debian: libime-data-language-model
    std::filesystem::path googlepinyin_dictionary; ///< Debian: libgooglepinyin0
};

/// Where the system's packages put them.
PinyinData installed_pinyin_data();

}

#include "platform/ime/ime_data.h"

namespace listenpost {

PinyinData installed_pinyin_data()
{
    // The folders as the build found the libraries: Debian's library folder bears the machine's kind.
    std::filesystem::path const library = LISTENPOST_LIBRARY_FOLDER;
    std::filesystem::path const share = LISTENPOST_SHARE_FOLDER;
    return {.libime_dictionary = share / "libime/sc.dict",
        .libime_language_model = library / "libime/zh_CN.lm",
        .googlepinyin_dictionary = library / "googlepinyin/data/dict_pinyin.dat"};
}

}

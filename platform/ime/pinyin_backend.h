#pragma once

#include "platform/base/pinyin_engine.h"
#include "platform/base/result.h"
#include "platform/ime/store_vocabulary.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace listenpost {

/// A loaded pinyin library. Made on one thread, then used by one other. Writes nothing,
/// learns nothing.
class PinyinBackend {
public:
    virtual ~PinyinBackend() = default;

    virtual char const* name() const = 0;
    /// Best first, at most `limit`, Hanzi only. `letters`: a-z and '.
    virtual std::vector<PinyinCandidate> candidates(std::string_view letters, std::size_t limit) = 0;
    /// As PinyinEngine::syllables().
    virtual std::string syllables(std::string_view letters) = 0;
    /// The syllables of each character, the most usual first. Slow: all at once, while loading.
    virtual ReadingsOfCharacter readings() = 0;
    /// Takes the words into the library's own sentences, where it can.
    virtual void add(StoreVocabulary const&) { }
};

/// LibIME: the better sentences; 26 MB, about 150 ms of CPU. Errors: NotFound, Corrupt.
Result<std::unique_ptr<PinyinBackend>> open_libime(
    std::filesystem::path const& dictionary, std::filesystem::path const& language_model);

/// GooglePinyin: light; 2 MB, few ms. Its library is one per process and stays loaded: Busy
/// while another is open, or for another dictionary. Errors: NotFound, Corrupt, Busy.
Result<std::unique_ptr<PinyinBackend>> open_googlepinyin(std::filesystem::path const& dictionary);

}

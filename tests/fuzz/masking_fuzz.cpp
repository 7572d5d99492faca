#include "kiosk/model/masking.h"
#include "tests/fuzz/require.h"

#include <cstdint>

using listenpost::test::require;

// Whatever the bytes: no crash, never longer, nothing changed that is not told, and a second
// time changes nothing.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace listenpost::kiosk;
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const once = mask_personal_data(text);
    require(once.text.size() <= text.size());
    require((once.text == text) == once.found.empty());
    require(mask_personal_data(once.text) == MaskedText {once.text, {}});

    // What is left is the text's own, in its order; only stars may be new.
    std::size_t place = 0;
    for (auto const byte : once.text) {
        if (byte == '*') {
            if (place < text.size() && text[place] == '*')
                ++place;
            continue;
        }
        place = text.find(byte, place);
        require(place != text.npos);
        ++place;
    }
    return 0;
}

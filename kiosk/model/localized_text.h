#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace listenpost::kiosk {

/// One text in several languages, by BCP 47 tag (zh-CN, en).
struct LocalizedText {
    std::map<std::string, std::string, std::less<>> by_language;
    std::string fallback_language;

    /// The text in `language`, else in the survey's first language, else empty.
    std::string_view in(std::string_view language) const;
    bool empty() const { return by_language.empty(); }
};

}

#pragma once

#include <string>
#include <string_view>

namespace listenpost {

/// Turns simplified Hanzi into traditional ones. Threads: the screen's.
class HanziConverter {
public:
    virtual ~HanziConverter() = default;

    /// Begins to load in the background if it is not loaded yet; returns at once.
    virtual void prepare() = 0;
    /// Loaded, or known to be missing: convert() will not get better by waiting.
    virtual bool is_ready() const = 0;
    /// The text as it is while not ready, or when the data is missing.
    virtual std::string convert(std::string_view simplified) const = 0;
};

}

#pragma once

#include "kiosk/options.h"
#include "platform/base/clock.h"
#include "platform/base/result.h"

#include <memory>

namespace listenpost::kiosk {

/// The running kiosk: one window, one store, one customer after another.
/// It sleeps until there is a touch, a word from the store, or a moment the flow or
/// an animation asked for; nothing is drawn and nothing polled in between.
class Kiosk {
public:
    /// Errors: Busy (another kiosk has the data folder), Invalid (survey, strings),
    /// NotFound (assets), Unreachable (no display), Io. A data folder or store.db that cannot
    /// be used is none: the screen says "out of service" until it can.
    static Result<std::unique_ptr<Kiosk>> create(Options options, int stop_descriptor, Clock const& clock);
    ~Kiosk();

    /// Returns when the program shall end. Errors: those of a picture that could not be
    /// written, where it was the only purpose. A display that goes away ends the process.
    Result<> run();

private:
    struct Impl;
    explicit Kiosk(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}

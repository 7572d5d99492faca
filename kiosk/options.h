#pragma once

#include "kiosk/flow/flow.h"
#include "kiosk/flow/manager_flow.h"
#include "platform/base/result.h"
#include "platform/window/window.h"

#include <filesystem>
#include <optional>
#include <string>

namespace listenpost::kiosk {

/// The command line of listenpost-kiosk.
struct Options {
    std::filesystem::path data;
    std::filesystem::path survey; ///< empty: the one that ships
    std::filesystem::path check; ///< a survey to look at, instead of running
    std::filesystem::path ui_map; ///< empty: none is written
    std::filesystem::path screenshot; ///< empty: none is taken
    std::filesystem::path record;
    std::filesystem::path replay;
    std::string language; ///< empty: the survey's first
    std::string touchpoint; ///< empty: the survey's
    WindowOptions window;
    std::optional<float> millimetres_per_pixel; ///< nothing: the display's own word
    FlowTimes times;
    ManagerTimes manager_times;
    std::chrono::days keep {400}; ///< acknowledged responses
    std::filesystem::path week_picture; ///< the week on one page into this file, or "-", instead of running
    bool sets_pin = false; ///< instead of running
    bool exit_after_first_frame = false;
};

/// Reads argv. A string instead of Options: print it and end with that exit code
/// (0 for --help and --version, 2 for bad use).
struct Farewell {
    int exit_code;
    std::string text;
};
tl::expected<Options, Farewell> parse_options(int argc, char const* const* argv);

}

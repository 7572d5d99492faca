#include "kiosk/options.h"

#include "kiosk/model/json_reader.h"
#include "kiosk/store/lived_days.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace listenpost::kiosk {
namespace {

/// CLI::Range takes "nan" for a number within.
CLI::Validator number_from(double least, double most)
{
    CLI::Range const range(least, most);
    return {[range](std::string& text) {
                double number = 0;
                bool const is_number = CLI::detail::lexical_cast(text, number) && std::isfinite(number);
                return is_number ? range(text) : text + " is not a number";
            },
        range.get_description()};
}

/// It travels to head office with every response, as an id.
std::string check_touchpoint(std::string const& text)
{
    return is_identifier(text) ? std::string() : "must be 1 to 40 of a-z, 0-9, _ and -";
}

std::chrono::milliseconds to_milliseconds(double seconds)
{
    return std::chrono::milliseconds(std::llround(seconds * 1000));
}

/// "1280x800". Errors: a sentence for CLI11.
std::string parse_size(std::string const& text, PixelSize& size)
{
    int width = 0;
    int height = 0;
    char rest = 0;
    bool const whole = std::sscanf(text.c_str(), "%dx%d%c", &width, &height, &rest) == 2;
    if (!whole || width < 640 || height < 480 || width > 7680 || height > 7680)
        return "must be WIDTHxHEIGHT in pixels, from 640x480 to 7680x7680, as in 1280x800";
    size = {width, height};
    return {};
}

}

tl::expected<Options, Farewell> parse_options(int argc, char const* const* argv)
{
    Options options;
    options.window.title = "ListenPost 倾听站";
    CLI::App app {"ListenPost kiosk: the screen customers tap. Writes DIR/store.db; uses no network.",
        "listenpost-kiosk"};
    app.set_version_flag("--version", "listenpost-kiosk " LISTENPOST_VERSION);

    std::string size;
    bool full_screen = false;
    bool headless = false;
    double idle_seconds = 0;
    double thanks_seconds = 0;
    double attract_seconds = 0;
    double manager_seconds = 0;
    std::string renderer = "auto";
    float mm_per_pixel = 0;
    int keep_days = static_cast<int>(options.keep.count());
    auto const seconds = number_from(0.1, 3600.0);

    app.add_option("--data", options.data, "Folder of this box; made if missing")->type_name("DIR");
    app.add_option("--check", options.check, "Say what is wrong with a survey, and end: 0 fine, 1 not")
        ->type_name("FILE");
    auto* const size_option
        = app.add_option("--size", size, "Window size in pixels (default 1280x800)")->type_name("WxH");
    auto* const full_option
        = app.add_flag("--fullscreen", full_screen, "The whole display; nothing on a keyboard ends it");
    size_option->excludes(full_option);
    app.add_option("--lang", options.language, "Language customers start with (default: the survey's first)")
        ->type_name("TAG");
    app.add_option("--survey", options.survey, "Questions to ask (default: the one that ships)")
        ->type_name("FILE");
    app.add_option("--touchpoint", options.touchpoint,
           "Where the box stands: exit, pickup, dining … (default: as the survey says)")
        ->check(CLI::Validator(check_touchpoint, "ID"));
    auto* const mm_option
        = app.add_option("--mm-per-pixel", mm_per_pixel, "Size of a pixel (default: the display's word)")
              ->check(number_from(0.02, 2.0));
    app.add_option("--keep-days", keep_days, "Days to keep responses that the hub has (default 400)")
        ->check(CLI::Range(1, static_cast<int>(max_keep_days.count())));
    app.add_option("--ui-map", options.ui_map, "Keep a JSON list of what can be touched in FILE")
        ->type_name("FILE");
    app.add_option("--screenshot", options.screenshot, "Keep a picture of the screen in FILE")
        ->type_name("FILE.png");
    app.add_flag("--headless", headless, "No display: the picture is only in memory");
    auto* const idle_option
        = app.add_option("--idle-seconds", idle_seconds,
                 "Without a touch until the warning, and again until the reset (default 20)")
              ->check(seconds);
    auto* const thanks_option
        = app.add_option("--thanks-seconds", thanks_seconds, "How long the thank-you stays (default 8)")
              ->check(seconds);
    auto* const attract_option = app.add_option("--attract-seconds", attract_seconds,
                                        "Without a customer, until the screen that invites (default 45)")
                                     ->check(seconds);
    auto* const manager_option = app.add_option("--manager-seconds", manager_seconds,
                                        "Without a touch, until the manager's view closes (default 60)")
                                     ->check(seconds);
    app.add_flag("--set-pin", options.sets_pin,
        "Set the manager's PIN, read from standard input, and end: 0 done, 1 not");
    app.add_option("--week-picture", options.week_picture,
           "Write the last seven days as one page to print, and end; - is standard output: 0 done, 1 not")
        ->type_name("FILE.png");
    app.add_option("--renderer", renderer, "auto, software or gpu")
        ->check(CLI::IsMember({"auto", "software", "gpu"}));
    app.add_option("--record", options.record, "Write every touch to FILE")->type_name("FILE");
    app.add_option("--replay", options.replay, "Play the touches of FILE, then go on")->type_name("FILE");
    app.add_flag("--exit-after-first-frame", options.exit_after_first_frame, "For measuring the start");

    try {
        app.parse(argc, argv);
        if (options.data.empty() && options.check.empty())
            throw CLI::RequiredError("--data (the folder of this box)");
        if (!size.empty())
            if (auto const fault = parse_size(size, options.window.size); !fault.empty())
                throw CLI::ValidationError("--size", fault);
    } catch (CLI::ParseError const& error) {
        std::ostringstream text;
        int const code = app.exit(error, text, text);
        return tl::unexpected(Farewell {code == 0 ? 0 : 2, text.str()});
    }

    if (headless)
        options.window.mode = WindowMode::Headless;
    else if (full_screen)
        options.window.mode = WindowMode::FullScreen;
    if (renderer != "auto")
        options.window.renderer = renderer == "gpu" ? RendererChoice::Gpu : RendererChoice::Software;
    options.keep = std::chrono::days(keep_days);
    if (*mm_option)
        options.millimetres_per_pixel = mm_per_pixel;
    if (*idle_option) {
        options.times.idle = options.times.warning = to_milliseconds(idle_seconds);
        options.times.typing = 3 * options.times.idle;
    }
    if (*attract_option)
        options.times.attract = to_milliseconds(attract_seconds);
    if (*manager_option)
        options.manager_times.idle = to_milliseconds(manager_seconds);
    if (*thanks_option)
        options.times.thanks = to_milliseconds(thanks_seconds);
    return options;
}

}

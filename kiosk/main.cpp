#include "kiosk/kiosk.h"
#include "kiosk/options.h"
#include "kiosk/set_pin.h"
#include "kiosk/survey_file.h"
#include "kiosk/week_picture.h"
#include "platform/base/log.h"
#include "platform/os/stop_signal.h"
#include "platform/os/system_clock.h"

#include <cstdio>

using namespace listenpost;

int main(int argc, char** argv)
{
    auto options = kiosk::parse_options(argc, argv);
    if (!options) {
        std::fputs(options.error().text.c_str(), options.error().exit_code == 0 ? stdout : stderr);
        return options.error().exit_code;
    }
    if (!options->check.empty()) {
        auto const report = kiosk::check_survey(options->check);
        std::fputs(report.text.c_str(), report.is_usable ? stdout : stderr);
        return report.is_usable ? 0 : 1;
    }
    SystemClock const clock;
    if (options->sets_pin)
        return kiosk::set_pin(options->data, clock);
    if (!options->week_picture.empty())
        return kiosk::print_week(*options, clock);
    StopSignal const stop; // before any thread starts
    auto kiosk = kiosk::Kiosk::create(std::move(*options), stop.descriptor(), clock);
    if (!kiosk) {
        log(LogLevel::Error, "cannot_start",
            {{"code", name(kiosk.error().code)}, {"detail", kiosk.error().detail}});
        return 1;
    }
    if (auto const ended = (*kiosk)->run(); !ended) {
        log(LogLevel::Error, "ended", {{"code", name(ended.error().code)}, {"detail", ended.error().detail}});
        return 1;
    }
    return 0;
}

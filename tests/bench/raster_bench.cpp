// What a redraw of the rating screen costs at 1280x800 without a GPU, beside SDL's own
// software renderer on the same draw lists.
//
//   raster_bench [ROUNDS]     JSON for scripts/bench: median CPU milliseconds
//
// A redraw is a whole frame: ImGui, the screen's own code, and the pixels; the baseline
// is the pixels alone. Rounds of all kinds alternate, so that a busy machine hits all.

#include "kiosk/ui/frame.h"
#include "kiosk/ui/gpu_renderer.h"
#include "kiosk/ui/screens.h"
#include "platform/os/asset_path.h"
#include "platform/os/files.h"
#include "platform/os/system_clock.h"
#include "platform/window/sdl_gpu_canvas.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

using namespace listenpost;
using namespace listenpost::kiosk;

namespace {

constexpr PixelSize size {1280, 800};

double cpu_milliseconds()
{
    timespec now {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <typename T>
T must(Result<T> result, char const* what)
{
    if (!result) {
        std::fprintf(stderr, "raster_bench: %s: %s\n", what, result.error().detail.c_str());
        std::exit(1);
    }
    return std::move(*result);
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

template <typename Work>
void measure(std::vector<double>& times, Work&& work)
{
    double const begun = cpu_milliseconds();
    work();
    times.push_back(cpu_milliseconds() - begun);
}

void print_row(char const* name, double value, double baseline, char const* end)
{
    std::printf("\"%s\":{\"value\":%.3f,\"baseline\":%.3f}%s", name, value, baseline, end);
}

}

int main(int argc, char** argv)
{
    int const rounds = argc > 1 ? std::atoi(argv[1]) : 101;
    auto const share = asset_folder();
    auto const survey = must(
        parse_survey(must(read_file(share / "surveys/qsc-restaurant.json", 1 << 20), "survey")), "survey");
    auto const strings = must(Strings::load(share / "strings"), "strings");
    SystemClock const clock;
    auto window = must(
        Window::create({.title = "bench", .size = size, .mode = WindowMode::Headless}, clock), "window");
    auto frame = must(Frame::create(*window, share / "fonts"), "font");
    Screens screens(survey, strings, frame->fonts());
    View view;
    view.language = survey.languages.front();
    view.unrated = static_cast<int>(survey.questions.size());
    view.phrases_chosen.assign(survey.phrases.size(), false);

    auto const draw = [&](TouchFrame finger) {
        frame->begin(finger, clock.steady_now());
        screens.draw(view, size.width, size.height, clock.steady_now());
        return frame->end();
    };
    double const begun = cpu_milliseconds();
    draw({});
    double const first = cpu_milliseconds() - begun;
    std::string const button = "rate." + survey.questions.front().id + ".3";
    auto const* const face = screens.map().find(button);
    if (face == nullptr) {
        std::fprintf(stderr, "raster_bench: no %s on the screen\n", button.c_str());
        return 1;
    }
    auto const at = face->box.centre();
    TouchFrame const pressed {true, true, static_cast<float>(at.x), static_cast<float>(at.y)};

    auto canvas = must(create_software_canvas(size), "SDL");
    GpuRenderer sdl(frame->fonts().slab(), *canvas);
    Picture picture(size.width, size.height);
    std::vector<double> full;
    std::vector<double> pixels;
    std::vector<double> changed;
    std::vector<double> same;
    std::vector<double> baseline;
    for (int round = 0; round < rounds; ++round) {
        measure(changed, [&] { draw(pressed); });
        draw({}); // the finger lifts, and then is away
        draw({});
        measure(same, [&] { draw({}); });
        measure(
            pixels, [&] { Raster::draw_all(*ImGui::GetDrawData(), frame->fonts().slab(), picture.span()); });
        measure(full, [&] {
            draw({});
            Raster::draw_all(*ImGui::GetDrawData(), frame->fonts().slab(), picture.span());
        });
        if (round % 10 == 0) {
            measure(baseline, [&] {
                sdl.invalidate();
                sdl.draw(*ImGui::GetDrawData(), size);
                std::ignore = canvas->read_back(); // SDL draws when it must
            });
        }
    }
    std::printf("{");
    print_row("redraw_full_cpu_ms", median(full), median(baseline), ",");
    print_row("redraw_button_cpu_ms", median(changed), median(baseline), ",");
    print_row("redraw_pixels_cpu_ms", median(pixels), median(baseline), ",");
    print_row("redraw_same_cpu_ms", median(same), median(baseline), ",");
    print_row("first_draw_with_glyphs_cpu_ms", first, median(baseline), "}\n");
    return 0;
}

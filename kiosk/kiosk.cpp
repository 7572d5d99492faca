#include "kiosk/kiosk.h"

#include "kiosk/kiosk_impl.h"
#include "kiosk/survey_file.h"
#include "platform/base/log.h"
#include "platform/os/asset_path.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

std::filesystem::path survey_file(Options const& options)
{
    return options.survey.empty() ? asset_folder() / "surveys/qsc-restaurant.json" : options.survey;
}

std::vector<listenpost::VocabularyWord> words_of(Survey const& survey)
{
    std::vector<listenpost::VocabularyWord> words;
    for (auto const& [word, pinyin] : survey.vocabulary)
        words.push_back({word, pinyin});
    return words;
}

}

Kiosk::Impl::Impl(Options given, Clock const& machine_clock, Survey loaded, Strings texts)
    : options(std::move(given))
    , clock(machine_clock)
    , survey(std::move(loaded))
    , strings(std::move(texts))
    , pinyin(jobs, {.vocabulary = words_of(survey), .on_change = [this] { wake_screen(); }})
    , traditional(jobs, {.on_change = [this] { wake_screen(); }})
    , flow(survey, options.touchpoint.empty() ? survey.touchpoint : options.touchpoint,
          {pinyin, &traditional}, machine_clock.steady_now(), options.times)
    , manager(survey, {pinyin, &traditional}, options.manager_times)
    , pin_desk(options.data, machine_clock, [this] { wake_screen(); })
    , delivery_desk(options.data, machine_clock, [this] { wake_screen(); })
    , announcer(survey, strings)
{
}

Kiosk::Kiosk(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl))
{
}

Kiosk::~Kiosk() = default;

Result<std::unique_ptr<Kiosk>> Kiosk::create(Options options, int stop_descriptor, Clock const& clock)
{
    // Two kiosks on a folder are a mistake to be told at once. Whatever else is wrong with it may pass, and
    // the customers are told meanwhile.
    std::optional<FileLock> lock;
    if (make_private_folder(options.data)) {
        auto acquired = FileLock::try_acquire(options.data / "kiosk.lock");
        if (acquired)
            lock.emplace(std::move(*acquired));
        else if (acquired.error().code == Errc::Busy)
            return fail(acquired.error());
    }
    auto survey = load_survey(survey_file(options), options.language);
    if (!survey)
        return fail(survey.error());
    auto strings = Strings::load(asset_folder() / "strings");
    if (!strings)
        return fail(strings.error());

    auto impl = std::make_unique<Impl>(std::move(options), clock, std::move(*survey), std::move(*strings));
    impl->lock = std::move(lock);
    impl->options.window.stop_descriptor = stop_descriptor;
    auto window = Window::create(impl->options.window, clock);
    if (!window)
        return fail(window.error());
    impl->window = std::move(*window);
    impl->millimetres_per_pixel = impl->options.millimetres_per_pixel ? impl->options.millimetres_per_pixel
                                                                      : impl->window->millimetres_per_pixel();
    auto frame = Frame::create(*impl->window, asset_folder() / "fonts");
    if (!frame)
        return fail(frame.error());
    impl->frame = std::move(*frame);
    impl->screens = std::make_unique<Screens>(impl->survey, impl->strings, impl->frame->fonts());
    impl->manager_screens
        = std::make_unique<ManagerScreens>(impl->survey, impl->strings, impl->frame->fonts());
    if (std::string const& logo = impl->survey.branding.logo; !logo.empty())
        if (auto const picture = load_picture(logo)) {
            impl->screens->set_logo(*picture);
            impl->manager_screens->set_logo(*picture);
        }

    if (!impl->options.record.empty()) {
        auto recorder = Recorder::create(impl->options.record, clock.steady_now());
        if (!recorder)
            return fail(recorder.error());
        impl->recorder.emplace(std::move(*recorder));
    }
    if (!impl->options.replay.empty()) {
        auto replay = Replay::open(impl->options.replay, clock.steady_now());
        if (!replay)
            return fail(replay.error());
        impl->replay.emplace(std::move(*replay));
    }
    return std::unique_ptr<Kiosk>(new Kiosk(std::move(impl)));
}

Result<> Kiosk::run()
{
    Impl& self = *impl_;
    self.read_store_profile();
    self.look_at_clock();
    self.draw();
    self.publish();
    if (!self.is_done())
        self.open_store();
    while (!self.is_done()) {
        WindowEvents events = self.window->wait(self.time_to_sleep());
        if (events.stop || events.close)
            break;
        if (self.replay)
            std::ranges::move(
                self.replay->take_due(self.clock.steady_now()), std::back_inserter(events.pointers));
        self.take_touches(events.pointers);
        self.take_keys(events.keys);
        self.take_store_news();
        self.take_typing_news();
        self.take_pin_answers();
        self.take_figures();
        self.look_at_clock();
        self.look_at_day();
        if (auto const tick = self.flow.next_tick(); tick && self.clock.steady_now() >= *tick)
            self.handle(event::Tick {});
        if (auto const tick = self.manager.next_tick(); tick && self.clock.steady_now() >= *tick)
            self.handle(ManagerEvent {manager_event::Tick {}});
        self.draw();
        self.publish();
    }
    if (self.picture_fault && self.is_only_for_a_picture())
        return fail(*self.picture_fault);
    return {};
}

}

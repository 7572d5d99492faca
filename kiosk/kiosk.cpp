#include "kiosk/kiosk.h"

#include "kiosk/flow/flow.h"
#include "kiosk/input/recording.h"
#include "kiosk/input/touch_input.h"
#include "kiosk/model/store_profile.h"
#include "kiosk/store/store_thread.h"
#include "kiosk/ui/frame.h"
#include "kiosk/ui/screens.h"
#include "platform/base/log.h"
#include "platform/os/asset_path.h"
#include "platform/os/files.h"

#include <algorithm>
#include <set>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t max_survey_bytes = 1024 * 1024;
constexpr std::size_t max_profile_bytes = 64 * 1024;

/// Between the frames of a movement: 60 a second.
constexpr std::chrono::milliseconds frame_interval {16};

Result<Survey> load_survey(Options const& options)
{
    std::filesystem::path const file
        = options.survey.empty() ? asset_folder() / "surveys/qsc-restaurant.json" : options.survey;
    auto const text = read_file(file, max_survey_bytes);
    if (!text)
        return fail(text.error());
    auto survey = parse_survey(*text);
    if (!survey)
        return fail(Errc::Invalid, file.string() + ": " + survey.error().detail);
    if (options.language.empty())
        return survey;
    auto const chosen = std::ranges::find(survey->languages, options.language);
    if (chosen == survey->languages.end())
        return fail(Errc::Invalid, file.string() + " has no language " + options.language);
    // The first language is the one every customer starts with.
    std::rotate(survey->languages.begin(), chosen, chosen + 1);
    return survey;
}

/// The earlier of two moments, either of which may never come.
std::optional<SteadyTime> earlier(std::optional<SteadyTime> left, std::optional<SteadyTime> right)
{
    return left && right ? std::min(*left, *right) : left ? left : right;
}

}

struct Kiosk::Impl {
    Impl(Options given, Clock const& machine_clock, FileLock data_lock, Survey loaded, Strings texts)
        : options(std::move(given))
        , clock(machine_clock)
        , lock(std::move(data_lock))
        , survey(std::move(loaded))
        , strings(std::move(texts))
        , flow(survey, options.touchpoint, options.times)
    {
    }

    void read_store_profile();
    void handle(Event const& event);
    void take_touches(std::vector<PointerEvent> const& pointers);
    void take_store_news();
    void draw();
    void publish();
    std::optional<std::chrono::milliseconds> time_to_sleep() const;
    bool is_only_for_a_picture() const;
    bool is_done() const;

    Options options;
    Clock const& clock;
    FileLock lock; ///< one kiosk a data folder: one writer of store.db
    Survey const survey;
    Strings const strings;
    Flow flow;
    TouchInput touch;
    std::optional<Recorder> recorder;
    std::optional<Replay> replay;
    std::unique_ptr<Window> window;
    std::unique_ptr<Frame> frame;
    std::unique_ptr<Screens> screens;
    std::unique_ptr<StoreThread> store; ///< after the window, which it wakes
    std::optional<SteadyTime> next_frame; ///< an animation is under way
    std::optional<float> millimetres_per_pixel;
    std::set<std::string> told_cuts; ///< each is told once
    std::string published_map;
    bool picture_changed = false;
    std::optional<Error> picture_fault; ///< why the last picture could not be written
    bool store_failing = false;
    std::uint64_t stored_revision = 0;
};

Kiosk::Kiosk(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl))
{
}

Kiosk::~Kiosk() = default;

Result<std::unique_ptr<Kiosk>> Kiosk::create(Options options, int stop_descriptor, Clock const& clock)
{
    LISTENPOST_TRY(make_private_folder(options.data));
    auto lock = FileLock::try_acquire(options.data / "kiosk.lock");
    if (!lock)
        return fail(lock.error());
    auto survey = load_survey(options);
    if (!survey)
        return fail(survey.error());
    auto strings = Strings::load(asset_folder() / "strings");
    if (!strings)
        return fail(strings.error());

    auto impl = std::make_unique<Impl>(
        std::move(options), clock, std::move(*lock), std::move(*survey), std::move(*strings));
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

    auto store = ResponseStore::open(impl->options.data / "store.db");
    if (!store)
        return fail(store.error());
    log(LogLevel::Info, "started", {{"install", store->install_id()}, {"survey", impl->survey.id}});
    impl->store = std::make_unique<StoreThread>(
        std::move(*store), [window_pointer = impl->window.get()] { window_pointer->wake(); });

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
    self.draw();
    self.publish();
    while (!self.is_done()) {
        WindowEvents events = self.window->wait(self.time_to_sleep());
        if (events.stop || events.close)
            break;
        if (self.replay)
            std::ranges::move(
                self.replay->take_due(self.clock.steady_now()), std::back_inserter(events.pointers));
        self.take_touches(events.pointers);
        self.take_store_news();
        if (auto const tick = self.flow.next_tick(); tick && self.clock.steady_now() >= *tick)
            self.handle(event::Tick {});
        self.draw();
        self.publish();
    }
    if (self.picture_fault && self.is_only_for_a_picture())
        return fail(*self.picture_fault);
    return {};
}

/// The agent may bring the profile at any time: it is looked for whenever the
/// screen is a new customer's.
void Kiosk::Impl::read_store_profile()
{
    auto const text = read_file(options.data / "inbox/store.json", max_profile_bytes);
    if (!text)
        return; // not enrolled: the screen shows the brand alone
    auto read = parse_store_profile(*text);
    if (!read) {
        log(LogLevel::Warn, "store_profile_refused", {{"detail", read.error().detail}});
        return;
    }
    screens->set_place(std::move(read->name));
}

void Kiosk::Impl::handle(Event const& event)
{
    bool const was_empty = flow.view().draft.answers.empty();
    for (auto& write : flow.handle(event, Stamp::now(clock)))
        store->submit(std::move(write));
    if (!was_empty && flow.view().draft.answers.empty())
        read_store_profile();
}

void Kiosk::Impl::take_touches(std::vector<PointerEvent> const& pointers)
{
    if (pointers.empty())
        return;
    if (recorder)
        if (auto const written = recorder->write(pointers); !written) {
            log(LogLevel::Error, "recording_ended", {{"detail", written.error().detail}});
            recorder.reset();
        }
    bool const is_touch = std::ranges::any_of(
        pointers, [](PointerEvent const& each) { return each.phase == PointerPhase::Down; });
    if (is_touch)
        handle(event::Touched {});
    touch.feed(pointers);
}

void Kiosk::Impl::take_store_news()
{
    StoreNews const news = store->news();
    if (std::exchange(stored_revision, news.stored_revision) != news.stored_revision)
        handle(event::Stored {news.stored_revision});
    if (std::exchange(store_failing, news.failing) != news.failing && news.failing)
        handle(event::StoreFailed {});
}

/// Frames until every touch was seen and the picture shows what came of it.
void Kiosk::Impl::draw()
{
    bool again = true;
    while (again) {
        SteadyTime const now = clock.steady_now();
        frame->begin(touch.next_frame(), now);
        PixelSize const size = window->size();
        Screens::Drawn const drawn = screens->draw(flow.view(), size.width, size.height, now);
        picture_changed |= frame->end() == Presented::Changed;
        for (auto const& text : drawn.cut_texts)
            if (told_cuts.insert(text).second)
                log(LogLevel::Warn, "text_cut",
                    {{"text", text}, {"advice", "the survey wants a shorter one"}});
        Screen const before = flow.view().screen;
        for (auto const& event : drawn.events)
            handle(event);
        if (flow.view().screen != before)
            touch.cancel();
        again = touch.has_more() || !drawn.events.empty();
        next_frame.reset();
        if (drawn.moving_until)
            next_frame = std::min(now + frame_interval, *drawn.moving_until);
    }
}

/// For tests and assistive tools: the map and the picture, whenever they changed.
void Kiosk::Impl::publish()
{
    if (!options.ui_map.empty()) {
        std::string text = screens->map().json(millimetres_per_pixel);
        if (text != published_map) {
            if (auto const written
                = write_file_atomically(options.ui_map, text, FileAccess::OwnerOnly, Durability::Volatile);
                written)
                published_map = std::move(text);
            else
                log(LogLevel::Error, "ui_map_failed", {{"detail", written.error().detail}});
        }
    }
    if (!options.screenshot.empty() && std::exchange(picture_changed, false)) {
        picture_fault.reset();
        if (auto const written = frame->screenshot(options.screenshot); !written) {
            log(LogLevel::Error, "screenshot_failed", {{"detail", written.error().detail}});
            picture_fault = written.error();
        }
    }
}

std::optional<std::chrono::milliseconds> Kiosk::Impl::time_to_sleep() const
{
    auto moment = earlier(flow.next_tick(), next_frame);
    if (replay)
        moment = earlier(moment, replay->next_due());
    if (!moment)
        return std::nullopt;
    return std::max(std::chrono::milliseconds(0), *moment - clock.steady_now());
}

bool Kiosk::Impl::is_only_for_a_picture() const
{
    return options.window.mode == WindowMode::Headless && !options.screenshot.empty();
}

/// Only a run for a picture or for measuring ends by itself: without a display
/// nobody can touch the screen any more once the replay is over.
bool Kiosk::Impl::is_done() const
{
    if (options.exit_after_first_frame)
        return true;
    bool const replay_over = !replay || !replay->next_due();
    return is_only_for_a_picture() && replay_over && !next_frame && !flow.view().saving;
}

}

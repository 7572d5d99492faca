#include "kiosk/kiosk_impl.h"
#include "kiosk/model/store_profile.h"
#include "kiosk/store/store_opener.h"
#include "platform/base/log.h"
#include "platform/os/local_time.h"
#include "platform/os/time_zone.h"

#include <algorithm>
#include <utility>

namespace listenpost::kiosk {
namespace {

constexpr std::size_t max_profile_bytes = 64 * 1024;

/// Between the frames of a movement: 60 a second.
constexpr std::chrono::milliseconds frame_interval {16};

/// The earlier of two moments, either of which may never come.
std::optional<SteadyTime> earlier(std::optional<SteadyTime> left, std::optional<SteadyTime> right)
{
    return left && right ? std::min(*left, *right) : left ? left : right;
}

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
    take_zone(std::move(read->timezone));
    store_id = std::move(read->id);
    screens->set_place(read->name);
    manager_screens->set_place(std::move(read->name));
}

/// The profile may name a zone that this machine's tables do not have yet.
void Kiosk::Impl::take_zone(std::string zone)
{
    bool const is_known = TimeZone::find(zone).has_value();
    timezone = is_known ? zone : TimeZone::find("") ? "" : "Etc/UTC"; // a machine may have none of its own
    if (std::exchange(unknown_zone, is_known ? "" : zone) != zone && !is_known)
        log(LogLevel::Warn, "time_zone_unknown", {{"zone", zone}, {"instead", timezone}});
}

/// Low ratings grow old, and the dot for them goes out. No turn is made for it: an idle screen has one a
/// minute.
void Kiosk::Impl::look_at_day()
{
    auto const today = std::chrono::floor<std::chrono::days>(clock.wall_now());
    if (std::exchange(marks_day, today) != today && summary)
        summary->look_at_marks();
}

/// Whether the shop is open. Who has no time that can be trusted takes it for open.
void Kiosk::Impl::look_at_clock()
{
    if (survey.hours.spans.empty())
        return;
    auto const minute = clock.wall_is_set() ? minute_of_week(clock.wall_now(), timezone) : std::nullopt;
    bool const is_open = !minute || survey.hours.is_open(*minute);
    if (is_open != flow.view().shop_is_open)
        handle(event::OpeningChanged {is_open});
}

/// From the thread that loads: before there is a window nobody has opened a keyboard.
void Kiosk::Impl::wake_screen()
{
    if (window)
        window->wake();
}

void Kiosk::Impl::take_typing_news()
{
    int const loaded = (pinyin.is_ready() ? 1 : 0) + (traditional.is_ready() ? 1 : 0);
    if (std::exchange(typing_loaded, loaded) == loaded)
        return;
    handle(event::PinyinReady {});
    handle(ManagerEvent {manager_event::PinyinReady {}});
}

/// An arrow keypad, or a keyboard that somebody brought: it can do what a finger can.
void Kiosk::Impl::take_keys(std::vector<KeyPress> const& keys)
{
    for (auto const& press : keys) {
        if (manager.view().is_open()) {
            take_manager_key(press);
            continue;
        }
        watch_gesture(press);
        if (manager.view().is_open())
            continue;
        Screen const before = flow.view().screen;
        handle(event::Touched {});
        if (flow.view().screen != before)
            continue; // it woke the screen, and was not meant for what is on it now
        if (press.key == listenpost::Key::Back)
            handle(event::WentBack {});
        else
            screens->press_key(press.key);
        announcer.key_pressed();
        draw();
    }
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
    bool const is_manager = manager.view().is_open();
    if (recorder && !is_manager) // a PIN is nothing to be played back
        if (auto const written = recorder->write(pointers); !written) {
            log(LogLevel::Error, "recording_ended", {{"detail", written.error().detail}});
            recorder.reset();
        }
    bool const is_touch = std::ranges::any_of(
        pointers, [](PointerEvent const& each) { return each.phase == PointerPhase::Down; });
    if (is_manager) {
        if (is_touch) {
            manager_screens->hide_focus();
            handle(ManagerEvent {manager_event::Touched {}});
        }
        touch.feed(pointers);
        if (!manager.view().is_open())
            touch.cancel(); // its minute was over: the finger was not aimed at the customers' screen
        return;
    }
    Screen const before = flow.view().screen;
    if (is_touch) {
        screens->hide_focus();
        handle(event::Touched {});
    }
    touch.feed(pointers);
    if (flow.view().screen != before)
        touch.cancel(); // the finger woke the screen, and was not aimed at what is on it now
    watch_gesture(pointers);
}

/// After the first frame: the check of a whole file takes longer than a customer should look at
/// a black screen. Taps are shown at once, and wait for the store; only thanks wait with them.
void Kiosk::Impl::open_store()
{
    auto opener = std::make_shared<StoreOpener>(options.data, std::exchange(lock, std::nullopt), clock);
    auto open = [opener, id = survey.id] {
        auto opened = opener->open();
        if (opened)
            log(LogLevel::Info, "store_open", {{"install", opened->install_id()}, {"survey", id}});
        return opened;
    };
    store = std::make_unique<StoreThread>(
        std::move(open), [this] { wake_screen(); }, Housekeeper(options.data, options.keep, clock));
    summary = std::make_unique<SummaryThread>(options.data, clock,
        LowRatings {.questions = five_face_questions(survey), .survey = survey.id},
        [this] { wake_screen(); });
}

void Kiosk::Impl::take_store_news()
{
    StoreNews const news = store->news();
    store_has_answered = store_has_answered || news.is_open || news.failing;
    bool const was_failing = std::exchange(store_failing, news.failing);
    bool const is_healed = was_failing && !news.failing;
    if (std::exchange(stored_revision, news.stored_revision) != news.stored_revision || is_healed)
        handle(event::Stored {news.stored_revision});
    if (news.failing && !was_failing)
        handle(event::StoreFailed {});
    for (; closed_responses < news.closed; ++closed_responses)
        summary->response_closed();
    take_mark_news(news);
}

/// Frames until every touch was seen and the picture shows what came of it.
void Kiosk::Impl::draw()
{
    bool again = true;
    while (again) {
        SteadyTime const now = clock.steady_now();
        frame->begin(touch.next_frame(), now);
        bool const was_touched = manager.view().is_open() ? draw_manager(now) : draw_customer(now);
        again = touch.has_more() || was_touched;
    }
    if (!manager.view().is_open())
        announcer.tell(flow.view(), screens->map(), screens->focus());
}

/// One frame. Whether something was touched.
bool Kiosk::Impl::draw_customer(SteadyTime now)
{
    PixelSize const size = window->size();
    Screens::Drawn const drawn = screens->draw(flow.view(), size.width, size.height, now);
    picture_changed |= frame->end() == Presented::Changed;
    tell_cuts(drawn.cut_texts);
    Screen const before = flow.view().screen;
    for (auto const& event : drawn.events)
        handle(event);
    if (flow.view().screen != before)
        touch.cancel();
    next_frame.reset();
    if (drawn.moving_until)
        next_frame = std::min(now + frame_interval, *drawn.moving_until);
    return !drawn.events.empty();
}

void Kiosk::Impl::tell_cuts(std::vector<std::string> const& texts)
{
    for (auto const& text : texts)
        if (told_cuts.insert(text).second)
            log(LogLevel::Warn, "text_cut", {{"text", text}, {"advice", "the survey wants a shorter one"}});
}

/// For tests and assistive tools: the map and the picture, whenever they changed.
void Kiosk::Impl::publish()
{
    if (!options.ui_map.empty()) {
        std::string text = map().json(millimetres_per_pixel);
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
    auto moment = earlier(earlier(flow.next_tick(), manager.next_tick()), next_frame);
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
    return is_only_for_a_picture() && store_has_answered && replay_over && !next_frame && !flow.view().saving;
}

}

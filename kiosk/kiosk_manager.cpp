#include "kiosk/kiosk_impl.h"
#include "platform/base/log.h"
#include "platform/base/wipe.h"
#include "platform/os/program_output.h"
#include "platform/os/time_zone.h"

#include <algorithm>
#include <iterator>
#include <utility>

/// The kiosk's turn for the manager's part: which of the two is on, and what comes of it.
namespace listenpost::kiosk {
namespace {

constexpr std::size_t largest_week = 16UL * 1024 * 1024; ///< a page is 0.6 MB
constexpr std::chrono::seconds week_patience {60}; ///< it takes 0.3 s, and on a busy box a few

TableWords table_words(Strings const& strings, std::string_view language)
{
    auto const say = [&](Text text) { return std::string(strings.get(language, text)); };
    return {.time = say(Text::TableTime),
        .place = say(Text::TablePlace),
        .language = say(Text::TableLanguage),
        .outcome = say(Text::TableOutcome),
        .complete = say(Text::TableComplete),
        .partial = say(Text::TablePartial),
        .reasons = say(Text::TableReasons),
        .other_answers = say(Text::TableOther),
        .comment = say(Text::TableComment),
        .flags = say(Text::TableFlags),
        .handled = say(Text::TableHandled),
        .seen = say(Text::TableSeen),
        .dealt_with = say(Text::TableDealtWith),
        .handled_by = say(Text::TableHandledBy),
        .note = say(Text::TableNote),
        .handled_at = say(Text::TableHandledAt),
        .install = say(Text::TableInstall),
        .number = say(Text::TableNumber)};
}

/// The same days as the figures': from the day change on which the first of them begins.
WallTime first_moment_of(SummaryQuery const& query)
{
    auto zone = TimeZone::find(query.zone);
    if (!zone)
        return query.now - std::chrono::days(days_of(query.period));
    auto const change = std::chrono::hours(query.day_change_hour);
    StoreDay const today = std::chrono::floor<std::chrono::days>(zone->to_local(query.now) - change);
    return zone->to_utc(today - std::chrono::days(days_of(query.period) - 1) + change);
}

Corner corner_of(Rect const& box) { return {box.x, box.y, box.w, box.h}; }

}

UiMap const& Kiosk::Impl::map() const
{
    return manager.view().is_open() ? manager_screens->map() : screens->map();
}

/// The way in is there only where the last picture said so: nobody's response is open.
void Kiosk::Impl::watch_gesture(std::vector<PointerEvent> const& pointers)
{
    Widget const* const rest = screens->map().find_hidden("manager.open");
    Widget const* const tap = screens->map().find_hidden("manager.open.opposite");
    if (!rest || !tap)
        return gesture.reset();
    if (gesture.feed(pointers, corner_of(rest->box), corner_of(tap->box)))
        open_manager();
}

void Kiosk::Impl::watch_gesture(KeyPress const& press)
{
    if (!nobody_has_begun(flow.view()))
        return gesture.reset();
    if (gesture.feed(press))
        open_manager();
}

void Kiosk::Impl::open_manager()
{
    if (!nobody_has_begun(flow.view()))
        return;
    gesture.reset();
    touch.cancel();
    screens->hide_focus();
    View const& chosen = flow.view();
    ManagerAids const aids {chosen.high_contrast, chosen.large_text};
    handle(event::StaffCame {});
    handle(ManagerEvent {manager_event::Opened {aids}});
}

void Kiosk::Impl::handle(ManagerEvent const& event)
{
    ManagerScreen const before = manager.view().screen;
    for (auto& request : manager.handle(event, clock.steady_now()))
        std::visit([this](auto& each) { perform(each); }, request);
    if (manager.view().screen != before)
        touch.cancel(); // the finger was not aimed at what is on the screen now
    if (manager.view().is_open())
        return;
    manager_screens->hide_focus();
    forget_figures();
}

/// Nothing of it outlives the visit, neither here nor with those who read it.
void Kiosk::Impl::forget_figures()
{
    figures = {};
    delivery_desk.forget();
    if (summary)
        summary->forget();
    asked_figures.reset();
    asked_responses.reset();
    awaited_marks.clear(); // they are written nevertheless
    if (exports && !exports->is_running())
        exports.reset(); // what is being written is written to its end
}

void Kiosk::Impl::perform(manager_request::LookAtPin&) { pin_desk.look(); }

void Kiosk::Impl::perform(manager_request::JudgePin& request)
{
    pin_desk.judge(request.pin);
    wipe(request.pin);
}

SummaryQuery Kiosk::Impl::query_of(Period period) const
{
    SummaryQuery query;
    query.period = period;
    query.now = clock.wall_now();
    query.zone = timezone;
    query.survey
        = std::shared_ptr<Survey const>(std::shared_ptr<void>(), &survey); // borrowed: it outlives the thread
    return query;
}

void Kiosk::Impl::perform(manager_request::AskFigures& request)
{
    if (!summary)
        return;
    auto const number = summary->ask(query_of(request.period));
    // The last figures stay until these are there, so that nothing flickers; those of a visit before do not.
    asked_figures = asked_figures.value_or(number);
}

ExportOrder Kiosk::Impl::export_of(manager_request::Export const& request) const
{
    std::string const& language = manager.view().language;
    Stamp const now = Stamp::now(clock);
    auto const minute = std::chrono::minutes(1); // the tap that was a moment ago belongs to it
    // A process of its own: what it takes of memory it gives back, and whatever becomes of it, this one goes
    // on.
    ProgramRun draw {
        .command = {"/proc/self/exe", "--data", options.data, "--lang", language, "--week-picture", "-"},
        .max_bytes = largest_week,
        .patience = week_patience};
    if (!options.survey.empty())
        draw.command.insert(draw.command.end(), {"--survey", options.survey});
    return {.request = {.from = first_moment_of(query_of(request.period)),
                .to = now.wall + minute,
                .zone = timezone,
                .store_id = store_id,
                .survey = query_of(request.period).survey,
                .language = language,
                .words = table_words(strings, language),
                .now = now},
        .drive = request.drive,
        .draw_week =
            [draw](std::function<bool()> const& is_cancelled) {
                ProgramRun run = draw;
                run.is_cancelled = is_cancelled;
                return program_output(run);
            },
        .week_from = first_moment_of(query_of(Period::SevenDays))};
}

void Kiosk::Impl::perform(manager_request::Export& request)
{
    if (!exports)
        exports = std::make_unique<ExportThread>(options.data / "store.db", [this] { wake_screen(); });
    exports->start(export_of(request));
    take_export_news();
}

void Kiosk::Impl::perform(manager_request::ForgetExport&)
{
    if (exports)
        exports->forget();
    take_export_news();
}

void Kiosk::Impl::perform(manager_request::AskDelivery&) { delivery_desk.look(); }

void Kiosk::Impl::perform(manager_request::AskResponses& request)
{
    if (!summary)
        return;
    asked_responses = summary->ask(list_query(request.list, query_of(request.period)));
}

void Kiosk::Impl::take_export_news()
{
    figures.is_exporting = exports && exports->is_running();
    figures.export_progress = exports ? exports->progress() : ExportProgress {};
    figures.exported = exports ? exports->result() : std::nullopt;
}

void Kiosk::Impl::perform(manager_request::Keep& request)
{
    auto const number = store->submit(std::move(request.event), Stamp::now(clock));
    if (number)
        awaited_marks.push_back({*number, request.number});
    else // what the screen gives out is always fit to keep
        log(LogLevel::Error, "mark_refused", {{"detail", number.error().detail}});
}

/// Which of what the manager marked the store has.
void Kiosk::Impl::take_mark_news(StoreNews const& news)
{
    if (std::exchange(stored_events, news.stored_events) != news.stored_events)
        summary->look_at_marks();
    auto const awaited = std::exchange(awaited_marks, {});
    std::ranges::copy_if(awaited, std::back_inserter(awaited_marks),
        [&](AwaitedMark const& each) { return each.event > news.stored_events; });
    for (auto const& each : awaited) {
        if (each.event <= news.stored_events)
            handle(ManagerEvent {manager_event::MarkKept {each.mark}});
        else if (news.failing)
            handle(ManagerEvent {manager_event::MarkFails {each.mark}});
    }
}

void Kiosk::Impl::take_figures()
{
    if (summary)
        screens->set_staff_dot(summary->news().has_unmarked_low_rating);
    if (!manager.view().is_open() || !summary)
        return forget_figures(); // also what was read since it closed
    figures.delivery = delivery_desk.figures();
    figures.now = clock.wall_now(); // after it: nothing that was read is younger
    take_export_news();
    SummaryNews const news = summary->news();
    figures.is_catching_up = news.is_catching_up;
    figures.counted = news.counted_up_to;
    figures.of = news.of;
    figures.is_failing = news.failing;
    auto const answer = summary->summary();
    figures.summary = asked_figures && answer.number >= *asked_figures ? answer.value : nullptr;
    auto const page = summary->responses();
    figures.responses = asked_responses && page.number >= *asked_responses ? page.value : nullptr;
}

void Kiosk::Impl::take_pin_answers()
{
    for (auto const& answer : pin_desk.take()) {
        if (auto const* const state = std::get_if<PinState>(&answer))
            handle(ManagerEvent {manager_event::PinLooked {*state}});
        else if (auto const* const judgement = std::get_if<PinJudgement>(&answer))
            handle(ManagerEvent {manager_event::PinJudged {*judgement}});
        else
            handle(ManagerEvent {manager_event::PinFailed {}});
    }
}

void Kiosk::Impl::take_manager_key(KeyPress const& press)
{
    handle(ManagerEvent {manager_event::Touched {}});
    if (!manager.view().is_open())
        return draw(); // its minute was over: nobody knows what is on the screen now
    bool const is_choosing = figures.exported && figures.exported->outcome == ExportOutcome::ChooseDrive
        && manager.view().screen == ManagerScreen::Delivery && !manager.view().is_choosing_aids;
    if (press.key == listenpost::Key::Back && is_choosing)
        handle(ManagerEvent {manager_event::ExportDismissed {}});
    else if (press.key == listenpost::Key::Back)
        handle(ManagerEvent {manager_event::WentBack {}});
    else
        manager_screens->press_key(press.key);
    draw();
}

/// One frame. Whether something was touched. Which texts were cut is told to nobody: among them are figures,
/// and what guests said.
bool Kiosk::Impl::draw_manager(SteadyTime now)
{
    PixelSize const size = window->size();
    auto const drawn = manager_screens->draw(manager.view(), figures, size.width, size.height, now);
    picture_changed |= frame->end() == Presented::Changed;
    for (auto const& event : drawn.events)
        handle(event);
    return !drawn.events.empty();
}

}

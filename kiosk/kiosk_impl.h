#pragma once

#include "kiosk/announcer.h"
#include "kiosk/delivery_desk.h"
#include "kiosk/export/export_thread.h"
#include "kiosk/flow/flow.h"
#include "kiosk/flow/manager_flow.h"
#include "kiosk/input/manager_gesture.h"
#include "kiosk/input/recording.h"
#include "kiosk/input/touch_input.h"
#include "kiosk/kiosk.h"
#include "kiosk/manager/pin_desk.h"
#include "kiosk/store/store_thread.h"
#include "kiosk/summary/summary_thread.h"
#include "kiosk/ui/frame.h"
#include "kiosk/ui/manager_screens.h"
#include "kiosk/ui/screens.h"
#include "platform/ime/pinyin_input.h"
#include "platform/ime/traditional_hanzi.h"
#include "platform/os/files.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace listenpost::kiosk {

/// The parts, and one turn of the loop: what came in, the flow's answer, the picture.
/// Private to kiosk.cpp (which puts them together), kiosk_turn.cpp (which runs them) and kiosk_manager.cpp
/// (the same for the manager's part).
struct Kiosk::Impl {
    Impl(Options given, Clock const& machine_clock, Survey loaded, Strings texts);

    void wake_screen();
    void read_store_profile();
    void take_zone(std::string zone);
    void look_at_clock();
    void look_at_day();
    void take_typing_news();
    void take_keys(std::vector<KeyPress> const& keys);
    void handle(Event const& event);
    void take_touches(std::vector<PointerEvent> const& pointers);
    void open_store();
    void take_store_news();
    void draw();
    bool draw_customer(SteadyTime now);
    void tell_cuts(std::vector<std::string> const& texts);
    void publish();
    std::optional<std::chrono::milliseconds> time_to_sleep() const;
    bool is_only_for_a_picture() const;
    bool is_done() const;

    UiMap const& map() const;
    void watch_gesture(std::vector<PointerEvent> const& pointers);
    void watch_gesture(KeyPress const& press);
    void open_manager();
    void handle(ManagerEvent const& event);
    void perform(manager_request::LookAtPin& request);
    void perform(manager_request::JudgePin& request);
    void perform(manager_request::AskFigures& request);
    void perform(manager_request::AskDelivery& request);
    void perform(manager_request::Export& request);
    void perform(manager_request::ForgetExport& request);
    void perform(manager_request::AskResponses& request);
    void perform(manager_request::Keep& request);
    void take_mark_news(StoreNews const& news);
    SummaryQuery query_of(Period period) const;
    ExportOrder export_of(manager_request::Export const& request) const;
    void forget_figures();
    void take_figures();
    void take_export_news();
    void take_pin_answers();
    void take_manager_key(KeyPress const& press);
    bool draw_manager(SteadyTime now);

    Options options;
    Clock const& clock;
    std::optional<FileLock> lock; ///< until open_store(), which takes it over
    Survey const survey;
    Strings const strings;
    std::unique_ptr<Window> window; ///< before all that wakes it from other threads
    std::unique_ptr<Frame> frame;
    std::unique_ptr<Screens> screens;
    std::unique_ptr<ManagerScreens> manager_screens;
    BackgroundJobs jobs; ///< before those who load on it
    PinyinInput pinyin;
    TraditionalHanzi traditional;
    Flow flow;
    ManagerFlow manager;
    ManagerGesture gesture;
    PinDesk pin_desk;
    DeliveryDesk delivery_desk;
    Announcer announcer;
    TouchInput touch;
    std::optional<Recorder> recorder;
    std::optional<Replay> replay;
    std::unique_ptr<StoreThread> store; ///< from the first frame on
    std::unique_ptr<SummaryThread> summary; ///< likewise
    std::unique_ptr<ExportThread> exports; ///< of this visit, once it was asked for
    ManagerFigures figures; ///< while the manager's view is open
    std::optional<std::uint64_t> asked_figures; ///< the first question of this visit
    std::optional<std::uint64_t> asked_responses; ///< the last one
    struct AwaitedMark {
        std::uint64_t event; ///< the store's number
        std::uint64_t mark; ///< the flow's
    };
    std::vector<AwaitedMark> awaited_marks; ///< of this visit, until they are on disk; oldest first
    std::uint64_t stored_events = 0;
    std::chrono::sys_days marks_day {}; ///< on which it was last looked at them
    std::optional<SteadyTime> next_frame; ///< an animation is under way
    std::optional<float> millimetres_per_pixel;
    std::set<std::string> told_cuts; ///< each is told once
    std::string published_map;
    bool picture_changed = false;
    std::optional<Error> picture_fault; ///< why the last picture could not be written
    std::string store_id; ///< as head office calls the shop; empty: not enrolled
    std::string timezone; ///< the shop's, IANA; empty: the machine's own
    std::string unknown_zone; ///< the shop's that this machine does not have; it is told once
    int typing_loaded = 0; ///< of the engine and the converter, how many
    bool store_failing = false;
    bool store_has_answered = false; ///< it is open, or cannot be opened
    std::uint64_t stored_revision = 0;
    std::uint64_t closed_responses = 0;
};

}

#pragma once

#include "kiosk/flow/flow.h"
#include "kiosk/input/no_pinyin.h"
#include "tests/support/sample_responses.h"

#include <variant>
#include <vector>

namespace listenpost::test {

/// Drives a Flow by hand: the time moves only when told, and the disk answers only when told.
class Customer {
public:
    explicit Customer(kiosk::Survey const& survey)
        : Customer(survey, no_pinyin())
    {
    }
    Customer(kiosk::Survey const& survey, kiosk::PinyinEngine& engine)
        : flow_(survey, "exit", {engine}, test::stamp_at(first_ms).steady)
    {
        pass(std::chrono::seconds(1));
    }

    /// A touch and what it meant. First lets the guard time after a change of screen pass.
    void touch(kiosk::Event const& event)
    {
        pass(std::chrono::milliseconds(300));
        touch_at_once(event);
    }
    void touch_at_once(kiosk::Event const& event)
    {
        send(kiosk::event::Touched {});
        send(event);
    }
    /// A finger that comes down now and lifts later.
    void hold_then(std::chrono::milliseconds held, kiosk::Event const& event)
    {
        send(kiosk::event::Touched {});
        pass(held);
        send(event);
    }
    void rate(char const* question, int score) { touch(kiosk::event::Rated {question, score}); }
    void rate_all(int score)
    {
        rate("quality", score);
        rate("service", score);
        rate("cleanliness", score);
    }

    void send(kiosk::Event const& event)
    {
        for (auto& write : flow_.handle(event, stamp_at(now_ms_)))
            writes.push_back(std::move(write));
    }

    /// Time goes by, with a Tick whenever the flow asked for one.
    void pass(std::chrono::milliseconds duration)
    {
        std::int64_t const end = now_ms_ + duration.count();
        for (;;) {
            auto const tick = flow_.next_tick();
            if (!tick || tick->time_since_epoch().count() > end)
                break;
            now_ms_ = std::max(now_ms_, tick->time_since_epoch().count());
            send(kiosk::event::Tick {});
        }
        now_ms_ = end;
    }

    /// Time goes by unnoticed: the box is suspended.
    void sleep(std::chrono::milliseconds duration) { now_ms_ += duration.count(); }

    /// The disk has done all that was asked of it.
    void stored() { send(kiosk::event::Stored {revision()}); }

    std::uint64_t revision() const
    {
        if (writes.empty())
            return 0;
        return std::visit([](auto const& write) { return write.revision; }, writes.back());
    }

    kiosk::View const& view() const { return flow_.view(); }
    kiosk::Flow const& flow() const { return flow_; }

    std::vector<kiosk::DraftWrite> writes;

    kiosk::SaveDraft const* last_save() const { return last<kiosk::SaveDraft>(); }
    kiosk::CloseDraft const* last_close() const { return last<kiosk::CloseDraft>(); }

private:
    static kiosk::PinyinEngine& no_pinyin()
    {
        static kiosk::NoPinyin engine;
        return engine;
    }
    template <typename Write>
    Write const* last() const
    {
        return writes.empty() ? nullptr : std::get_if<Write>(&writes.back());
    }

    static constexpr std::int64_t first_ms = 1'000'000;

    kiosk::Flow flow_;
    std::int64_t now_ms_ = first_ms;
};

}

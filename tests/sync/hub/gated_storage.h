#pragma once

#include "sync/hub/storage.h"

#include <condition_variable>
#include <mutex>

namespace listenpost::test {

/// Holds up whoever passes while it is closed.
class Gate {
public:
    void set(bool open)
    {
        std::lock_guard const lock(mutex_);
        open_ = open;
        changed_.notify_all();
    }
    void pass()
    {
        std::unique_lock lock(mutex_);
        waiting_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
        waiting_ = false;
    }
    void wait_for_somebody()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = true;
    bool waiting_ = false;
};

/// Forwards to a real reader; each rollup passes the gate.
class GatedReader final : public sync::StorageReader {
public:
    GatedReader(std::unique_ptr<sync::StorageReader> real, Gate& gate)
        : real_(std::move(real))
        , gate_(gate)
    {
    }
    bool is_remote() const override { return real_->is_remote(); }
    Result<std::optional<sync::Sender>> find_sender(std::string_view token_hash) override
    {
        return real_->find_sender(token_hash);
    }
    Result<std::optional<sync::Grant>> find_grant(std::string_view token_hash) override
    {
        return real_->find_grant(token_hash);
    }
    Result<std::shared_ptr<sync::StorePlaces const>> places() override { return real_->places(); }
    Result<sync::Cursor> read_page(sync::Cursor const& from, sync::PageLimits limits,
        std::function<void(sync::LogRow const&)> const& row) override
    {
        return real_->read_page(from, limits, row);
    }
    Result<> read_rollups(std::span<sync::RollupRange const> ranges, std::vector<std::string> const* stores,
        sync::TakeRollup const& take) override
    {
        return real_->read_rollups(ranges, stores, [&](sync::RollupRow const& row) {
            gate_.pass();
            return take(row);
        });
    }
    Result<std::vector<sync::Store>> stores() override { return real_->stores(); }
    Result<std::vector<sync::RegisteredSurvey>> surveys() override { return real_->surveys(); }

private:
    std::unique_ptr<sync::StorageReader> real_;
    Gate& gate_;
};

/// Forwards to a real storage, but can hold an ingest or a rollup up, or make an ingest fail, as a disk
/// would.
class GatedStorage final : public sync::Storage {
public:
    explicit GatedStorage(sync::Storage& real)
        : real_(real)
    {
    }

    void close_gate() { set_gate(false); }
    void open_gate() { set_gate(true); }
    /// Returns once an ingest stands before the closed gate.
    void wait_for_somebody_at_the_gate()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return waiting_; });
    }
    /// Ingests of this device fail, and those that it shares a commit with.
    void fail_for(std::string device, Errc code = Errc::Io)
    {
        std::lock_guard const lock(mutex_);
        failing_device_ = std::move(device);
        failure_ = code;
    }
    /// Ingests that failed so far.
    int failures()
    {
        std::lock_guard const lock(mutex_);
        return failures_;
    }
    /// Batches in each commit so far.
    std::vector<std::size_t> commits()
    {
        std::lock_guard const lock(mutex_);
        return commits_;
    }

    /// What was committed so far, in order.
    std::vector<std::string> order()
    {
        std::lock_guard const lock(mutex_);
        return order_;
    }

    std::size_t lanes() const override { return real_.lanes(); }

    Result<std::vector<sync::IngestReply>> ingest(std::span<sync::IngestRequest const> batches) override
    {
        {
            std::unique_lock lock(mutex_);
            waiting_ = true;
            changed_.notify_all();
            changed_.wait(lock, [this] { return open_; });
            waiting_ = false;
            for (auto const& batch : batches)
                if (batch.device == failing_device_) {
                    ++failures_;
                    return fail(failure_, "the disk refuses");
                }
            commits_.push_back(batches.size());
            order_.push_back("ingest " + std::to_string(batches.size()));
        }
        return real_.ingest(batches);
    }

    Result<std::vector<sync::HeartbeatReply>> keep_heartbeats(
        std::span<sync::HeartbeatRequest const> heartbeats) override
    {
        {
            std::lock_guard const lock(mutex_);
            order_.push_back("heartbeats " + std::to_string(heartbeats.size()));
            for (auto const& heartbeat : heartbeats)
                if (heartbeat.device == failing_device_)
                    return fail(failure_, "the disk refuses");
        }
        return real_.keep_heartbeats(heartbeats);
    }
    Result<> erase_text(std::string_view install, std::int64_t seq, sync::Act const& act) override
    {
        return real_.erase_text(install, seq, act);
    }
    Result<std::vector<sync::BoxErasure>> box_erasures() override { return real_.box_erasures(); }
    sync::Registry& registry() override { return real_.registry(); }
    Result<> put_survey(sync::RegisteredSurvey const& survey, sync::Act const& act) override
    {
        return real_.put_survey(survey, act);
    }
    Result<std::unique_ptr<sync::StorageReader>> open_reader() override
    {
        auto reader = real_.open_reader();
        if (!reader)
            return reader;
        return std::make_unique<GatedReader>(std::move(*reader), rollup_gate);
    }

    Gate rollup_gate; ///< of all readers

private:
    void set_gate(bool open)
    {
        std::lock_guard const lock(mutex_);
        open_ = open;
        changed_.notify_all();
    }

    sync::Storage& real_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = true;
    bool waiting_ = false;
    std::string failing_device_;
    Errc failure_ = Errc::Io;
    int failures_ = 0;
    std::vector<std::size_t> commits_;
    std::vector<std::string> order_;
};

}

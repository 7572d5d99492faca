#include "sync/hub/writer_queue.h"

#include "platform/base/log.h"

#include <utility>

namespace listenpost::sync {

WriterQueue::WriterQueue(Storage& storage, Limits limits)
    : storage_(storage)
    , limits_(limits)
    , lanes_(storage.lanes())
{
    for (auto& lane : lanes_)
        lane.thread = std::thread([this, &lane] { run(lane); });
}

WriterQueue::~WriterQueue()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    for (auto& lane : lanes_)
        lane.wake.notify_one();
    for (auto& lane : lanes_)
        lane.thread.join();
}

WriterQueue::Submitted WriterQueue::submit(IngestRequest request, IngestDone done)
{
    auto& lane = lanes_[storage_.lane_of(request.store)];
    {
        std::lock_guard const lock(mutex_);
        std::size_t const bytes = request.batch.bytes();
        if (batches_ >= limits_.max_batches || bytes_ + bytes > limits_.max_bytes)
            return Submitted::Full;
        ++batches_;
        bytes_ += bytes;
        lane.bytes += bytes;
        lane.requests.push_back(std::move(request));
        lane.answers.push_back(std::move(done));
    }
    lane.wake.notify_one();
    return Submitted::Queued;
}

WriterQueue::Submitted WriterQueue::submit(HeartbeatRequest heartbeat, HeartbeatDone done)
{
    {
        std::lock_guard const lock(mutex_);
        if (heartbeats_.size() >= limits_.max_heartbeats)
            return Submitted::Full;
        heartbeats_.push_back(std::move(heartbeat));
        heartbeat_answers_.push_back(std::move(done));
    }
    lanes_.front().wake.notify_one();
    return Submitted::Queued;
}

void WriterQueue::submit(Job job)
{
    {
        std::lock_guard const lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    lanes_.front().wake.notify_one();
}

void WriterQueue::run(Lane& lane)
{
    bool const is_first = &lane == &lanes_.front();
    for (;;) {
        std::vector<IngestRequest> requests;
        std::vector<IngestDone> answers;
        std::vector<HeartbeatRequest> heartbeats;
        std::vector<HeartbeatDone> heartbeat_answers;
        std::vector<Job> jobs;
        {
            std::unique_lock lock(mutex_);
            auto const nothing = [&] {
                return lane.requests.empty() && (!is_first || (heartbeats_.empty() && jobs_.empty()));
            };
            lane.wake.wait(lock, [&] { return stopping_ || !nothing(); });
            if (nothing())
                return;
            requests.swap(lane.requests);
            answers.swap(lane.answers);
            batches_ -= requests.size();
            bytes_ -= std::exchange(lane.bytes, 0);
            if (is_first) {
                heartbeats.swap(heartbeats_);
                heartbeat_answers.swap(heartbeat_answers_);
                jobs.swap(jobs_);
            }
        }
        for (auto const& job : jobs)
            job(storage_);
        if (!requests.empty())
            commit(requests, answers);
        if (!heartbeats.empty())
            commit(heartbeats, heartbeat_answers);
    }
}

void WriterQueue::commit(
    std::vector<HeartbeatRequest> const& heartbeats, std::vector<HeartbeatDone> const& answers)
{
    auto kept = storage_.keep_heartbeats(heartbeats);
    if (!kept)
        log(LogLevel::Error, "heartbeats_not_kept",
            {{"count", heartbeats.size()}, {"code", name(kept.error().code)},
                {"detail", kept.error().detail}});
    for (std::size_t i = 0; i < answers.size(); ++i)
        answers[i](kept ? Result<HeartbeatReply>(std::move((*kept)[i])) : fail(kept.error()));
}

void WriterQueue::commit(std::vector<IngestRequest>& requests, std::vector<IngestDone>& answers)
{
    auto replies = storage_.ingest(requests);
    if (replies) {
        for (std::size_t i = 0; i < answers.size(); ++i)
            answers[i](std::move((*replies)[i]));
        return;
    }
    log(LogLevel::Error, "commit_failed",
        {{"batches", requests.size()}, {"code", name(replies.error().code)},
            {"detail", replies.error().detail}});
    // Should one batch be the cause, it must not take the others down with it. None is the cause of
    // a server that is away, and each further try might wait for it.
    bool const is_away = replies.error().code == Errc::Unreachable;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        Result<IngestReply> answer = fail(replies.error());
        if (requests.size() > 1 && !is_away) {
            if (auto alone = storage_.ingest({&requests[i], 1}))
                answer = std::move(alone->front());
        }
        answers[i](std::move(answer));
    }
}

}

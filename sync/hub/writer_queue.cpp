#include "sync/hub/writer_queue.h"

#include "platform/base/log.h"

namespace listenpost::sync {

WriterQueue::WriterQueue(Storage& storage, Limits limits)
    : storage_(storage)
    , limits_(limits)
    , thread_([this] { run(); })
{
}

WriterQueue::~WriterQueue()
{
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

WriterQueue::Submitted WriterQueue::submit(IngestRequest request, IngestDone done)
{
    {
        std::lock_guard const lock(mutex_);
        std::size_t const bytes = request.batch.bytes();
        if (requests_.size() >= limits_.max_batches || bytes_ + bytes > limits_.max_bytes)
            return Submitted::Full;
        bytes_ += bytes;
        requests_.push_back(std::move(request));
        answers_.push_back(std::move(done));
    }
    wake_.notify_one();
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
    wake_.notify_one();
    return Submitted::Queued;
}

void WriterQueue::submit(Job job)
{
    {
        std::lock_guard const lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
}

void WriterQueue::run()
{
    for (;;) {
        std::vector<IngestRequest> requests;
        std::vector<IngestDone> answers;
        std::vector<HeartbeatRequest> heartbeats;
        std::vector<HeartbeatDone> heartbeat_answers;
        std::vector<Job> jobs;
        {
            std::unique_lock lock(mutex_);
            auto const nothing = [this] { return requests_.empty() && heartbeats_.empty() && jobs_.empty(); };
            wake_.wait(lock, [&] { return stopping_ || !nothing(); });
            if (nothing())
                return;
            requests.swap(requests_);
            answers.swap(answers_);
            heartbeats.swap(heartbeats_);
            heartbeat_answers.swap(heartbeat_answers_);
            jobs.swap(jobs_);
            bytes_ = 0;
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
    auto const kept = storage_.keep_heartbeats(heartbeats);
    if (!kept)
        log(LogLevel::Error, "heartbeats_not_kept",
            {{"count", heartbeats.size()}, {"code", name(kept.error().code)},
                {"detail", kept.error().detail}});
    for (auto const& answer : answers)
        answer(kept);
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
    // Should one batch be the cause, it must not take the others down with it.
    for (std::size_t i = 0; i < answers.size(); ++i) {
        Result<IngestReply> answer = fail(replies.error());
        if (requests.size() > 1) {
            if (auto alone = storage_.ingest({&requests[i], 1}))
                answer = std::move(alone->front());
        }
        answers[i](std::move(answer));
    }
}

}

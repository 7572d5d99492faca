#pragma once

#include "sync/hub/storage.h"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace listenpost::sync {

/// The hub's writer threads, one for each of its storage's lanes. Batches of a lane that wait
/// together are committed together: one transaction, one sync of the disk, then all their senders
/// are answered. Heartbeats and jobs are the first thread's.
/// Bounded: when the disk cannot keep up, senders are told to come later.
/// Threads: all functions from any thread; callbacks run on a writer thread.
class WriterQueue {
public:
    struct Limits {
        std::size_t max_batches = 64;
        std::size_t max_bytes = 64UL * 1024 * 1024;
        std::size_t max_heartbeats = 1'024;
    };
    using IngestDone = std::function<void(Result<IngestReply>)>;
    using HeartbeatDone = std::function<void(Result<HeartbeatReply>)>;
    using Job = std::function<void(Storage&)>;
    enum class Submitted { Queued, Full };

    /// `storage` must outlive it, and is used by nobody else meanwhile.
    WriterQueue(Storage& storage, Limits limits);
    /// Finishes all that is queued, and answers it.
    ~WriterQueue();
    WriterQueue(WriterQueue const&) = delete;
    WriterQueue& operator=(WriterQueue const&) = delete;

    /// `done` gets the reply after the commit, or why nothing was kept. Full: it is never called.
    Submitted submit(IngestRequest request, IngestDone done);
    /// After the batches that wait, all that wait together in one commit: a fleet that
    /// reports at once costs the ingest one sync of the disk. `done` as above.
    Submitted submit(HeartbeatRequest heartbeat, HeartbeatDone done);
    /// Anything else that writes. Not bounded: enrolments and admin commands are few.
    void submit(Job job);

private:
    struct Lane {
        std::vector<IngestRequest> requests;
        std::vector<IngestDone> answers; ///< one for each of requests
        std::size_t bytes = 0; ///< of requests
        std::condition_variable wake;
        std::thread thread;
    };

    void run(Lane& lane);
    void commit(std::vector<IngestRequest>& requests, std::vector<IngestDone>& answers);
    void commit(std::vector<HeartbeatRequest> const& heartbeats, std::vector<HeartbeatDone> const& answers);

    Storage& storage_;
    Limits const limits_;
    std::mutex mutex_;
    std::size_t batches_ = 0; ///< of all lanes
    std::size_t bytes_ = 0; ///< ditto
    std::vector<HeartbeatRequest> heartbeats_;
    std::vector<HeartbeatDone> heartbeat_answers_; ///< one for each of heartbeats_
    std::vector<Job> jobs_;
    bool stopping_ = false;
    std::vector<Lane> lanes_; ///< last: their threads start when all the rest is there
};

}

#include "platform/ime/background_jobs.h"

#include <catch2/catch.hpp>
#include <future>
#include <vector>

using namespace listenpost;

TEST_CASE(
    "Jobs run in the order they were started, one at a time, off the caller's thread", "[platform][ime]")
{
    BackgroundJobs jobs;
    std::vector<int> ran;
    std::promise<void> gate;
    auto const caller = std::this_thread::get_id();
    auto opened = gate.get_future();
    bool elsewhere = false;
    CHECK(jobs.start([&] {
        opened.wait();
        elsewhere = std::this_thread::get_id() != caller;
        ran.push_back(1);
    }));
    CHECK(jobs.start([&] { ran.push_back(2); }));
    gate.set_value();
    jobs.finish();
    CHECK(elsewhere);
    CHECK(ran == std::vector {1, 2});
    CHECK(jobs.start([&] { ran.push_back(3); }));
    jobs.finish();
    CHECK(ran == std::vector {1, 2, 3});
}

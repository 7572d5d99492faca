#include "sync/hub/metrics.h"

#include "platform/os/process_figures.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace listenpost::sync {
namespace {

using prometheus::Histogram;

// From a commit in memory to a client's patience.
Histogram::BucketBoundaries const duration_buckets {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

constexpr std::size_t statuses = 600;
constexpr std::array limit_names {"address", "device", "enrolment"};

}

struct Metrics::Impl {
    explicit Impl(WallTime started);

    prometheus::Counter& counter(std::string const& name, std::string const& help)
    {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
    }
    prometheus::Gauge& gauge(std::string const& name, std::string const& help)
    {
        return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
    }

    prometheus::Registry registry;
    prometheus::Gauge& connections = gauge("listenpost_connections", "Open connections.");
    prometheus::Counter& connections_total
        = counter("listenpost_connections_total", "Connections that were accepted.");
    prometheus::Counter& connections_refused = counter("listenpost_connections_refused_total",
        "Connections that were closed at once, as their address had too many.");
    prometheus::Family<prometheus::Counter>& replies = prometheus::BuildCounter()
                                                           .Name("listenpost_replies_total")
                                                           .Help("Replies, by HTTP status.")
                                                           .Register(registry);
    std::array<std::atomic<prometheus::Counter*>, statuses> replies_of {}; ///< those that were ever given
    prometheus::Family<prometheus::Counter>& responses
        = prometheus::BuildCounter()
              .Name("listenpost_responses_total")
              .Help("Customers' responses, by what became of them.")
              .Register(registry);
    prometheus::Counter& stored = responses.Add({{"outcome", "stored"}});
    prometheus::Counter& duplicates = responses.Add({{"outcome", "duplicate"}});
    prometheus::Counter& refused = responses.Add({{"outcome", "refused"}});
    std::array<prometheus::Counter*, limit_names.size()> limited {};
    std::array<prometheus::Histogram*, route_count> durations {};
    prometheus::Counter& cpu = counter("process_cpu_seconds_total", "User and system CPU time.");
    prometheus::Gauge& resident = gauge("process_resident_memory_bytes", "Resident memory.");
    prometheus::Gauge& descriptors = gauge("process_open_fds", "Open file descriptors.");
};

Metrics::Impl::Impl(WallTime started)
{
    gauge("process_start_time_seconds", "Start, in seconds since 1970.")
        .Set(std::chrono::duration<double>(started.time_since_epoch()).count());
    prometheus::BuildGauge()
        .Name("listenpost_build_info")
        .Help("Always 1; the version is a label.")
        .Register(registry)
        .Add({{"version", LISTENPOST_VERSION}})
        .Set(1);
    auto& limits = prometheus::BuildCounter()
                       .Name("listenpost_limited_total")
                       .Help("Requests that were told to come later, by whose limit.")
                       .Register(registry);
    for (std::size_t i = 0; i < limit_names.size(); ++i)
        limited[i] = &limits.Add({{"by", limit_names[i]}});
    auto& histograms = prometheus::BuildHistogram()
                           .Name("listenpost_request_duration_seconds")
                           .Help("From a request's last byte to its reply, the commit included.")
                           .Register(registry);
    for (std::size_t i = 0; i < durations.size(); ++i)
        durations[i] = &histograms.Add({{"route", name(static_cast<Route>(i))}}, duration_buckets);
}

Metrics::Metrics(WallTime started)
    : impl_(std::make_unique<Impl>(started))
{
}

Metrics::~Metrics() = default;

void Metrics::connection_opened()
{
    impl_->connections.Increment();
    impl_->connections_total.Increment();
}

void Metrics::connection_closed() { impl_->connections.Decrement(); }
void Metrics::connection_refused() { impl_->connections_refused.Increment(); }

void Metrics::replied(unsigned status)
{
    auto& known = impl_->replies_of.at(std::min<std::size_t>(status, statuses - 1));
    auto* counter = known.load(std::memory_order_relaxed);
    if (counter == nullptr) {
        counter = &impl_->replies.Add({{"status", std::to_string(status)}}); // the same for who asks at once
        known.store(counter, std::memory_order_relaxed);
    }
    counter->Increment();
}

void Metrics::answered(Route route, std::chrono::nanoseconds took)
{
    impl_->durations.at(static_cast<std::size_t>(route))
        ->Observe(std::chrono::duration<double>(took).count());
}

void Metrics::ingested(IngestReply const& reply)
{
    impl_->stored.Increment(static_cast<double>(reply.acknowledged - reply.duplicates));
    impl_->duplicates.Increment(static_cast<double>(reply.duplicates));
    impl_->refused.Increment(static_cast<double>(reply.refused.size()));
}

void Metrics::limited(Limit by) { impl_->limited.at(static_cast<std::size_t>(by))->Increment(); }

std::string Metrics::text() const
{
    if (auto const process = process_figures()) {
        impl_->cpu.Increment(std::chrono::duration<double>(process->cpu).count() - impl_->cpu.Value());
        impl_->resident.Set(static_cast<double>(process->resident_bytes));
        impl_->descriptors.Set(static_cast<double>(process->open_descriptors));
    }
    return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}

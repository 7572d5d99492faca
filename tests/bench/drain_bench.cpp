// What it costs the box to bring a backlog to the hub.
//
//   drain_bench DIR [RESPONSES] [ROUNDS]   JSON for scripts/bench, see below
//   drain_bench --levels DIR               a table: what each zstd level would cost
//
// A backlog in a real store.db goes through the real Uploader and HTTP client over one
// connection to a sink, another process that unpacks each batch and acknowledges all of
// it. Counted is the uploading process alone, started anew for each round: user and
// system time, the bytes both ways on the connection with all headers, requests and
// connections, responses a second by the clock on the wall, and its peak of resident
// memory. Beside it, the least that this machine needs for the same: a loop that posts
// the same bodies, built and packed beforehand, through the same client.

#include "platform/base/log.h"
#include "platform/os/files.h"
#include "platform/os/system_clock.h"
#include "sync/agent/delivery_store.h"
#include "sync/agent/uploader.h"
#include "sync/wire/digest.h"
#include "tests/bench/sample_backlog.h"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace listenpost;
using namespace listenpost::sync;

namespace {

using Path = std::filesystem::path;

[[noreturn]] void give_up(std::string const& why)
{
    std::fprintf(stderr, "drain_bench: %s\n", why.c_str());
    std::exit(1);
}

template <typename T>
T must(Result<T> result)
{
    if (!result)
        give_up(result.error().detail);
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

double cpu_us()
{
    rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const us = [](timeval time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return us(usage.ru_utime) + us(usage.ru_stime);
}

double wall_seconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double peak_resident_mb()
{
    auto const status = must(read_file("/proc/self/status", 64 * 1024));
    auto const at = status.find("VmHWM:");
    return at == std::string::npos ? 0 : std::strtod(status.c_str() + at + 6, nullptr) / 1024;
}

Path body_file(Path const& folder, std::size_t index) { return folder / ("body." + std::to_string(index)); }

// ---- the sink ----

/// What went over the wire, both ways, since somebody removed DIR/wire.
struct Carried {
    std::size_t bytes = 0;
    std::size_t requests = 0;
    std::size_t connections = 0;
    std::size_t responses = 0;
};

/// Serves one connection after another for ever. After each, what was carried stands in
/// DIR/wire, and the bodies in DIR/body.N.
class Sink {
public:
    Sink(Path folder, int listener)
        : folder_(std::move(folder))
        , listener_(listener)
    {
    }

    [[noreturn]] void serve()
    {
        for (;;) {
            connection_ = ::accept(listener_, nullptr, nullptr);
            int const on = 1;
            ::setsockopt(connection_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            pending_.clear();
            if (!std::filesystem::exists(folder_ / "wire"))
                carried_ = {};
            ++carried_.connections;
            while (serve_request()) { }
            std::string told;
            for (auto const number :
                {carried_.bytes, carried_.requests, carried_.connections, carried_.responses})
                told += std::to_string(number) + " ";
            must(write_file_atomically(folder_ / "wire", told));
            ::close(connection_);
        }
    }

private:
    bool receive()
    {
        char buffer[64 * 1024];
        ssize_t const got = ::recv(connection_, buffer, sizeof buffer, 0);
        if (got <= 0)
            return false;
        carried_.bytes += static_cast<std::size_t>(got);
        pending_.append(buffer, static_cast<std::size_t>(got));
        return true;
    }

    bool serve_request()
    {
        std::size_t head = 0;
        while ((head = pending_.find("\r\n\r\n")) == std::string::npos)
            if (!receive())
                return false;
        auto const at = pending_.find("Content-Length: ");
        std::size_t const total = head + 4 + std::strtoul(pending_.c_str() + at + 16, nullptr, 10);
        while (pending_.size() < total)
            if (!receive())
                return false;
        std::string const body = pending_.substr(head + 4, total - head - 4);
        pending_.erase(0, total);

        must(unpacker_.decompress(Encoding::Zstd, body, 4 * 1024 * 1024, text_));
        std::size_t count = 0;
        for (std::size_t found = 0; (found = text_.find("{\"seq\":", found)) != std::string::npos; ++found)
            ++count;
        carried_.responses += count;
        must(write_file_atomically(
            body_file(folder_, carried_.requests++), body, FileAccess::OwnerOnly, Durability::Volatile));
        std::string const json = "{\"acknowledged\":" + std::to_string(count)
            + ",\"duplicates\":0,\"refused\":[],\"batch\":\"" + request_digest(body) + "\"}";
        std::string const reply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + std::to_string(json.size()) + "\r\n\r\n" + json;
        carried_.bytes += reply.size();
        return ::send(connection_, reply.data(), reply.size(), MSG_NOSIGNAL) > 0;
    }

    Path folder_;
    int listener_;
    int connection_ = -1;
    std::string pending_;
    std::string text_;
    Decompressor unpacker_;
    Carried carried_;
};

struct SinkProcess {
    explicit SinkProcess(Path const& folder)
    {
        int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener, raw, length) != 0 || ::listen(listener, 4) != 0
            || ::getsockname(listener, raw, &length) != 0)
            give_up("no loopback port");
        url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
        process = ::fork();
        if (process == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL); // give_up() calls no destructor
            Sink(folder, listener).serve();
        }
        ::close(listener);
    }
    ~SinkProcess()
    {
        ::kill(process, SIGKILL);
        ::waitpid(process, nullptr, 0);
    }
    SinkProcess(SinkProcess const&) = delete;
    SinkProcess& operator=(SinkProcess const&) = delete;

    std::string url;
    pid_t process;
};

// ---- the two kinds of round, each in a process of its own ----

int drain_round(Path const& folder, std::string const& url)
{
    set_log_level(LogLevel::Warn);
    auto delivery = must(DeliveryStore::open(folder / "delivery.db"));
    must(delivery.set_enrolment({url, "dev_bench", "lpd_" + std::string(32, 'x'), "", "bench", "bench",
        "Asia/Shanghai", WallTime()}));
    SystemClock const clock;
    HttpTransport transport;
    Uploader uploader(folder / "store.db", delivery, transport, clock, [] { return 0.5; });
    double const before = cpu_us();
    double const began = wall_seconds();
    UploadStep step;
    do
        step = uploader.step();
    while (step.state == UploadState::Delivering);
    double const used = cpu_us() - before;
    double const seconds = wall_seconds() - began;
    if (step.state != UploadState::Idle)
        give_up("not delivered: " + step.detail);
    std::printf("%.1f %.6f %.3f\n", used, seconds, peak_resident_mb());
    return 0;
}

int raw_round(Path const& folder, std::string const& url)
{
    std::vector<std::string> bodies;
    for (std::size_t index = 0; std::filesystem::exists(body_file(folder, index)); ++index)
        bodies.push_back(must(read_file(body_file(folder, index), 1024 * 1024)));
    auto client = must(HttpClient::create());
    double const before = cpu_us();
    double const began = wall_seconds();
    for (auto const& body : bodies) {
        HttpRequest request;
        request.method = "POST";
        request.url = url + "/v1/batches";
        request.headers = {{"Authorization", "Bearer lpd_" + std::string(32, 'x')},
            {"Content-Type", "application/json"}, {"Content-Encoding", "zstd"}};
        request.body = body;
        if (must(client.send(request)).status != 200)
            give_up("the sink refused");
    }
    std::printf("%.1f %.6f %.3f\n", cpu_us() - before, wall_seconds() - began, peak_resident_mb());
    return 0;
}

struct Round {
    double cpu_us = 0;
    double seconds = 0;
    double resident_mb = 0;
};

Round run_round(char const* kind, Path const& folder, std::string const& url)
{
    auto const command
        = "/proc/" + std::to_string(::getpid()) + "/exe " + kind + " '" + folder.string() + "' " + url;
    FILE* const pipe = ::popen(command.c_str(), "r");
    Round round;
    bool const read
        = pipe && std::fscanf(pipe, "%lf %lf %lf", &round.cpu_us, &round.seconds, &round.resident_mb) == 3;
    if (!pipe || ::pclose(pipe) != 0 || !read)
        give_up(std::string("a round failed: ") + kind);
    return round;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Waits for the sink, which tells once it has seen the connection close.
Carried carried(Path const& folder, std::size_t responses)
{
    for (;; ::usleep(1000)) {
        auto const told = read_file(folder / "wire", 100);
        Carried all;
        if (told
            && std::sscanf(told->c_str(), "%zu %zu %zu %zu", &all.bytes, &all.requests, &all.connections,
                   &all.responses)
                == 4
            && all.responses >= responses)
            return all;
    }
}

int measure(Path const& folder, std::size_t responses, int rounds)
{
    bench::make_backlog(folder / "store.db", static_cast<std::int64_t>(responses), 7);
    SinkProcess const sink(folder);
    auto const count = static_cast<double>(responses);
    std::vector<double> cpu;
    std::vector<double> raw_cpu;
    std::vector<double> rate;
    std::vector<double> raw_rate;
    std::vector<double> resident;
    Carried drained;
    for (int round = 0; round < rounds; ++round) {
        for (auto const* name : {"delivery.db", "delivery.db-wal", "delivery.db-shm", "wire"})
            std::filesystem::remove(folder / name);
        auto const ours = run_round("--drain", folder, sink.url);
        drained = carried(folder, responses);
        if (drained.responses != responses)
            give_up("the sink was sent more than there was");
        cpu.push_back(ours.cpu_us / count);
        rate.push_back(count / ours.seconds);
        resident.push_back(ours.resident_mb);
        std::filesystem::remove(folder / "wire");
        auto const raw = run_round("--raw", folder, sink.url);
        carried(folder, responses);
        raw_cpu.push_back(raw.cpu_us / count);
        raw_rate.push_back(count / raw.seconds);
    }
    double body_bytes = 0;
    for (std::size_t index = 0; index < drained.requests; ++index)
        body_bytes += static_cast<double>(std::filesystem::file_size(body_file(folder, index)));
    std::printf("{\"drain_cpu_us\":{\"value\":%.3f,\"baseline\":%.3f},"
                "\"drain_bytes\":{\"value\":%.2f,\"baseline\":%.2f},"
                "\"drain_rss_mb\":{\"value\":%.1f},"
                "\"drain_rate\":{\"value\":%.0f,\"baseline\":%.0f},"
                "\"drain_requests\":{\"value\":%zu},"
                "\"drain_connections\":{\"value\":%zu}}\n",
        median(cpu), median(raw_cpu), static_cast<double>(drained.bytes) / count, body_bytes / count,
        median(resident), median(rate), median(raw_rate), drained.requests, drained.connections);
    return 0;
}

/// All of a store.db as the agent would send it, in batches of at most `size`.
std::vector<std::string> batches_of(Path const& store, std::size_t size)
{
    auto reader = must(kiosk::ResponseReader::open(store));
    auto const install = must(reader.installs()).back().id;
    auto const last = must(reader.last_seq());
    BatchWriter writer({.max_responses = size});
    SystemClock const clock;
    std::vector<std::string> batches;
    for (std::int64_t mark = 0;; mark = writer.seqs().back()) {
        writer.begin(install, Stamp::now(clock));
        reader.seek(mark, last);
        for (auto row = must(reader.next()); row && writer.add(*row); row = must(reader.next())) { }
        reader.stop();
        if (writer.seqs().empty())
            return batches;
        batches.emplace_back(writer.finish());
    }
}

/// Four restaurants and four shops, 20,000 responses together.
struct Backlogs {
    static constexpr unsigned shops = 8;
    static constexpr std::int64_t responses = 20'000;

    Backlogs(Path const& folder, bench::Talkativeness talk)
    {
        for (unsigned shop = 1; shop <= shops; ++shop) {
            stores.push_back(folder / ("store." + std::to_string(shop)));
            for (auto const* rest : {"", "-wal", "-shm"})
                std::filesystem::remove(stores.back().string() + rest);
            bench::make_backlog(stores.back(), responses / shops, shop, talk);
        }
    }

    std::vector<std::string> batches(std::size_t size = limits::max_responses) const
    {
        std::vector<std::string> all;
        for (auto const& store : stores)
            for (auto& batch : batches_of(store, size))
                all.push_back(std::move(batch));
        return all;
    }

    std::vector<Path> stores;
};

void show_packing(std::string const& label, std::vector<std::string> const& batches, Encoding encoding,
    std::optional<int> level = std::nullopt)
{
    constexpr auto responses = static_cast<double>(Backlogs::responses);
    Compressor compressor(level);
    std::string packed;
    must(compressor.compress(encoding, batches.front(), packed)); // its memory, once
    std::size_t bytes = 0;
    double used = std::numeric_limits<double>::max(); // the best of some: others use the machine too
    for (int round = level && *level > 12 ? 1 : 5; round > 0; --round) {
        bytes = 0;
        double const before = cpu_us();
        for (auto const& batch : batches) {
            must(compressor.compress(encoding, batch, packed));
            bytes += packed.size();
        }
        used = std::min(used, cpu_us() - before);
    }
    std::printf(
        "%-34s %16.2f %19.2f\n", label.c_str(), static_cast<double>(bytes) / responses, used / responses);
}

int compare_levels(Path const& folder)
{
    std::puts("packing                            bytes a response   CPU us a response");
    Backlogs const backlogs(folder, {});
    auto const batches = backlogs.batches();
    show_packing("none", batches, Encoding::Identity);
    show_packing("gzip 6", batches, Encoding::Gzip);
    for (int const level : {-5, -1, 1, 3, 6, 8, 10, 12, 15, 19})
        show_packing("zstd " + std::to_string(level), batches, Encoding::Zstd, level);
    for (std::size_t const size : {1'000UL, 500UL, 250UL, 100UL, 10UL, 1UL})
        show_packing("ours, batches of " + std::to_string(size), backlogs.batches(size), Encoding::Zstd);
    for (auto const talk : {bench::Talkativeness {0, 0}, {10, 8}, {20, 8}, {50, 8}})
        show_packing("ours, " + std::to_string(talk.typed) + " % type, " + std::to_string(talk.phrases)
                + " % pick phrases",
            Backlogs(folder, talk).batches(), Encoding::Zstd);
    return 0;
}

}

int main(int argc, char** argv)
{
    std::vector<std::string> const words(argv + 1, argv + argc);
    if (words.size() == 3 && words[0] == "--drain")
        return drain_round(words[1], words[2]);
    if (words.size() == 3 && words[0] == "--raw")
        return raw_round(words[1], words[2]);
    bool const levels = words.size() == 2 && words[0] == "--levels";
    if (!levels && (words.empty() || words.size() > 3)) {
        std::fputs("use: drain_bench DIR [RESPONSES] [ROUNDS] | drain_bench --levels DIR\n", stderr);
        return 2;
    }
    Path const folder = levels ? words[1] : words[0];
    std::filesystem::create_directories(folder);
    if (levels)
        return compare_levels(folder);
    return measure(folder, words.size() > 1 ? std::strtoul(words[1].c_str(), nullptr, 10) : 20'000,
        words.size() > 2 ? std::atoi(words[2].c_str()) : 7);
}

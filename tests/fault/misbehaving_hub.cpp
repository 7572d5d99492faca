#include "tests/fault/misbehaving_hub.h"

#include "tests/support/http_stub.h"
#include "tests/support/server_tls.h"
#include "tests/support/test_certificate.h"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace listenpost::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kept_old_replies = 32;
/// Half-open connections that are kept; older ones are given up, as descriptors are few.
constexpr std::size_t kept_abandoned = 50;

sockaddr_in loopback(int port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void no_delay(int descriptor)
{
    int const on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Takes no part in what this program is about: a plain connection to the hub.
class HubConnection {
public:
    explicit HubConnection(int port)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        auto const address = loopback(port);
        connected_ = port != 0
            && ::connect(descriptor_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
        no_delay(descriptor_);
    }
    HubConnection(HubConnection const&) = delete;
    HubConnection& operator=(HubConnection const&) = delete;
    ~HubConnection() { ::close(descriptor_); }

    bool send(std::string_view bytes)
    {
        while (connected_ && !bytes.empty()) {
            ssize_t const gone = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (gone <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(gone));
        }
        return connected_;
    }
    /// A whole reply, or nothing.
    std::string reply()
    {
        std::string bytes;
        char buffer[16'384];
        for (;;) {
            if (std::size_t const size = http_message_size(bytes); size > 0)
                return bytes.substr(0, size);
            ssize_t const got = ::recv(descriptor_, buffer, sizeof buffer, 0);
            if (got <= 0)
                return {};
            bytes.append(buffer, static_cast<std::size_t>(got));
        }
    }

private:
    int descriptor_;
    bool connected_ = false;
};

}

struct MisbehavingHub::Tls {
    ServerTls right;
    ServerTls right_1_2; ///< no newer TLS than 1.2
    std::vector<ServerTls> wrong; ///< must not be trusted
};

MisbehavingHub::MisbehavingHub(HubProcess& hub, Transport transport, std::filesystem::path const& folder)
    : hub_(hub)
    , listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (transport == Transport::Tls) {
        tls_ = std::make_unique<Tls>();
        ca_file_ = folder / "trusted.pem";
        std::ofstream trusted(ca_file_);
        auto const context = [&](char const* name, CertificateClaims const& claims, bool is_trusted) {
            auto const certificate = folder / (std::string(name) + ".pem");
            auto const key = folder / (std::string(name) + ".key");
            write_test_certificate(certificate, key, claims);
            if (is_trusted)
                trusted << std::ifstream(certificate).rdbuf();
            return make_server_tls(certificate, key);
        };
        tls_->right = context("right", {}, true);
        tls_->right_1_2 = make_server_tls(folder / "right.pem", folder / "right.key");
        SSL_CTX_set_max_proto_version(tls_->right_1_2.get(), TLS1_2_VERSION);
        tls_->wrong.push_back(context("stranger", {}, false));
        tls_->wrong.push_back(context("other-name", {.names = "DNS:hub.example,IP:127.0.0.2"}, true));
        tls_->wrong.push_back(context("expired", {.begins = -7200s, .ends = -3600s}, true));
        tls_->wrong.push_back(context("not-yet", {.begins = 3600s, .ends = 7200s}, true));
        tls_->wrong.push_back(make_server_tls(folder / "right.pem", folder / "right.key"));
        SSL_CTX_set_security_level(tls_->wrong.back().get(), 0);
        SSL_CTX_set_max_proto_version(tls_->wrong.back().get(), TLS1_1_VERSION);
    }

    auto address = loopback(0);
    socklen_t length = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, raw, length) != 0 || ::listen(listener_, 16) != 0
        || ::getsockname(listener_, raw, &length) != 0 || ::pipe(stop_) != 0)
        std::abort();
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

MisbehavingHub::~MisbehavingHub()
{
    ::close(stop_[1]); // readable for everybody who waits on the other end
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
    for (int const descriptor : abandoned_)
        ::close(descriptor);
}

std::string MisbehavingHub::url() const
{
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

void MisbehavingHub::arm(Fault const& fault)
{
    std::lock_guard const lock(mutex_);
    fault_ = fault;
}

Fault MisbehavingHub::armed() const
{
    std::lock_guard const lock(mutex_);
    return fault_;
}

std::array<std::uint64_t, fault_kinds> MisbehavingHub::done() const
{
    std::lock_guard const lock(mutex_);
    return done_;
}

void MisbehavingHub::count(Fault const& fault)
{
    std::lock_guard const lock(mutex_);
    ++done_[static_cast<std::size_t>(fault.kind)];
}

void MisbehavingHub::forget()
{
    std::lock_guard const lock(mutex_);
    late_.clear();
    old_replies_.clear();
    last_received_ = 0;
    last_sent_ = 0;
}

std::size_t MisbehavingHub::deliver_late()
{
    std::deque<std::string> late;
    {
        std::lock_guard const lock(mutex_);
        late.swap(late_);
    }
    for (auto const& request : late)
        forward(request);
    return late.size();
}

SSL_CTX* MisbehavingHub::context_for(Fault const& fault) const
{
    if (!tls_)
        return nullptr;
    Random random(fault.salt);
    if (fault.kind != Fault::Kind::Tls)
        return chance(random, 20) ? tls_->right_1_2.get() : tls_->right.get();
    auto const which = draw(random, tls_->wrong.size() + 1);
    return which == tls_->wrong.size() ? nullptr : tls_->wrong[which].get(); // nullptr: speaks plain HTTP
}

void MisbehavingHub::serve()
{
    for (;;) {
        pollfd waiting[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        ::poll(waiting, 2, -1);
        if (waiting[1].revents != 0)
            return;
        int const connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        no_delay(connection);
        auto const fault = armed();
        Line line(connection, stop_[0], context_for(fault));
        converse(line, fault);
    }
}

void MisbehavingHub::converse(Line& line, Fault const& first)
{
    Fault fault = first;
    line.begin(fault.cut);
    if (fault.kind == Fault::Kind::Refused) {
        count(fault);
        line.break_off(fault.salt % 2 == 0);
        return;
    }
    std::string pending;
    bool heard = false; // anything of the present request
    for (;;) {
        if (std::size_t const size = http_message_size(pending); size > 0) {
            std::string const request = pending.substr(0, size);
            pending.erase(0, size);
            if (!answer(line, fault, request))
                return;
            heard = false;
            continue;
        }
        if (!heard) {
            // Between two requests: the agent may come back on this connection or on another.
            pollfd waiting[3]
                = {{line.descriptor(), POLLIN, 0}, {listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
            ::poll(waiting, 3, -1);
            if (waiting[0].revents == 0)
                return;
            fault = armed();
            if (line.received() > 0)
                line.begin(fault.cut);
        }
        heard = true;
        bool const more = line.read(pending);
        if (!line.open() && http_message_size(pending) == 0 && fault.kind == Fault::Kind::Truncate) {
            count(fault);
            HubConnection(hub_.port()).send(pending);
            return;
        }
        if (!more) {
            if (fault.kind == Fault::Kind::Cut || fault.kind == Fault::Kind::Tls)
                count(fault);
            return;
        }
    }
}

bool MisbehavingHub::say(Line& line, Answer const& answer)
{
    bool const said = line.write(answer.bytes);
    if (answer.close)
        line.break_off(false);
    return said && line.open();
}

std::string MisbehavingHub::old_reply(Random& random)
{
    std::lock_guard const lock(mutex_);
    return old_replies_.empty() ? std::string() : old_replies_[draw(random, old_replies_.size())];
}

std::string MisbehavingHub::forward(std::string_view request, std::optional<std::size_t> kill_at)
{
    HubConnection connection(hub_.port());
    if (kill_at && *kill_at < request.size()) {
        connection.send(request.substr(0, *kill_at));
        hub_.kill();
        return {};
    }
    if (!connection.send(request))
        return {};
    if (kill_at)
        hub_.kill(); // it may be before, in or after its commit
    return connection.reply();
}

bool MisbehavingHub::answer(Line& line, Fault const& fault, std::string const& request)
{
    using Kind = Fault::Kind;
    Random random(fault.salt);
    count(fault);
    auto const no_reply = [&] {
        line.break_off(chance(random, 50));
        return false;
    };
    auto const pass_on = [&](std::string const& reply) {
        if (!reply.empty())
            return say(line, {reply, false});
        if (chance(random, 50))
            return say(line, {http_reply(502, "<html>Bad Gateway</html>"), false});
        return no_reply();
    };
    auto const keep_for_later = [&] {
        std::lock_guard const lock(mutex_);
        late_.push_back(request);
    };

    switch (fault.kind) {
    case Kind::None: {
        auto const reply = forward(request);
        if (reply.starts_with("HTTP/1.1 200")) {
            std::lock_guard const lock(mutex_);
            if (old_replies_.size() < kept_old_replies)
                old_replies_.push_back(reply);
            else
                old_replies_[draw(random, kept_old_replies)] = reply;
        }
        bool const went_well = pass_on(reply);
        last_received_ = line.received();
        last_sent_ = line.sent();
        return went_well;
    }
    case Kind::Refused:
    case Kind::Cut:
    case Kind::Truncate:
    case Kind::Tls:
        return pass_on(forward(request));
    case Kind::NoReply:
        forward(request);
        return no_reply();
    case Kind::Gateway: {
        static constexpr int statuses[] = {502, 503, 504};
        auto const status = statuses[draw(random, 3)];
        return say(
            line, {http_reply(status, "<html>upstream</html>", {"Retry-After: 5"}), chance(random, 50)});
    }
    case Kind::Silent:
        if (chance(random, 50))
            forward(request);
        line.wait_until_closed();
        return false;
    case Kind::HalfAReply: {
        auto const reply = forward(request);
        line.write(reply.substr(0, draw(random, reply.size() + 1)));
        line.wait_until_closed();
        return false;
    }
    case Kind::HalfOpen:
        if (chance(random, 50))
            forward(request);
        if (abandoned_.size() >= kept_abandoned) {
            ::close(abandoned_.front());
            abandoned_.erase(abandoned_.begin());
        }
        abandoned_.push_back(line.abandon());
        return false;
    case Kind::Trickle:
    case Kind::Starve: {
        auto const reply = forward(request);
        for (std::size_t at = 0; at < reply.size() && line.open(); ++at) {
            line.write(std::string_view(reply).substr(at, 1));
            if (fault.kind == Kind::Starve)
                std::this_thread::sleep_for(2ms);
            else if (at % 16 == 0)
                std::this_thread::sleep_for(100us);
        }
        if (fault.kind == Kind::Starve)
            line.break_off(false);
        return line.open();
    }
    case Kind::Delay: {
        auto const pause
            = [&] { std::this_thread::sleep_for(std::chrono::microseconds(draw(random, 3'000))); };
        pause();
        auto const reply = forward(request);
        pause();
        return pass_on(reply);
    }
    case Kind::Twice: {
        auto const first = forward(request);
        auto const second = forward(request);
        return pass_on(chance(random, 50) ? first : second);
    }
    case Kind::TwiceAtOnce: {
        std::string first;
        std::thread other([&] { first = forward(request); });
        auto const second = forward(request);
        other.join();
        return pass_on(chance(random, 50) ? first : second);
    }
    case Kind::Again:
        keep_for_later();
        return pass_on(forward(request));
    case Kind::LateOnly:
        keep_for_later();
        return no_reply();
    case Kind::OldReply: {
        auto const old = old_reply(random);
        return old.empty() ? no_reply() : say(line, {old, chance(random, 30)});
    }
    case Kind::OldReplyBehind:
        return pass_on(forward(request) + old_reply(random));
    case Kind::Wrong:
        return say(line, wrong_reply(random, read_batch(request)));
    case Kind::WrongAfter:
        forward(request);
        return say(line, wrong_reply(random, read_batch(request)));
    case Kind::Odd: {
        auto const reply = forward(request);
        return reply.empty() ? no_reply() : say(line, odd_reply(random, reply));
    }
    case Kind::HubKilled:
        // Anywhere in the request, or at its end, when the commit may be under way.
        return pass_on(forward(request, chance(random, 60) ? request.size() : draw(random, request.size())));
    }
    return false;
}

}

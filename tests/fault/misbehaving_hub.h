#pragma once

#include "tests/fault/fault.h"
#include "tests/fault/hub_process.h"
#include "tests/support/line.h"

#include <array>
#include <atomic>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace listenpost::test {

enum class Transport { Plain, Tls };

/// Stands between an agent and the real hub, and does to every exchange what the armed fault
/// says; without one it is an honest line. Real sockets on loopback, a thread of its own, one
/// agent at a time.
/// Threads: its functions may be called from one other thread.
class MisbehavingHub {
public:
    /// `folder`: for certificates. `hub` must outlive it.
    MisbehavingHub(HubProcess& hub, Transport transport, std::filesystem::path const& folder);
    MisbehavingHub(MisbehavingHub const&) = delete;
    MisbehavingHub& operator=(MisbehavingHub const&) = delete;
    ~MisbehavingHub();

    std::string url() const;
    /// What an agent trusts; empty with plain HTTP.
    std::filesystem::path ca_file() const { return ca_file_; }

    /// Forgets all earlier exchanges, so that a schedule played alone meets what it met among others.
    /// Call it while the agent asks for nothing.
    void forget();
    /// For every connection and request from now on. Call it while the agent asks for nothing.
    void arm(Fault const& fault);
    /// Delivers to the hub what Again and LateOnly have kept back, oldest first; how many.
    std::size_t deliver_late();

    /// Connections, and requests on them, that a fault was done to, by Fault::Kind.
    std::array<std::uint64_t, fault_kinds> done() const;
    /// Bytes of the last exchange that ended without a fault.
    std::size_t last_received() const { return last_received_; }
    std::size_t last_sent() const { return last_sent_; }

private:
    struct Tls;

    void serve();
    void converse(Line& line, Fault const& first);
    /// One request of the agent. False: the connection is of no more use.
    bool answer(Line& line, Fault const& fault, std::string const& request);
    /// The hub's reply as raw bytes; empty: there was none.
    std::string forward(std::string_view request, std::optional<std::size_t> kill_at = {});
    std::string old_reply(Random& random);
    bool say(Line& line, Answer const& answer);
    void count(Fault const& fault);
    Fault armed() const;
    SSL_CTX* context_for(Fault const& fault) const;

    HubProcess& hub_;
    std::unique_ptr<Tls> tls_;
    std::filesystem::path ca_file_;
    int listener_ = -1;
    int stop_[2] = {-1, -1};
    int port_ = 0;

    mutable std::mutex mutex_;
    Fault fault_;
    std::deque<std::string> late_;
    std::vector<std::string> old_replies_;
    std::array<std::uint64_t, fault_kinds> done_ {};

    // Of the serving thread.
    std::vector<int> abandoned_;
    std::atomic<std::size_t> last_received_ = 0;
    std::atomic<std::size_t> last_sent_ = 0;
    std::thread thread_;
};

}

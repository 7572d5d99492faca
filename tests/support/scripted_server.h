#pragma once

#include "tests/support/line.h"

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace listenpost::test {

/// A real server on a loopback port whose every connection is a Line that the test's script talks
/// on as it likes: in pieces, with pauses, or not at all. One connection at a time; when the
/// script returns it is closed, unless the script has broken it off.
class ScriptedServer {
public:
    /// Runs on the server's thread.
    using Script = std::function<void(Line&)>;

    enum class Family { V4, V6 };
    struct Options {
        Family family = Family::V4;
        SSL_CTX* tls = nullptr; ///< none for plain TCP; must outlive it
        int receive_buffer
            = 0; ///< bytes that the kernel takes in while the script does not read; 0: its usual
    };

    explicit ScriptedServer(Script script);
    ScriptedServer(Script script, Options const& options);
    ~ScriptedServer();
    ScriptedServer(ScriptedServer const&) = delete;
    ScriptedServer& operator=(ScriptedServer const&) = delete;

    /// Whether this machine has an IPv6 loopback.
    static bool has_v6();

    std::string url() const; ///< https:// if there is TLS
    int port() const { return port_; }
    int connections() const { return connections_; }
    /// Readable when the server is to end.
    int stop_descriptor() const { return stop_[0]; }

private:
    void serve();

    Script script_;
    Options options_;
    int listener_ = -1;
    int stop_[2] = {-1, -1};
    int port_ = 0;
    std::atomic<int> connections_ = 0;
    std::thread thread_;
};

/// The next whole HTTP message of the line, by its Content-Length; empty: the line is no more.
/// What came behind it stays in `pending`.
std::string read_message(Line& line, std::string& pending);
std::string read_message(Line& line);

}

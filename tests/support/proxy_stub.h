#pragma once

#include "tests/support/scripted_server.h"

#include <mutex>
#include <string>
#include <vector>

namespace listenpost::test {

/// A real CONNECT proxy on loopback: connects where it is asked to, and passes bytes both ways.
class ProxyStub {
public:
    ProxyStub();

    std::string url() const { return server_.url(); }
    int port() const { return server_.port(); }
    /// Instead of connecting it says this from now on, and closes; empty: it connects.
    void answer_with(std::string reply);
    /// The first lines of all requests so far.
    std::vector<std::string> asked() const;

private:
    void serve(Line& line);

    mutable std::mutex mutex_;
    std::string reply_;
    std::vector<std::string> asked_;
    ScriptedServer server_; ///< last: its thread ends before the rest goes
};

}

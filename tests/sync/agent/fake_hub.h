#pragma once

#include "sync/agent/transport.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace listenpost::test {

HttpReply json_reply(int status, std::string body);
HttpReply hub_error(int status, std::string const& code);

/// A hub behind a Transport: reads what is uploaded as the protocol says, counts once, knows a
/// conflict from a repeat, and answers by its own rules unless a test interferes.
class FakeHub final : public sync::Transport {
public:
    using Key = std::pair<std::string, std::int64_t>; ///< install, seq

    Result<HttpReply> send(HttpRequest const& request, std::filesystem::path const& ca_file) override;

    void renew_connection() override { ++renewed; }
    int renewed = 0; ///< how often nothing kept from before was to be used any more

    /// Asked before the hub sees the request; a value is the answer, and the hub sees nothing.
    std::function<std::optional<Result<HttpReply>>()> instead;
    /// Asked after the hub has committed; a value is what comes back in place of its reply.
    std::function<std::optional<Result<HttpReply>>()> afterwards;

    std::set<std::int64_t> poisoned; ///< a batch with one of these is a 400 as a whole
    std::set<std::int64_t> refused; ///< these are refused one by one
    std::size_t max_responses = 1000; ///< more is a 413

    std::map<Key, int> seen; ///< how often each response was in a batch the hub could read
    std::set<Key> stored; ///< committed
    std::map<Key, std::string> contents; ///< of those, what the digest is of
    std::vector<std::string> bodies; ///< every request's, as it came
    std::vector<std::vector<std::int64_t>> batches; ///< every request's seqs
    std::vector<HttpRequest> requests; ///< their bodies are gone
    std::vector<bool> clock_set; ///< every request's `sent`
};

}

#include "tests/sync/agent/fake_hub.h"

#include "sync/wire/compression.h"
#include "sync/wire/digest.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace listenpost::test {

using nlohmann::json;

HttpReply json_reply(int status, std::string body)
{
    return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

HttpReply hub_error(int status, std::string const& code)
{
    return json_reply(status, json {{"error", {{"code", code}, {"detail", "because"}}}}.dump());
}

Result<HttpReply> FakeHub::send(HttpRequest const& request, std::filesystem::path const&)
{
    auto const text = sync::decompress(sync::Encoding::Zstd, request.body, 4 * 1024 * 1024);
    REQUIRE(text);
    auto const batch = json::parse(*text);
    auto const install = batch["install"].get<std::string>();
    std::vector<std::int64_t> seqs;
    std::map<std::int64_t, std::string> content_of;
    for (auto const& response : batch["responses"]) {
        seqs.push_back(response["seq"].get<std::int64_t>());
        // PROTOCOL.md, "The digest": these and nothing else.
        auto& content = content_of[seqs.back()];
        for (auto const* part : {"opened_ms", "took_ms", "steady_ms", "boot", "answers", "comment", "event",
                 "of", "state", "by", "note"})
            if (response.contains(part))
                content += response[part].dump() + '\x1f';
    }
    bodies.emplace_back(request.body);
    batches.push_back(seqs);
    requests.push_back(request);
    requests.back().body = {};
    clock_set.push_back(batch["sent"]["clock_set"].get<bool>());

    if (instead)
        if (auto answer = instead())
            return std::move(*answer);
    if (seqs.size() > max_responses)
        return hub_error(413, "too_large");
    json refusals = json::array();
    for (auto const seq : seqs)
        if (poisoned.contains(seq))
            return hub_error(400, "bad_batch");
    std::size_t duplicates = 0;
    for (auto const seq : seqs) {
        ++seen[{install, seq}];
        if (refused.contains(seq))
            refusals.push_back({{"seq", seq}, {"code", "invalid"}, {"detail", "it is"}});
        else if (stored.insert({install, seq}).second)
            contents[{install, seq}] = content_of[seq];
        else if (contents[{install, seq}] != content_of[seq])
            refusals.push_back({{"seq", seq}, {"code", "conflict"}, {"detail", "a copy"}});
        else
            ++duplicates;
    }
    if (afterwards)
        if (auto answer = afterwards())
            return std::move(*answer);
    return json_reply(200,
        json {{"acknowledged", seqs.size() - refusals.size()}, {"duplicates", duplicates},
            {"refused", refusals}, {"batch", sync::request_digest(request.body)}}
            .dump());
}

}

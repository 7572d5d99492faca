#include "tests/fault/fault.h"

#include "sync/wire/compression.h"
#include "sync/wire/digest.h"
#include "sync/wire/limits.h"

#include <nlohmann/json.hpp>

namespace listenpost::test {

char const* name(Fault::Kind kind)
{
    static constexpr std::array names
        = {"none", "cut", "truncate", "no_reply", "refused", "gateway", "silent", "half_a_reply", "half_open",
            "trickle", "starve", "delay", "twice", "twice_at_once", "again", "late_only", "old_reply",
            "old_reply_behind", "wrong", "wrong_after", "odd", "tls", "hub_killed"};
    static_assert(names.size() == fault_kinds);
    return names[static_cast<std::size_t>(kind)];
}

bool needs_impatience(Fault::Kind kind)
{
    using Kind = Fault::Kind;
    return kind == Kind::Silent || kind == Kind::HalfAReply || kind == Kind::HalfOpen || kind == Kind::Starve;
}

std::string describe(Fault const& fault)
{
    std::string text = name(fault.kind);
    if (fault.cut.after_received)
        text += " request at " + std::to_string(*fault.cut.after_received);
    if (fault.cut.after_sent)
        text += " reply at " + std::to_string(*fault.cut.after_sent);
    if (fault.cut.by_reset)
        text += " by reset";
    return text + " salt " + std::to_string(fault.salt);
}

SeenBatch read_batch(std::string_view request)
{
    auto const head_end = request.find("\r\n\r\n");
    if (head_end == std::string_view::npos || !request.starts_with("POST /v1/batches "))
        return {};
    auto const text = sync::decompress(
        sync::Encoding::Zstd, request.substr(head_end + 4), sync::limits::max_unpacked_bytes);
    if (!text)
        return {};
    SeenBatch batch;
    batch.digest = sync::request_digest(request.substr(head_end + 4));
    auto const json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_object() && json.contains("responses")) {
        for (auto const& response : json["responses"])
            batch.seqs.push_back(response["seq"].get<std::int64_t>());
    } else {
        // Broken on purpose, but as many responses as there are numbers.
        for (auto at = text->find("\"seq\":"); at != std::string::npos; at = text->find("\"seq\":", at + 6))
            batch.seqs.push_back(std::strtoll(text->c_str() + at + 6, nullptr, 10));
    }
    return batch;
}

}

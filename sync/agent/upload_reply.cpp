#include "sync/agent/upload_reply.h"

#include "platform/base/utf8.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

/// Details come from outside and end in a table and on a screen.
constexpr std::size_t max_detail_bytes = 500;

std::optional<std::int64_t> count_in(json const& object, char const* key)
{
    auto const found = object.find(key);
    if (found == object.end() || !found->is_number_unsigned())
        return std::nullopt;
    auto const count = found->get<std::uint64_t>();
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    return count <= most ? std::optional(static_cast<std::int64_t>(count)) : std::nullopt;
}

std::optional<std::string> text_in(json const& object, char const* key)
{
    auto const found = object.find(key);
    if (found == object.end() || !found->is_string())
        return std::nullopt;
    return std::string(cut_to(found->get_ref<std::string const&>(), max_detail_bytes));
}

std::optional<Refusal> parse_refusal(json const& item)
{
    if (!item.is_object())
        return std::nullopt;
    auto const seq = count_in(item, "seq");
    auto code = text_in(item, "code");
    auto detail = text_in(item, "detail");
    if (!seq || !code || code->empty() || !detail)
        return std::nullopt;
    return Refusal {*seq, std::move(*code), std::move(*detail)};
}

}

std::optional<UploadReply> parse_upload_reply(
    std::string_view body, std::span<std::int64_t const> seqs, std::string_view batch)
{
    auto const reply = json::parse(body, nullptr, false);
    if (!reply.is_object())
        return std::nullopt;
    auto const acknowledged = count_in(reply, "acknowledged");
    auto const duplicates = count_in(reply, "duplicates");
    auto const refused = reply.find("refused");
    if (!acknowledged || !duplicates || *duplicates > *acknowledged || refused == reply.end()
        || !refused->is_array() || refused->size() > seqs.size()
        || static_cast<std::size_t>(*acknowledged) != seqs.size() - refused->size())
        return std::nullopt;
    // It may add up and be about another batch: a proxy that mixes up two exchanges, or no hub at all.
    if (auto const about = reply.find("batch"); about == reply.end() || *about != batch)
        return std::nullopt;

    UploadReply result {*acknowledged, *duplicates, {}};
    for (auto const& item : *refused) {
        auto refusal = parse_refusal(item);
        if (!refusal || !std::ranges::binary_search(seqs, refusal->seq)
            || std::ranges::find(result.refused, refusal->seq, &Refusal::seq) != result.refused.end())
            return std::nullopt;
        result.refused.push_back(std::move(*refusal));
    }
    return result;
}

std::optional<HubError> parse_hub_error(std::string_view body)
{
    auto const reply = json::parse(body, nullptr, false);
    if (!reply.is_object())
        return std::nullopt;
    auto const error = reply.find("error");
    if (error == reply.end() || !error->is_object())
        return std::nullopt;
    auto code = text_in(*error, "code");
    if (!code || code->empty())
        return std::nullopt;
    return HubError {std::move(*code), text_in(*error, "detail").value_or("")};
}

}

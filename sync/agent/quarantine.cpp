#include "sync/agent/quarantine.h"

#include "platform/os/files.h"
#include "sync/agent/pending_file.h"
#include "sync/agent/plain_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace listenpost::sync {
namespace {

using nlohmann::json;

constexpr std::size_t max_request_bytes = 1024UL * 1024;

std::optional<RetryRequest> read_request(std::string_view text)
{
    auto const request = json::parse(text, nullptr, false);
    if (!request.is_object() || !request.contains("all") || !request["all"].is_boolean()
        || !request.contains("seqs") || !request["seqs"].is_array())
        return std::nullopt;
    RetryRequest result {request["all"].get<bool>(), {}};
    for (auto const& seq : request["seqs"]) {
        if (!seq.is_number_unsigned())
            return std::nullopt;
        result.seqs.push_back(seq.get<std::int64_t>());
    }
    return result;
}

}

Result<> leave_retry(DataFolder const& folder, RetryRequest const& request)
{
    RetryRequest merged = request;
    if (auto const text = read_file(folder.pending_retry(), max_request_bytes))
        if (auto const earlier = read_request(*text)) {
            merged.all = merged.all || earlier->all;
            merged.seqs.insert(merged.seqs.end(), earlier->seqs.begin(), earlier->seqs.end());
        }
    std::ranges::sort(merged.seqs);
    // Not std::ranges::unique: clang 14, which builds the fuzzers, cannot compile what it returns.
    merged.seqs.erase(std::unique(merged.seqs.begin(), merged.seqs.end()), merged.seqs.end());
    return write_file_atomically(
        folder.pending_retry(), json {{"all", merged.all}, {"seqs", merged.seqs}}.dump());
}

Result<std::optional<std::int64_t>> adopt_retry(DataFolder const& folder, DeliveryStore& delivery)
{
    auto const text = take_pending(folder.pending_retry(), max_request_bytes);
    if (!text)
        return fail(text.error());
    if (!*text)
        return std::optional<std::int64_t>();
    auto const request = read_request(**text);
    if (!request) {
        LISTENPOST_TRY(finish_pending(folder.pending_retry()));
        return fail(Errc::Corrupt, "a wish to send again was left unreadable, and removed: say it again");
    }
    auto const marked = delivery.request_retry(*request);
    if (!marked)
        return fail(marked.error());
    LISTENPOST_TRY(finish_pending(folder.pending_retry()));
    return *marked;
}

std::string quarantine_to_json(std::vector<Quarantined> const& list)
{
    json items = json::array();
    for (auto const& item : list)
        items.push_back({{"install", item.install}, {"seq", item.refusal.seq}, {"code", item.refusal.code},
            {"detail", item.refusal.detail}, {"at_ms", item.at.time_since_epoch().count()},
            {"retry", item.retry}});
    return items.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string quarantine_to_text(std::vector<Quarantined> const& list)
{
    if (list.empty())
        return "nothing is in quarantine\n";
    std::string out;
    for (auto const& item : list) {
        out += "response " + std::to_string(item.refusal.seq) + " of " + item.install.substr(0, 8) + ", "
            + local_time(item.at) + ": " + item.refusal.code + ": " + item.refusal.detail;
        if (item.retry)
            out += " (will be sent again)";
        else if (item.refusal.code == conflict_code)
            out += " (the kiosk gives it another number by itself)";
        out += '\n';
    }
    return out;
}

}

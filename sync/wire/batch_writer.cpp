#include "sync/wire/batch_writer.h"

#include "kiosk/model/response.h"

#include <charconv>
#include <limits>

namespace listenpost::sync {
namespace {

constexpr std::string_view end_of_batch = "]}";

void append_integer(std::string& out, std::int64_t value)
{
    char digits[std::numeric_limits<std::int64_t>::digits10 + 3];
    auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

void append_flag(std::string& out, bool value) { out += value ? "true" : "false"; }

}

void BatchWriter::begin(std::string_view install, Stamp const& sent)
{
    seqs_.clear();
    json_.clear();
    json_ += R"({"v":)";
    append_integer(json_, limits::wire_version);
    json_ += R"(,"install":)";
    kiosk::append_json_string(json_, install);
    json_ += R"(,"sent":{"wall_ms":)";
    append_integer(json_, sent.wall.time_since_epoch().count());
    json_ += R"(,"steady_ms":)";
    append_integer(json_, sent.steady.time_since_epoch().count());
    json_ += R"(,"boot":)";
    kiosk::append_json_string(json_, sent.boot_id);
    json_ += R"(,"clock_set":)";
    append_flag(json_, sent.wall_is_set);
    json_ += R"(},"responses":[)";
}

bool BatchWriter::add(kiosk::StoredResponse const& response)
{
    if (!seqs_.empty() && seqs_.size() >= limits_.max_responses)
        return false;
    std::size_t const before = json_.size();
    json_ += seqs_.empty() ? R"({"seq":)" : R"(,{"seq":)";
    append_integer(json_, response.seq);
    json_ += R"(,"opened_ms":)";
    append_integer(json_, response.opened_ms);
    json_ += R"(,"took_ms":)";
    append_integer(json_, response.took_ms);
    json_ += R"(,"steady_ms":)";
    append_integer(json_, response.steady_ms);
    json_ += R"(,"answers":)";
    // As the kiosk wrote it. Should the disk have spoilt it, the hub says so, and this one is set aside.
    json_ += response.answers;
    if (!response.comment.empty()) {
        json_ += R"(,"comment":)";
        kiosk::append_json_string(json_, response.comment);
    }
    if (!response.flags.empty()) {
        json_ += R"(,"flags":)";
        json_ += response.flags; // likewise as the kiosk wrote it
    }
    json_ += R"(,"outcome":)";
    kiosk::append_json_string(json_, response.outcome);
    json_ += R"(,"closed_by":)";
    kiosk::append_json_string(json_, response.closed_by);
    json_ += R"(,"clock_set":)";
    append_flag(json_, response.clock_set);
    json_ += R"(,"boot":)";
    kiosk::append_json_string(json_, response.boot_id);
    json_ += R"(,"survey":)";
    kiosk::append_json_string(json_, response.survey);
    json_ += R"(,"survey_version":)";
    append_integer(json_, response.survey_version);
    json_ += R"(,"touchpoint":)";
    kiosk::append_json_string(json_, response.touchpoint);
    json_ += R"(,"lang":)";
    kiosk::append_json_string(json_, response.language);
    json_ += '}';
    if (!seqs_.empty() && json_.size() + end_of_batch.size() > limits_.max_bytes) {
        json_.resize(before);
        return false;
    }
    seqs_.push_back(response.seq);
    return true;
}

std::string_view BatchWriter::finish()
{
    json_ += end_of_batch;
    return json_;
}

}

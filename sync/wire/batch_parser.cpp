#include "sync/wire/batch_parser.h"

#include "sync/wire/limits.h"
#include "sync/wire/response_reader.h"

#include <algorithm>
#include <cstdlib>
#include <simdjson.h>

namespace listenpost::sync {
namespace {

namespace ondemand = simdjson::ondemand;
namespace dom = simdjson::dom;

tl::unexpected<Error> bad_batch(std::string detail) { return fail(Errc::Invalid, std::move(detail)); }

tl::unexpected<Error> bad_batch(std::string_view place, simdjson::error_code error)
{
    return bad_batch(std::string(place) + ": " + simdjson::error_message(error));
}

bool is_hex(std::string_view text)
{
    return std::ranges::all_of(text,
        [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

Result<> read_version(ondemand::value value)
{
    std::int64_t version = 0;
    if (value.get_int64().get(version) != simdjson::SUCCESS)
        return bad_batch("v is not an integer");
    if (version != limits::wire_version)
        return fail(Errc::NotFound, "this hub speaks wire version 1, not " + std::to_string(version));
    return {};
}

Result<> read_install(ondemand::value value, std::string& install)
{
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS || text.size() != limits::install_digits
        || !is_hex(text))
        return bad_batch("install is not 32 hex digits");
    install = text;
    std::ranges::transform(
        install, install.begin(), [](char c) { return c >= 'A' && c <= 'F' ? char(c + 32) : c; });
    return {};
}

/// The members that `sent` and each of `clocks` share. `place`: how the error calls it.
Result<> read_clock(ondemand::object& object, std::string_view place, kiosk::BootClock& clock)
{
    auto const bad = [&](char const* what) { return bad_batch(std::string(place) + what); };
    std::string_view boot;
    if (object["wall_ms"].get_int64().get(clock.wall_ms) != simdjson::SUCCESS || clock.wall_ms < 0
        || clock.wall_ms > limits::max_wall_ms)
        return bad(".wall_ms is missing or no time");
    if (object["steady_ms"].get_int64().get(clock.steady_ms) != simdjson::SUCCESS || clock.steady_ms < 0
        || clock.steady_ms > limits::max_integer)
        return bad(".steady_ms is missing or no time");
    if (object["boot"].get_string().get(boot) != simdjson::SUCCESS || boot.size() > limits::max_boot_bytes)
        return bad(".boot is missing, no text or too long");
    clock.boot_id = boot;
    return {};
}

Result<> read_sent(ondemand::value value, SentClocks& sent)
{
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS)
        return bad_batch("sent is not an object");
    kiosk::BootClock clock;
    LISTENPOST_TRY(read_clock(object, "sent", clock));
    sent.wall_ms = clock.wall_ms;
    sent.steady_ms = clock.steady_ms;
    sent.boot = std::move(clock.boot_id);
    if (object["clock_set"].get_bool().get(sent.clock_set) != simdjson::SUCCESS)
        return bad_batch("sent.clock_set is missing or neither true nor false");
    return {};
}

Result<> read_clocks(ondemand::value value, std::vector<kiosk::BootClock>& clocks)
{
    ondemand::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
        return bad_batch("clocks is not a list");
    for (auto item : list) {
        std::string const place = "clocks[" + std::to_string(clocks.size()) + "]";
        if (clocks.size() == limits::max_clocks)
            return fail(Errc::Full, "more than " + std::to_string(limits::max_clocks) + " clocks");
        ondemand::object object;
        if (item.get_object().get(object) != simdjson::SUCCESS)
            return bad_batch(place + " is not an object");
        LISTENPOST_TRY(read_clock(object, place, clocks.emplace_back()));
    }
    std::ranges::sort(clocks, {}, &kiosk::BootClock::boot_id);
    auto const twice = std::ranges::adjacent_find(clocks, {}, &kiosk::BootClock::boot_id);
    if (twice != clocks.end())
        return bad_batch("a boot stands twice in clocks");
    return {};
}

}

Result<std::uint64_t> digest_without_text(std::string_view json)
{
    dom::parser parser;
    dom::object object;
    ResponseReader reader(ResponseReader::From::Log);
    ParsedResponse response;
    if (parser.parse(json.data(), json.size()).get_object().get(object) != simdjson::SUCCESS
        || !reader.read(object, response) || response.refusal)
        return fail(Errc::Corrupt, "a row of the log is no response");
    return reader.digest_without_text(response);
}

/// Two passes: on-demand splits the batch into its responses without looking into
/// them, so their text can be kept as it came; the DOM then checks every byte of each,
/// because HQ's reader must never meet a line that is not JSON.
struct BatchParser::Impl {
    ondemand::parser splitter;
    dom::parser checker;
    ResponseReader reader;

    Impl()
    {
        if (checker.allocate(limits::max_response_bytes, limits::max_depth) != simdjson::SUCCESS)
            std::abort(); // no memory for 64 KiB at start
    }

    Result<> read_response(std::string_view raw, ParsedResponse& response, std::string& compacted);
    Result<> read_responses(ondemand::value value, ParsedBatch& batch, std::string& compacted);
    Result<> read_document(
        ParsedBatch& batch, std::string const& text, std::size_t bytes, std::string& compacted);
};

Result<> BatchParser::Impl::read_response(
    std::string_view raw, ParsedResponse& response, std::string& compacted)
{
    while (!raw.empty() && raw.back() != '}')
        raw.remove_suffix(1); // blanks before the comma belong to nobody
    dom::element element;
    // `raw` lies within a padded text: simdjson may read beyond it without a copy.
    if (auto const error = checker.parse(raw.data(), raw.size(), false).get(element))
        return fail(Errc::Invalid, simdjson::error_message(error));
    dom::object object;
    if (auto const error = element.get_object().get(object))
        return fail(Errc::Invalid, simdjson::error_message(error));
    LISTENPOST_TRY(reader.read(object, response));
    if (!response.refusal && raw.size() > limits::max_response_bytes)
        response.refusal = RefusalReason {"invalid",
            "the response has " + std::to_string(raw.size()) + " bytes; at most "
                + std::to_string(limits::max_response_bytes)};
    response.raw_json = raw;
    if (raw.find('\n') == std::string_view::npos && raw.find('\r') == std::string_view::npos)
        return {};
    // One response is one line of HQ's file. `compacted` has room for the whole batch: it never moves.
    std::size_t const start = compacted.size();
    std::size_t length = 0;
    compacted.resize(start + raw.size() + simdjson::SIMDJSON_PADDING);
    if (auto const error = simdjson::minify(raw.data(), raw.size(), compacted.data() + start, length))
        return fail(Errc::Invalid, simdjson::error_message(error));
    compacted.resize(start + length);
    response.raw_json = {compacted.data() + start, length};
    return {};
}

Result<> BatchParser::Impl::read_responses(ondemand::value value, ParsedBatch& batch, std::string& compacted)
{
    ondemand::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
        return bad_batch("responses is not a list");
    std::int64_t previous = 0;
    for (auto item : list) {
        std::size_t const index = batch.responses.size();
        auto const place = [&] { return "responses[" + std::to_string(index) + "]"; };
        if (index == limits::max_responses)
            return fail(Errc::Full, "more than " + std::to_string(limits::max_responses) + " responses");
        ondemand::object object;
        if (auto const error = item.get_object().get(object))
            return bad_batch(place(), error);
        std::string_view raw;
        if (auto const error = object.raw_json().get(raw))
            return bad_batch(place(), error);
        auto& response = batch.responses.emplace_back();
        if (auto read = read_response(raw, response, compacted); !read)
            return bad_batch(place() + ": " + read.error().detail);
        // Were one seq there twice, a refusal could not say which of the two it means.
        if (response.seq <= previous)
            return bad_batch(place() + ".seq is " + std::to_string(response.seq) + " after "
                + std::to_string(previous) + "; they must ascend");
        previous = response.seq;
    }
    return {};
}

Result<> BatchParser::Impl::read_document(
    ParsedBatch& batch, std::string const& text, std::size_t bytes, std::string& compacted)
{
    ondemand::document document;
    if (auto const error = splitter.iterate(text.data(), bytes, text.size()).get(document))
        return bad_batch("the batch", error);
    ondemand::object object;
    if (auto const error = document.get_object().get(object))
        return bad_batch("the batch", error);

    bool has_version = false;
    bool has_install = false;
    bool has_sent = false;
    bool has_responses = false;
    bool has_clocks = false;
    for (auto field : object) {
        std::string_view name;
        ondemand::value value;
        if (auto const error = field.unescaped_key().get(name))
            return bad_batch("the batch", error);
        if (auto const error = field.value().get(value))
            return bad_batch("the batch", error);
        bool* seen = name == "v"  ? &has_version
            : name == "install"   ? &has_install
            : name == "sent"      ? &has_sent
            : name == "responses" ? &has_responses
            : name == "clocks"    ? &has_clocks
                                  : nullptr;
        if (!seen)
            continue;
        if (*seen)
            return bad_batch("a field of the batch stands twice");
        *seen = true;
        if (seen == &has_version)
            LISTENPOST_TRY(read_version(value));
        else if (seen == &has_install)
            LISTENPOST_TRY(read_install(value, batch.install));
        else if (seen == &has_sent)
            LISTENPOST_TRY(read_sent(value, batch.sent));
        else if (seen == &has_clocks)
            LISTENPOST_TRY(read_clocks(value, batch.clocks));
        else
            LISTENPOST_TRY(read_responses(value, batch, compacted));
    }
    // Something after the end would be acknowledged without having been read.
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return bad_batch("the batch does not end where its object ends");
    if (!has_version)
        return bad_batch("v is missing");
    if (!has_install)
        return bad_batch("install is missing");
    if (!has_sent)
        return bad_batch("sent is missing");
    if (!has_responses)
        return bad_batch("responses is missing");
    return {};
}

BatchParser::BatchParser()
    : impl_(std::make_unique<Impl>())
{
}

BatchParser::BatchParser(BatchParser&&) noexcept = default;
BatchParser& BatchParser::operator=(BatchParser&&) noexcept = default;
BatchParser::~BatchParser() = default;

Result<ParsedBatch> BatchParser::parse(std::string text)
{
    ParsedBatch batch;
    std::size_t const bytes = text.size();
    if (bytes > limits::max_unpacked_bytes)
        return fail(Errc::Full, "the batch has " + std::to_string(bytes) + " bytes unpacked");
    text.append(simdjson::SIMDJSON_PADDING, ' ');
    batch.text_ = std::make_unique<std::string>(std::move(text));
    batch.compacted_ = std::make_unique<std::string>();
    batch.compacted_->reserve(bytes + simdjson::SIMDJSON_PADDING);
    LISTENPOST_TRY(impl_->read_document(batch, *batch.text_, bytes, *batch.compacted_));
    return batch;
}

}

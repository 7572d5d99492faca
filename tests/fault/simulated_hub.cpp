#include "tests/fault/simulated_hub.h"

#include "sync/hub/secrets.h"
#include "tests/support/hub_acts.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>

namespace listenpost::test {
namespace {

namespace asio = boost::asio;

std::string_view header(HttpRequest const& request, std::string_view name)
{
    for (auto const& each : request.headers)
        if (each.name == name)
            return each.value;
    return {};
}

sync::ApiReply answer(sync::Api& api, HttpRequest const& request)
{
    sync::RequestHead head;
    head.method = request.method;
    head.target = std::string_view(request.url).substr(request.url.find('/', sizeof "https://"));
    head.authorization = header(request, "Authorization");
    head.content_type = header(request, "Content-Type");
    head.content_encoding = header(request, "Content-Encoding");
    head.says_its_length = true;
    std::string body(request.body);
    auto const exchange = [&]() -> asio::awaitable<sync::ApiReply> {
        auto admitted = co_await api.admit(head);
        if (auto* const refused = std::get_if<sync::ApiReply>(&admitted))
            co_return std::move(*refused);
        co_return co_await api.answer(std::get<sync::Admission>(admitted), head, body);
    };
    sync::ApiReply reply;
    asio::io_context loop(1);
    asio::co_spawn(loop, exchange(), [&reply](std::exception_ptr const& thrown, sync::ApiReply answered) {
        if (thrown)
            std::rethrow_exception(thrown);
        reply = std::move(answered);
    });
    loop.run();
    return reply;
}

}

SimulatedHub::SimulatedHub(std::filesystem::path const& folder, Clock const& clock)
    : machine_(folder)
    , clock_(clock)
{
}

SimulatedHub::~SimulatedHub() { stop(); }

bool SimulatedHub::start()
{
    stop();
    auto const path = machine_.folder() / "hub.db";
    auto storage = sync::open_sqlite_storage(path);
    if (!storage)
        return false;
    storage_ = std::move(*storage);
    auto readers = sync::Api::Readers::open(*storage_);
    auto reader = storage_->open_reader();
    if (!readers || !reader) {
        stop();
        return false;
    }
    reader_ = std::move(*reader);
    if (auto const done = take_box_up(); !done) {
        stop();
        return false;
    }
    writer_ = std::make_unique<sync::WriterQueue>(*storage_, sync::WriterQueue::Limits {});
    api_ = std::make_unique<sync::Api>(*writer_, std::move(*readers), clock_, sync::no_limits, metrics_);
    return true;
}

void SimulatedHub::stop()
{
    api_.reset();
    writer_.reset();
    reader_.reset();
    storage_.reset();
}

Result<> SimulatedHub::take_box_up()
{
    auto const hash = sync::hash_of_secret(token);
    auto const known = reader_->find_sender(hash);
    if (!known)
        return fail(known.error());
    if (*known) {
        box_taken_up_ = true;
        return {};
    }
    if (box_taken_up_)
        return fail(Errc::Corrupt, "the hub has forgotten a box that it has enrolled");
    // What an earlier attempt has done stays done: Invalid.
    auto const code = sync::hash_of_secret("K7QM3WZX9FHD");
    auto const added
        = storage_->registry().add_store({"sh-001", "人民广场店", "", "", "Asia/Shanghai"}, act_at(1));
    if (!added && added.error().code != Errc::Invalid)
        return added;
    auto const invited = storage_->registry().add_invite(code, "sh-001", "front door", 2, act_at(1));
    if (!invited && invited.error().code != Errc::Invalid)
        return invited;
    auto const enrolled = storage_->registry().enrol(code, "dev_1", hash, "front door", 1);
    if (!enrolled)
        return fail(enrolled.error());
    box_taken_up_ = true;
    return {};
}

Result<HttpReply> SimulatedHub::send(HttpRequest const& request, std::filesystem::path const&)
{
    if (!is_up())
        return fail(Errc::Unreachable, "the hub is down");
    auto reply = answer(*api_, request);
    if (!machine_.is_on())
        return fail(Errc::Unreachable, "the hub's power went");
    HttpReply received;
    received.status = static_cast<int>(reply.status);
    received.headers = {{"Content-Type", reply.content_type}};
    for (auto const& [name, value] : reply.headers)
        received.headers.push_back({name, value});
    received.body = std::move(reply.body);
    return received;
}

Result<sync::Cursor> SimulatedHub::read(sync::Cursor from, std::size_t max_rows, std::vector<Row>& rows)
{
    return reader_->read_page(from, {max_rows}, [&rows](sync::LogRow const& row) {
        rows.push_back({std::string(row.install), row.seq, std::string(row.raw_json),
            std::string(row.store) + " " + std::string(row.device)});
    });
}

Result<std::vector<SimulatedHub::Row>> SimulatedHub::read_all()
{
    constexpr std::size_t page_rows = 7;
    std::vector<Row> rows;
    sync::Cursor cursor;
    for (;;) {
        std::size_t const before = rows.size();
        auto const next = read(cursor, page_rows, rows);
        if (!next)
            return fail(next.error());
        if (rows.size() == before)
            return rows;
        cursor = *next;
    }
}

bool SimulatedHub::pull(std::size_t max_rows)
{
    if (!is_up())
        return false;
    std::vector<Row> rows;
    auto const next = read(cursor_, max_rows, rows);
    if (!next) // the reply broke off: what has come of it is thrown away with it
        return false;
    pulled_.insert(pulled_.end(), rows.begin(), rows.end());
    cursor_ = *next;
    return true;
}

void SimulatedHub::check_mark(std::string const& install, std::int64_t seq, Findings& findings)
{
    auto const rows = read_all();
    if (!rows)
        return; // a disk that fails now; the check at the end will have it
    std::map<std::int64_t, int> there;
    for (auto const& row : *rows)
        if (row.install == install)
            ++there[row.seq];
    for (std::int64_t each = 1; each <= seq; ++each)
        if (!there.contains(each))
            findings.add_lost(
                "the mark stands at " + std::to_string(seq) + ", but the hub has no " + std::to_string(each));
}

void SimulatedHub::check(Promises const& promises, Findings& findings)
{
    auto rows = read_all();
    if (!rows) {
        findings.add_lost("hub.db cannot be read: " + rows.error().detail);
        return;
    }
    constexpr std::size_t many = 1'000'000;
    if (!pull(many))
        findings.add_stuck("HQ's cursor leads nowhere any more");
    std::vector<Said> said;
    for (auto const& row : *rows) {
        if (auto each = said_in_json(row.raw_json))
            said.push_back(std::move(*each));
        else
            findings.add_lost("hub.db has a row that is no response: " + row.raw_json);
    }
    promises.check(said, "hub.db", findings);

    std::ranges::sort(*rows);
    std::ranges::sort(pulled_);
    for (std::size_t i = 1; i < rows->size(); ++i)
        if ((*rows)[i - 1].install == (*rows)[i].install && (*rows)[i - 1].seq == (*rows)[i].seq)
            findings.add_twice("hub.db has a response twice, seq " + std::to_string((*rows)[i].seq));
    if (*rows != pulled_)
        findings.add_lost("HQ has pulled " + std::to_string(pulled_.size()) + " rows, the hub has "
            + std::to_string(rows->size()) + ", and they are not the same");
}

}

#include "platform/os/files.h"
#include "platform/sqlite/database.h"
#include "sync/hub/commands.h"
#include "sync/hub/erased_text.h"
#include "sync/wire/compression.h"
#include "tests/support/captured_stderr.h"
#include "tests/support/http_stub.h"
#include "tests/sync/hub/running_hub.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace listenpost;
using namespace listenpost::test;

namespace {

/// `listenpost-hub pull … >> FILE`, in this process.
class Reader {
public:
    explicit Reader(RunningHub const& hub)
        : rows_(hub.folder / "rows.ndjson")
    {
        options.hub = hub.server->url();
        options.token_file = hub.folder / "token";
        options.cursor_file = hub.folder / "cursor";
        REQUIRE(write_file_atomically(options.token_file, hub.reader_token));
    }

    int pull() const
    {
        std::fflush(stdout);
        int const kept = ::dup(STDOUT_FILENO);
        int const file = ::open(rows_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        ::dup2(file, STDOUT_FILENO);
        int const code = sync::run_pull(options);
        ::dup2(kept, STDOUT_FILENO);
        ::close(file);
        ::close(kept);
        return code;
    }
    std::string rows() const { return read_file(rows_, 1'000'000).value_or(""); }
    void write_rows(std::string_view text) const { REQUIRE(write_file_atomically(rows_, text)); }

    sync::PullOptions options;

private:
    std::filesystem::path rows_;
};

/// No file may become longer than this, as on a full disk.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const limit {bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_before_);
    }

private:
    rlimit before_ {};
    void (*signal_before_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

}

TEST_CASE("Pull prints each row once, run after run", "[sync][hub][pull]")
{
    RunningHub hub;
    hub.enrol();
    Reader const reader(hub);
    hub.upload(batch_json(install_id(1), {response_json(1), response_json(2)}));
    REQUIRE(reader.pull() == sync::exit_done);
    std::string const first = reader.rows();
    CHECK(std::ranges::count(first, '\n') == 2);
    CHECK(reader.pull() == sync::exit_done);
    CHECK(reader.rows() == first);

    SECTION("not beside another pull with the same cursor")
    {
        hub.upload(batch_json(install_id(1), {response_json(3)}));
        auto const other = FileLock::try_acquire(hub.folder / "cursor.lock");
        REQUIRE(other);
        CHECK(reader.pull() == sync::exit_failed);
        CHECK(reader.rows() == first);
    }
    SECTION("half a line that a killed one left does not spoil the next row")
    {
        hub.upload(batch_json(install_id(1), {response_json(3)}));
        reader.write_rows(first + "{\"store\":\"sh-0");
        REQUIRE(reader.pull() == sync::exit_done);
        std::string const after = reader.rows().substr(first.size());
        REQUIRE(after.starts_with("{\"store\":\"sh-0\n{"));
        CHECK(nlohmann::json::parse(after.substr(after.find('\n') + 1))["seq"] == 3);
    }
    SECTION("a disk that fills up leaves neither half a line nor a cursor ahead of the rows")
    {
        hub.upload(batch_json(install_id(1), {response_json(3)}));
        {
            FileSizeLimit const full(first.size() + 10);
            CHECK(reader.pull() == sync::exit_failed);
        }
        CHECK(reader.rows() == first);
        CHECK(reader.pull() == sync::exit_done);
        CHECK(std::ranges::count(reader.rows(), '\n') == 3);
    }
}

TEST_CASE("Pull goes on with a cursor only for the filter it began with", "[sync][hub][pull]")
{
    RunningHub hub;
    hub.enrol();
    Reader reader(hub);
    hub.upload(batch_json(install_id(1), {response_json(1, ""), response_json(2, "slow")}));
    reader.options.filter = {{"with_comment", "1"}, {"store", "sh-001"}};
    REQUIRE(reader.pull() == sync::exit_done);
    std::string const first = reader.rows();
    CHECK(std::ranges::count(first, '\n') == 1);
    hub.upload(batch_json(install_id(1), {response_json(3, "cold")}));

    SECTION("another filter, or none, is refused")
    {
        for (auto const& other : std::vector<decltype(reader.options.filter)> {
                 {}, {{"with_comment", "1"}}, {{"with_comment", "1"}, {"store", "sh-002"}}}) {
            reader.options.filter = other;
            CHECK(reader.pull() == sync::exit_failed);
        }
        CHECK(reader.rows() == first);
    }
    SECTION("the same in another order goes on")
    {
        reader.options.filter = {{"store", "sh-001"}, {"with_comment", "1"}, {"store", "sh-001"}};
        REQUIRE(reader.pull() == sync::exit_done);
        CHECK(std::ranges::count(reader.rows(), '\n') == 2);
    }
    SECTION("a cursor from before filters is one of everything")
    {
        auto const cursor = read_file(reader.options.cursor_file, 10'000).value();
        REQUIRE(write_file_atomically(reader.options.cursor_file, cursor.substr(0, cursor.find('\n') + 1)));
        CHECK(reader.pull() == sync::exit_failed);
        reader.options.filter.clear();
        REQUIRE(reader.pull() == sync::exit_done);
        CHECK(std::ranges::count(reader.rows(), '\n') == 2);
    }
    SECTION("a wrong one is refused before anybody is asked")
    {
        reader.options.hub = "http://127.0.0.1:1";
        reader.options.filter = {{"from", "yesterday"}};
        CHECK(reader.pull() == sync::exit_bad_use);
    }
}

TEST_CASE(
    "A filtered table has its columns' names once, even where the first pages are empty", "[sync][hub][pull]")
{
    RunningHub hub;
    hub.enrol();
    Reader reader(hub);
    reader.options.format = sync::PullFormat::Csv;
    reader.options.filter = {{"with_comment", "1"}};
    hub.upload(batch_json(install_id(1), {response_json(1, "")}));
    REQUIRE(reader.pull() == sync::exit_done);
    CHECK(std::ranges::count(reader.rows(), '\n') == 1);
    CHECK(reader.rows().starts_with("\xEF\xBB\xBFstore,"));
    hub.upload(batch_json(install_id(1), {response_json(2, "slow")}));
    REQUIRE(reader.pull() == sync::exit_done);
    CHECK(std::ranges::count(reader.rows(), '\n') == 2);
    CHECK(reader.rows().find("slow") != std::string::npos);
}

TEST_CASE("Pull of a hub from before filters gets everything, and takes no filter", "[sync][hub][pull]")
{
    RunningHub const hub; // for its folder and token
    Reader reader(hub);
    int asked = 0;
    HttpStub const old([&asked](StubRequest const& request) {
        ++asked;
        bool const is_new = request.head.find("cursor=") == std::string::npos;
        return StubReply {http_reply(200, is_new ? "{\"seq\":1}\n" : "", {"ListenPost-Cursor: AbC"})};
    });
    reader.options.hub = old.url();

    SECTION("the empty page is the end")
    {
        REQUIRE(reader.pull() == sync::exit_done);
        CHECK(reader.rows() == "{\"seq\":1}\n");
        CHECK(asked == 2);
        CHECK(read_file(reader.options.cursor_file, 100) == "AbC\n");
    }
    SECTION("what it has not filtered is not taken")
    {
        reader.options.filter = {{"negative", "1"}};
        CHECK(reader.pull() == sync::exit_failed);
        CHECK(reader.rows().empty());
        CHECK_FALSE(std::filesystem::exists(reader.options.cursor_file));
    }
}

TEST_CASE("Pull takes no packed page that is not whole", "[sync][hub][pull]")
{
    RunningHub const hub; // for its folder and token
    Reader reader(hub);
    auto const encoding = GENERATE(sync::Encoding::Gzip, sync::Encoding::Zstd);
    std::string const packed = sync::compress(encoding, "{\"seq\":1}\n{\"seq\":2}\n").value();
    std::string body;
    HttpStub const stub([&body, encoding](StubRequest const&) {
        return StubReply {http_reply(200, body,
            {"ListenPost-Cursor: AbC", "ListenPost-Log-End: true",
                std::string("Content-Encoding: ") + name(encoding)})};
    });
    reader.options.hub = stub.url();
    for (std::size_t cut = 0; cut < packed.size(); ++cut) {
        CAPTURE(cut);
        body = packed.substr(0, cut);
        CHECK(reader.pull() == sync::exit_failed);
    }
    CHECK(reader.rows().empty());
    CHECK_FALSE(std::filesystem::exists(reader.options.cursor_file));
    body = packed;
    REQUIRE(reader.pull() == sync::exit_done);
    CHECK(reader.rows() == "{\"seq\":1}\n{\"seq\":2}\n");
}

TEST_CASE("A page that was cut at any byte comes again whole", "[sync][hub][pull]")
{
    RunningHub hub;
    hub.enrol();
    Reader const reader(hub);
    hub.upload(batch_json(install_id(1), {response_json(1)}));
    REQUIRE(reader.pull() == sync::exit_done);
    std::string const before = reader.rows();
    auto const cursor = read_file(reader.options.cursor_file, 10'000).value();
    hub.upload(batch_json(install_id(1), {response_json(2), response_json(3)}));
    REQUIRE(reader.pull() == sync::exit_done);
    std::string const after = reader.rows();
    std::string const page = after.substr(before.size());

    for (std::size_t cut = 0; cut <= page.size(); cut += cut % 5 == 4 ? 1 : 7) {
        CAPTURE(cut);
        REQUIRE(write_file_atomically(reader.options.cursor_file, cursor));
        reader.write_rows(before + page.substr(0, cut));
        REQUIRE(reader.pull() == sync::exit_done);
        bool const is_torn = cut > 0 && page[cut - 1] != '\n';
        CHECK(reader.rows() == before + page.substr(0, cut) + (is_torn ? "\n" : "") + page);
    }
}

namespace {

/// What a query of one row and column says, as text.
std::string ask(std::filesystem::path const& file, std::string const& sql)
{
    auto database = sqlite::Database::open(file, sqlite::OpenMode::Reader);
    REQUIRE(database);
    auto statement = database->prepare(sql);
    REQUIRE(statement);
    REQUIRE(statement->step() == true);
    return std::string(statement->text(0));
}

}

TEST_CASE("Pull into a SQLite file has each response once, with its main fields", "[sync][hub][pull]")
{
    RunningHub hub;
    hub.enrol();
    Reader reader(hub);
    reader.options.into = hub.folder / "warehouse.db";
    auto const& file = reader.options.into;
    auto const count = [&] { return ask(file, "SELECT count(*) FROM responses"); };
    std::string flagged = response_json(2, "");
    flagged.insert(flagged.size() - 1, R"(,"flags":["burst","idle"])");
    hub.upload(batch_json(install_id(1), {response_json(1, "有点慢"), flagged}));
    REQUIRE(reader.pull() == sync::exit_done);
    CHECK(reader.rows().empty());
    CHECK(count() == "2");
    CHECK(ask(file,
              "SELECT line FROM (SELECT store || ' ' || install || ' ' || quality || service || cleanliness "
              "|| ' ' || took_ms || ' ' || survey || survey_version || touchpoint || lang || outcome || "
              "closed_by "
              "|| comment || flags AS line FROM responses WHERE seq = 1)")
        == "sh-001 " + install_id(1) + " 254 8120 qsc-restaurant1exitzh-CNcompletefinish有点慢");
    CHECK(ask(file, "SELECT flags FROM responses WHERE comment IS NULL") == "burst;idle");
    Reader const printed(hub);
    REQUIRE(printed.pull() == sync::exit_done);
    CHECK(
        ask(file, "SELECT group_concat(response || char(10), '') FROM (SELECT * FROM responses ORDER BY seq)")
        == printed.rows());

    hub.upload(batch_json(install_id(1), {response_json(3)}));
    REQUIRE(reader.pull() == sync::exit_done);
    REQUIRE(reader.pull() == sync::exit_done);
    CHECK(count() == "3");

    SECTION("a staff event in a table of its own, and among the responses not")
    {
        hub.upload(batch_json(install_id(1), {event_json(4), response_json(5), event_json(6, "")}));
        REQUIRE(reader.pull() == sync::exit_done);
        REQUIRE(reader.pull() == sync::exit_done);
        CHECK(count() == "4");
        CHECK(
            ask(file,
                "SELECT store || ' ' || install || ' ' || seq || ' ' || event || ' ' || of_install || ' ' || "
                "of_seq || ' ' || of_boot || ' ' || of_steady_ms || ' ' || state || ' ' || done_by || ' ' || "
                "note FROM events WHERE seq = 4")
            == "sh-001 " + install_id(1)
                + " 4 comment_handled 0123456789abcdef0123456789abcdef 17 9c1b 86390000 dealt_with LW "
                  "已致歉");
        CHECK(ask(file, "SELECT count(*) || ' ' || count(note) FROM events") == "2 1");
        Reader const again(hub);
        REQUIRE(again.pull() == sync::exit_done);
        CHECK(again.rows().find(ask(file, "SELECT line FROM events WHERE seq = 6") + "\n")
            != std::string::npos);
    }
    SECTION("another filter is refused")
    {
        reader.options.filter = {{"negative", "1"}};
        CHECK(reader.pull() == sync::exit_failed);
        CHECK(count() == "3");
    }
    SECTION("begun anew, what is there stays once")
    {
        REQUIRE(sqlite::Database::open(file, sqlite::OpenMode::Writer).value().execute("DELETE FROM pull"));
        hub.upload(batch_json(install_id(1), {response_json(4)}));
        REQUIRE(reader.pull() == sync::exit_done);
        CHECK(count() == "4");
    }
    SECTION("rows that cannot be kept leave the position where it was")
    {
        auto database = sqlite::Database::open(file, sqlite::OpenMode::Writer).value();
        REQUIRE(database.execute("CREATE TRIGGER no BEFORE INSERT ON responses WHEN new.seq = 5 "
                                 "BEGIN SELECT RAISE(ABORT, 'no'); END"));
        auto const before = ask(file, "SELECT cursor FROM pull");
        hub.upload(batch_json(install_id(1), {response_json(4), response_json(5)}));
        CHECK(reader.pull() == sync::exit_failed);
        CHECK(count() == "3");
        CHECK(ask(file, "SELECT cursor FROM pull") == before);
        REQUIRE(database.execute("DROP TRIGGER no"));
        REQUIRE(reader.pull() == sync::exit_done);
        CHECK(count() == "5");
    }
    SECTION("not beside another pull into the same file")
    {
        auto const other = FileLock::try_acquire(hub.folder / "warehouse.db.lock");
        REQUIRE(other);
        CHECK(reader.pull() == sync::exit_failed);
    }
}

TEST_CASE("Pull ends at a damaged row, and does not wait for it to heal", "[sync][hub][pull]")
{
    RunningHub hub;
    hub.enrol();
    hub.upload(batch_json(install_id(1), {response_json(1), response_json(2)}));
    auto database = sqlite::Database::open(hub.folder / "hub.db", sqlite::OpenMode::Writer).value();
    REQUIRE(
        database.execute("UPDATE log SET raw = replace(raw, '\"score\":2', '\"score\":5') WHERE seq = 2"));
    Reader reader(hub);
    reader.options.mode = GENERATE(sync::PullMode::UntilNothingNew, sync::PullMode::Follow);
    CHECK(reader.pull() == sync::exit_failed);
    CHECK(reader.rows().find("\"score\":5},{\"q\":\"service\"") == std::string::npos);
}

TEST_CASE("A staff note that was erased leaves what a pull has filled, and its event stays",
    "[sync][hub][pull][erase]")
{
    RunningHub hub;
    hub.enrol();
    Reader into(hub);
    into.options.into = hub.folder / "warehouse.db";
    auto const& file = into.options.into;
    hub.upload(
        batch_json(install_id(1), {response_json(1, "slow"), event_json(2, "Mr Li"), event_json(3, "us")}));
    REQUIRE(into.pull() == sync::exit_done);
    CHECK(ask(file, "SELECT note FROM events WHERE seq = 2") == "Mr Li");
    auto const erased = hub.ask_admin({{"op", "response.erase"}, {"id", install_id(1) + ":2"}});
    CHECK(erased == nlohmann::json {{"response", install_id(1) + ":2"}});
    REQUIRE(into.pull() == sync::exit_done);
    CHECK(ask(file, "SELECT group_concat(coalesce(note, '-') || done_by) FROM events") == "-LW,usLW");
    CHECK(ask(file, "SELECT count(*) FROM events WHERE line LIKE '%Li%'") == "0");
    CHECK(ask(file, "SELECT comment FROM responses") == "slow");
}

TEST_CASE("An erased text leaves every place that a pull has filled, and no row with it",
    "[sync][hub][pull][erase]")
{
    RunningHub hub;
    hub.enrol();
    // As filtered pulls have it, too: what they wanted of it is no longer there.
    auto const filter = GENERATE(std::vector<std::pair<std::string, std::string>> {},
        std::vector<std::pair<std::string, std::string>> {{"with_comment", "1"}},
        std::vector<std::pair<std::string, std::string>> {{"negative", "1"}, {"touchpoint", "exit"}},
        std::vector<std::pair<std::string, std::string>> {
            {"from", "1789999990000"}, {"to", "1789999990001"}, {"store", "sh-001"}});
    Reader into(hub);
    into.options.into = hub.folder / "warehouse.db";
    into.options.filter = filter;
    Reader printed(hub);
    printed.options.filter = filter;
    auto noted = response_json(1, "call me");
    noted.insert(noted.find(R"({"q":"service")"), R"({"q":"note","text":"13800138000"},)");
    hub.upload(batch_json(install_id(1), {noted, response_json(2, "slow")}));
    REQUIRE(into.pull() == sync::exit_done);
    REQUIRE(printed.pull() == sync::exit_done);
    auto const& file = into.options.into;
    CHECK(ask(file, "SELECT comment FROM responses WHERE seq = 1") == "call me");
    std::string const before = ask(file, "SELECT response FROM responses WHERE seq = 1");
    std::string const rows_before = printed.rows();

    auto const erased = hub.ask_admin({{"op", "response.erase"}, {"id", install_id(1) + ":1"}});
    CHECK(erased == nlohmann::json {{"response", install_id(1) + ":1"}});
    REQUIRE(into.pull() == sync::exit_done);
    CHECK(ask(file, "SELECT count(*) FROM responses") == "2");
    CHECK(ask(file, "SELECT comment IS NULL FROM responses WHERE seq = 1") == "1");
    CHECK(ask(file, "SELECT response FROM responses WHERE seq = 1") == sync::without_text(before).value());
    CHECK(ask(file, "SELECT comment FROM responses WHERE seq = 2") == "slow");
    CHECK(ask(file, "SELECT quality || service || cleanliness FROM responses WHERE seq = 1") == "254");
    REQUIRE(printed.pull() == sync::exit_done);
    auto const news = nlohmann::json::parse(printed.rows().substr(rows_before.size()));
    CHECK(news["event"] == "text_erased");
    CHECK(news["install"] == install_id(1));
    CHECK(news["seq"] == 1);

    // Who begins anew never sees it.
    Reader fresh(hub);
    fresh.options.into = hub.folder / "second.db";
    REQUIRE(fresh.pull() == sync::exit_done);
    CHECK(ask(fresh.options.into, "SELECT count(*) FROM responses") == "2");
    CHECK(ask(fresh.options.into,
              "SELECT count(*) FROM responses WHERE response LIKE '%13800138000%' OR comment = 'call me'")
        == "0");
}

TEST_CASE(
    "A pull whose token was revoked ends and says so, though it was to follow", "[sync][hub][pull][access]")
{
    RunningHub hub;
    Reader reader(hub);
    hub.ask_admin({{"op", "token.revoke"}, {"name", "hq"}});
    reader.options.mode = GENERATE(sync::PullMode::UntilNothingNew, sync::PullMode::Follow);
    std::string said;
    {
        CapturedStderr const log(said);
        CHECK(reader.pull() == sync::exit_failed);
    }
    CHECK_THAT(said, Catch::Contains("revoked"));
    CHECK(said.find(hub.reader_token) == std::string::npos);
}

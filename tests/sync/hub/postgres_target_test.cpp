#include "platform/postgres/connection.h"
#include "sync/hub/pull_target.h"
#include "sync/hub/row_format.h"
#include "tests/support/postgres_server.h"
#include "tests/sync/hub/batches.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

namespace {

/// A line as the hub sends it.
std::string line(std::int64_t seq, std::string const& comment = "ok")
{
    std::string text;
    auto const raw = response_json(seq, comment);
    sync::append_ndjson(
        text, {"sh-001", "dev_1", install_id(1), seq, 1'790'000'000'123, 1'789'999'990'000, raw});
    return text;
}

std::string event_line(std::int64_t seq, std::string const& event)
{
    std::string text;
    std::string const raw = R"({"seq":)" + std::to_string(seq) + R"(,"event":")" + event + "\"}";
    sync::append_ndjson(
        text, {"sh-001", "dev_1", install_id(1), seq, 1'790'000'000'456, 1'789'999'990'000, raw});
    return text;
}

std::unique_ptr<sync::PullTarget> open(std::string const& conninfo)
{
    auto target = sync::open_postgres_target(conninfo);
    REQUIRE(target);
    return std::move(*target);
}

/// What a query of one row and column of text says.
std::string ask(std::string const& conninfo, char const* sql)
{
    auto connection = postgres::Connection::open(conninfo);
    REQUIRE(connection);
    auto const rows = connection->run({"ask", sql});
    REQUIRE(rows);
    return std::string(rows->text(0, 0));
}

std::string seqs(std::string const& conninfo)
{
    return ask(conninfo, "SELECT string_agg(seq::text, ' ' ORDER BY seq) FROM responses");
}

}

TEST_CASE("Pull into PostgreSQL keeps rows and position together", "[sync][hub][pull]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto const target = open(conninfo);
    CHECK(target->position().value() == std::nullopt);
    REQUIRE(target->take(line(1, "有点慢") + line(2, ""), {"c1", "negative=1"}));
    CHECK(seqs(conninfo) == "1 2");
    CHECK(
        ask(conninfo,
            "SELECT concat_ws(' ', store, device, install, received_ms, at_ms, quality, service, "
            "cleanliness, "
            "survey, survey_version, touchpoint, lang, outcome, closed_by, took_ms, comment) FROM responses "
            "WHERE seq = 1")
        == "sh-001 dev_1 " + install_id(1)
            + " 1790000000123 1789999990000 2 5 4 qsc-restaurant 1 exit zh-CN complete finish 8120 有点慢");
    CHECK(ask(conninfo, "SELECT (comment IS NULL)::text FROM responses WHERE seq = 2") == "true");
    CHECK(ask(conninfo, "SELECT response FROM responses WHERE seq = 1") + "\n" == line(1, "有点慢"));

    auto const kept = open(conninfo)->position();
    REQUIRE(kept);
    REQUIRE(*kept);
    CHECK((*kept)->cursor == "c1");
    CHECK((*kept)->filter == "negative=1");

    SECTION("a row that is there stays, once")
    {
        REQUIRE(target->take(line(2, "another") + line(3), {"c2", "negative=1"}));
        CHECK(seqs(conninfo) == "1 2 3");
        CHECK(ask(conninfo, "SELECT (comment IS NULL)::text FROM responses WHERE seq = 2") == "true");
    }
    SECTION("a page that cannot be read leaves nothing behind")
    {
        CHECK_FALSE(target->take(line(3) + "{}\n", {"c2", "negative=1"}));
        CHECK_FALSE(target->take(line(3) + R"({"store":)", {"c2", "negative=1"}));
        CHECK(seqs(conninfo) == "1 2");
        CHECK(target->position().value()->cursor == "c1");
    }
    SECTION("a pull with another filter that began meanwhile is refused")
    {
        auto const refused = target->take(line(3), {"c2", ""});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::Invalid);
        CHECK(seqs(conninfo) == "1 2");
    }
    SECTION("the character 0 costs no response")
    {
        REQUIRE(target->take(line(3, R"(a\u0000b)"), {"c2", "negative=1"}));
        CHECK(ask(conninfo, "SELECT comment FROM responses WHERE seq = 3") == "ab");
        CHECK(ask(conninfo, "SELECT response FROM responses WHERE seq = 3") + "\n" == line(3, R"(a\u0000b)"));
    }
    SECTION("a staff event in a table of its own, and among the responses not")
    {
        std::string event;
        auto const raw = event_json(3);
        sync::append_ndjson(
            event, {"sh-001", "dev_1", install_id(1), 3, 1'790'000'000'123, 1'789'999'995'000, raw});
        REQUIRE(target->take(event + line(4), {"c2", "negative=1"}));
        REQUIRE(target->take(event, {"c3", "negative=1"}));
        CHECK(seqs(conninfo) == "1 2 4");
        CHECK(ask(conninfo,
                  "SELECT string_agg(concat_ws(' ', store, install, seq, received_ms, at_ms, event, "
                  "of_install, "
                  "of_seq, of_boot, of_steady_ms, state, done_by, note), ';') FROM events")
            == "sh-001 " + install_id(1)
                + " 3 1790000000123 1789999995000 comment_handled 0123456789abcdef0123456789abcdef 17 9c1b "
                  "86390000 dealt_with LW 已致歉");
        CHECK(ask(conninfo, "SELECT line FROM events") + "\n" == event);
    }
    SECTION("more rows than one statement takes")
    {
        std::string page;
        for (int seq = 3; seq <= 2'500; ++seq)
            page += line(seq);
        REQUIRE(target->take(page, {"c2", "negative=1"}));
        CHECK(ask(conninfo, "SELECT (count(*) || ' ' || max(seq)) FROM responses") == "2500 2500");
    }
}

TEST_CASE("Pull into PostgreSQL blanks an erased text, and counts no row for it", "[sync][hub][pull][erase]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto const target = open(conninfo);
    REQUIRE(target->take(line(1, "mine") + line(2, "theirs"), {"c1", ""}));
    // In one page with its response, and of one that this pull has not had.
    REQUIRE(target->take(event_line(1, "text_erased") + line(3, "mine too") + event_line(3, "text_erased")
            + event_line(9, "text_erased"),
        {"c2", ""}));
    // A kind from the future is not passed over: the cursor would be past it for good.
    CHECK(target->take(line(4) + event_line(2, "something_new"), {"c3", ""}).error().code == Errc::Invalid);
    CHECK(target->position().value()->cursor == "c2");
    CHECK(seqs(conninfo) == "1 2 3");
    CHECK(ask(conninfo, "SELECT string_agg(coalesce(comment, '-'), ' ' ORDER BY seq) FROM responses")
        == "- theirs -");
    CHECK(ask(conninfo, "SELECT count(*)::text FROM responses WHERE response LIKE '%mine%'") == "0");
    CHECK(ask(conninfo, "SELECT response::jsonb ->> 'outcome' FROM responses WHERE seq = 1") == "complete");
    CHECK(ask(conninfo, "SELECT quality::text FROM responses WHERE seq = 1") == "2");
    // A staff event's note, in one page with it and in the next.
    auto const staff_event = [](std::int64_t seq) {
        std::string text;
        auto const raw = event_json(seq, "Mr Li");
        sync::append_ndjson(text, {"sh-001", "dev_1", install_id(1), seq, 1, 2, raw});
        return text;
    };
    REQUIRE(target->take(staff_event(5) + staff_event(6) + event_line(5, "text_erased"), {"c2", ""}));
    CHECK(ask(conninfo, "SELECT string_agg(coalesce(note, '-'), ' ' ORDER BY seq) FROM events") == "- Mr Li");
    REQUIRE(target->take(event_line(6, "text_erased"), {"c2", ""}));
    CHECK(ask(conninfo, "SELECT string_agg(coalesce(note, '-') || done_by, ' ') FROM events") == "-LW -LW");
    CHECK(ask(conninfo, "SELECT count(*)::text FROM events WHERE line LIKE '%Li%'") == "0");
    // Begun anew from a copy of the page that still has the text.
    REQUIRE(target->take(line(1, "mine"), {"c3", ""}));
    CHECK(ask(conninfo, "SELECT count(*)::text FROM responses WHERE response LIKE '%mine%'") == "0");
}

TEST_CASE("Pull into PostgreSQL goes on when the server was killed and came back", "[sync][hub][pull]")
{
    auto& server = PostgresServer::shared();
    auto const conninfo = server.make_database();
    auto const target = open(conninfo);
    REQUIRE(target->take(line(1), {"c1", ""}));
    server.kill();
    auto const lost = target->take(line(2), {"c2", ""});
    auto const still = target->take(line(2), {"c2", ""});
    server.start();
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == Errc::Unreachable);
    REQUIRE_FALSE(still);
    CHECK(still.error().code == Errc::Unreachable);
    REQUIRE(target->take(line(2), {"c2", ""}));
    CHECK(seqs(conninfo) == "1 2");
    CHECK(target->position().value()->cursor == "c2");
}

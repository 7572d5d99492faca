#include "platform/postgres/connection.h"

#include "tests/support/postgres_server.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <limits>

using namespace listenpost;
using namespace listenpost::postgres;
using namespace listenpost::test;
using namespace std::string_view_literals;

namespace {

Connection connect(std::string const& conninfo = PostgresServer::shared().conninfo())
{
    auto connection = Connection::open(conninfo);
    REQUIRE(connection);
    return std::move(*connection);
}

/// The code and the words of a statement's failure.
Error failure_of(Connection& connection, char const* sql)
{
    auto const done = connection.execute(sql);
    REQUIRE_FALSE(done);
    return done.error();
}

}

TEST_CASE("PostgreSQL: values go there and back as they are", "[platform][postgres]")
{
    auto connection = connect();
    constexpr Statement echo {
        "echo", "SELECT $1::bigint, $2::integer, $3::text, $4::bytea, $5::bigint, $6::text"};
    auto const lowest = std::numeric_limits<std::int64_t>::min();
    std::string_view const text = "慢 'quoted\" \\ $1; -- DROP"sv;
    std::string_view const bytes = "\0\x01\xff\\x"sv;
    Parameters parameters;
    parameters.add(lowest).add(std::int32_t {-7}).add(text).add_bytes(bytes).add_null().add(""sv);
    for (int again = 0; again < 2; ++again) {
        auto const rows = connection.run(echo, parameters);
        REQUIRE(rows);
        REQUIRE(rows->size() == 1);
        CHECK(rows->integer(0, 0) == lowest);
        CHECK(rows->integer(0, 1) == -7);
        CHECK(rows->text(0, 2) == text);
        CHECK(rows->text(0, 3) == bytes);
        CHECK(rows->is_null(0, 4));
        CHECK_FALSE(rows->is_null(0, 5));
        CHECK(rows->text(0, 5).empty());
    }
}

TEST_CASE("PostgreSQL: arrays become rows, in their order", "[platform][postgres]")
{
    auto connection = connect();
    constexpr Statement unnest {
        "unnest", "SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::bytea[])"};
    std::vector<std::int64_t> const big {1LL << 40, -1};
    std::vector<std::int32_t> const small {3, std::numeric_limits<std::int32_t>::min()};
    std::vector<std::string_view> const texts {"{a,\"b\"}", ""};
    std::vector<std::string_view> const bytes {""sv, "\0\n"sv};
    auto const rows = connection.run(unnest, Parameters().add(big).add(small).add(texts).add_bytes(bytes));
    REQUIRE(rows);
    REQUIRE(rows->size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(rows->integer(i, 0) == big[i]);
        CHECK(rows->integer(i, 1) == small[i]);
        CHECK(rows->text(i, 2) == texts[i]);
        CHECK(rows->text(i, 3) == bytes[i]);
    }
    auto const none = connection.run(unnest,
        Parameters()
            .add(std::span<std::int64_t const>())
            .add(std::span<std::int32_t const>())
            .add(std::span<std::string_view const>())
            .add_bytes(std::span<std::string_view const>()));
    REQUIRE(none);
    CHECK(none->empty());
}

TEST_CASE("PostgreSQL: an error tells its kind, and never a value", "[platform][postgres]")
{
    auto connection = connect(PostgresServer::shared().make_database());
    REQUIRE(connection.execute("CREATE TABLE t (a text PRIMARY KEY, b integer NOT NULL)"));
    REQUIRE(connection.execute("INSERT INTO t VALUES ('what a customer wrote', 1)"));
    constexpr Statement add {"add", "INSERT INTO t VALUES ($1, 1)"};
    auto const twice = connection.run(add, Parameters().add("what a customer wrote"));
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == Errc::Invalid);
    CHECK_THAT(twice.error().detail, Catch::Contains("23505") && !Catch::Contains("customer wrote"));
    CHECK(failure_of(connection, "SELECT * FROM nowhere").code == Errc::Corrupt);
    CHECK(failure_of(connection, "SELECT nonsense(").code == Errc::Io);
    constexpr Statement insert {"insert", "INSERT INTO t VALUES ($1, 2)"};
    CHECK(connection.run(insert, Parameters().add("\0"sv)).error().code == Errc::Invalid);
    CHECK(connection.run(insert, Parameters().add("\xff"sv)).error().code == Errc::Invalid);
    CHECK(connection.is_usable());
    auto const changed = connection.run(insert, Parameters().add("x"));
    REQUIRE(changed);
    CHECK(changed->changed() == 1);
}

TEST_CASE("PostgreSQL: a transaction leaves nothing unless it commits", "[platform][postgres]")
{
    auto connection = connect(PostgresServer::shared().make_database());
    REQUIRE(connection.execute("CREATE TABLE t (a integer PRIMARY KEY)"));
    constexpr Statement count {"count", "SELECT count(*) FROM t"};
    {
        auto transaction = Transaction::begin(connection);
        REQUIRE(transaction);
        REQUIRE(connection.execute("INSERT INTO t VALUES (1)"));
    }
    CHECK(connection.run(count)->integer(0, 0) == 0);
    {
        auto transaction = Transaction::begin(connection);
        REQUIRE(transaction);
        REQUIRE(connection.execute("INSERT INTO t VALUES (1)"));
        REQUIRE(transaction->commit());
    }
    CHECK(connection.run(count)->integer(0, 0) == 1);
}

// The server answers such a COMMIT with success: it has rolled back.
TEST_CASE(
    "PostgreSQL: a transaction with a failed statement does not count as committed", "[platform][postgres]")
{
    auto connection = connect();
    auto transaction = Transaction::begin(connection);
    REQUIRE(transaction);
    REQUIRE_FALSE(connection.execute("SELECT 1/0"));
    auto const done = transaction->commit();
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error().detail, Catch::Contains("ROLLBACK"));
}

// As it warns when the wait for a synchronous standby is broken off: committed here alone.
TEST_CASE("PostgreSQL: a commit that the server warns of does not count as durable", "[platform][postgres]")
{
    auto connection = connect(PostgresServer::shared().make_database());
    REQUIRE(connection.execute("CREATE TABLE t (a integer)"));
    REQUIRE(connection.execute("CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS "
                               "$$ BEGIN RAISE WARNING 'it may not be there tomorrow'; RETURN NULL; END $$"));
    REQUIRE(
        connection.execute("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED "
                           "FOR EACH ROW EXECUTE FUNCTION warn()"));
    auto transaction = Transaction::begin(connection);
    REQUIRE(transaction);
    REQUIRE(connection.execute("INSERT INTO t VALUES (1)"));
    auto const done = transaction->commit();
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error().detail, Catch::Contains("may not be there tomorrow"));
}

TEST_CASE(
    "PostgreSQL: commits wait for the disk, whatever the database's own setting", "[platform][postgres]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    auto setting = [&] {
        auto connection = connect(conninfo);
        constexpr Statement show {"show", "SELECT current_setting('synchronous_commit')"};
        return std::string(connection.run(show)->text(0, 0));
    };
    CHECK(setting() == "on");
    auto connection = connect(conninfo);
    auto const set = [&](char const* value) {
        constexpr Statement name {"name", "SELECT current_database()::text"};
        std::string const database(connection.run(name)->text(0, 0));
        REQUIRE(connection.execute("ALTER DATABASE " + database + " SET synchronous_commit = " + value));
    };
    set("off");
    CHECK(setting() == "on");
    set("remote_apply"); // stronger than ours
    CHECK(setting() == "remote_apply");
}

TEST_CASE("PostgreSQL: a connection whose server process was killed says so, and a new one can be made",
    "[platform][postgres]")
{
    auto connection = connect();
    constexpr Statement one {"one", "SELECT 1"};
    REQUIRE(connection.run(one));
    auto other = connect();
    REQUIRE(other.run({"end", "SELECT pg_terminate_backend($1::integer, 10000)"},
        Parameters().add(std::int32_t {connection.backend_pid()})));
    auto const gone = connection.run(one);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == Errc::Unreachable);
    CHECK_FALSE(connection.is_usable());
    connection = connect();
    CHECK(connection.run(one));
}

TEST_CASE("PostgreSQL: what cannot be reached is Unreachable, who is not known is Unauthorized",
    "[platform][postgres]")
{
    CHECK(Connection::open("host=/nowhere dbname=x").error().code == Errc::Unreachable);
    CHECK(Connection::open("this is no conninfo").error().code == Errc::Invalid);
    auto const nobody = Connection::open(PostgresServer::shared().conninfo() + " user=nobody_at_all");
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().code == Errc::Unauthorized);
}

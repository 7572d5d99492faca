#include "sync/hub/postgres_rollups.h"
#include "sync/hub/postgres_storage.h"
#include "tests/support/postgres_server.h"
#include "tests/sync/hub/summary_contract.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

#define SUMMARY_TEST(function, sentence)                                                                     \
    TEST_CASE("PostgreSQL: " sentence, "[sync][hub][summary]")                                               \
    {                                                                                                        \
        function([] {                                                                                        \
            return std::move(sync::open_postgres_storage(PostgresServer::shared().make_database()).value()); \
        });                                                                                                  \
    }

LISTENPOST_SUMMARY_CONTRACT(SUMMARY_TEST)

TEST_CASE("PostgreSQL: a summary is what a scan of the log gives", "[sync][hub][summary]")
{
    auto const conninfo = PostgresServer::shared().make_database();
    a_summary_is_what_a_scan_of_the_log_gives(
        [&] { return std::move(sync::open_postgres_storage(conninfo).value()); },
        {[&] { return sync::check_rollups(conninfo); },
            [&] { return sync::rebuild_rollups(conninfo, act_at(7)); }});
}

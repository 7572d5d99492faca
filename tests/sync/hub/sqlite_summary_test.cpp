#include "sync/hub/sqlite_storage.h"
#include "tests/support/temp_folder.h"
#include "tests/sync/hub/summary_contract.h"

#include <catch2/catch.hpp>

using namespace listenpost;
using namespace listenpost::test;

#define SUMMARY_TEST(function, sentence)                                                                     \
    TEST_CASE("SQLite: " sentence, "[sync][hub][summary]")                                                   \
    {                                                                                                        \
        TempFolder folder;                                                                                   \
        function([&] { return std::move(sync::open_sqlite_storage(folder / "hub.db").value()); });           \
    }

LISTENPOST_SUMMARY_CONTRACT(SUMMARY_TEST)

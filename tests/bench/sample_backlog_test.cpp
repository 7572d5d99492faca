#include "tests/bench/sample_backlog.h"

#include "kiosk/model/response.h"
#include "kiosk/store/response_reader.h"
#include "platform/base/clock.h"
#include "sync/wire/batch_parser.h"
#include "sync/wire/batch_writer.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace listenpost;
using namespace listenpost::bench;

TEST_CASE("Every response of a sample backlog is one that the hub takes", "[bench]")
{
    test::TempFolder const folder;
    for (unsigned const seed : {7U, 8U}) {
        auto const store = folder.path() / std::to_string(seed);
        make_backlog(store, 1'000, seed);
        auto reader = kiosk::ResponseReader::open(store);
        REQUIRE(reader);

        sync::BatchWriter writer;
        auto const installs = reader->installs();
        REQUIRE(installs);
        writer.begin(installs->back().id, Stamp {});
        reader->seek(0, 1'000);
        std::set<std::string> languages;
        std::set<std::string> comments;
        std::set<std::string> boots;
        for (;;) {
            auto const row = reader->next();
            REQUIRE(row);
            if (!*row)
                break;
            REQUIRE(writer.add(**row));
            languages.emplace((*row)->language);
            comments.emplace((*row)->comment);
            boots.emplace((*row)->boot_id);
        }
        REQUIRE(writer.seqs().size() == 1'000);
        CHECK(languages.size() >= 3);
        CHECK(comments.size() >= 50);
        CHECK(boots.size() >= 2);

        sync::BatchParser parser;
        auto const batch = parser.parse(std::string(writer.finish()));
        REQUIRE(batch);
        for (auto const& response : batch->responses) {
            INFO(response.raw_json);
            CHECK(!response.refusal);
        }
    }
}

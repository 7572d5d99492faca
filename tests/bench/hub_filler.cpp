#include "tests/bench/hub_filler.h"

#include "tests/bench/ingest_batches.h"
#include "tests/support/hub_acts.h"
#include "tests/support/must.h"

#include <vector>

namespace listenpost::bench {
namespace {

constexpr int stores = 1'000;
constexpr int responses_a_box = 1'000;
constexpr int boxes_at_once = 40;
constexpr int responses_a_turn = 25;
constexpr std::size_t batches_a_transaction = 400;
constexpr std::int64_t received_ms = 1'790'000'000'000;

std::string store_of(int box) { return "s-" + std::to_string(box % stores); }

/// Boxes differ: not every one tells at its nth response what all others do.
int first_seq_of(int box) { return 1 + static_cast<int>(box * 7'919L % 50'000); }

}

void fill_hub(sync::Storage& storage, std::int64_t count, int first_box)
{
    for (int box = 0; box < stores; ++box)
        test::must(
            storage.registry().add_store({store_of(box), "x", "east", "x", "Asia/Shanghai"}, test::act_at(1)),
            "store");
    sync::BatchParser parser;
    std::vector<sync::IngestRequest> batches;
    for (std::int64_t stored = 0; stored < count; first_box += boxes_at_once)
        for (int turn = 0; turn < responses_a_box / responses_a_turn; ++turn) {
            for (int box = first_box; box < first_box + boxes_at_once; ++box) {
                auto const json = batch_json(
                    install_of(box), first_seq_of(box) + turn * responses_a_turn, responses_a_turn);
                auto batch = test::must(parser.parse(json), "parse");
                batches.push_back(
                    {"dev_" + std::to_string(box), store_of(box), received_ms, std::move(batch)});
                stored += responses_a_turn;
            }
            if (batches.size() == batches_a_transaction || stored >= count) {
                test::must(storage.ingest(batches), "ingest");
                batches.clear();
            }
        }
}

}

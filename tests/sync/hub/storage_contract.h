#pragma once

#include "sync/hub/erased_text.h"
#include "sync/hub/storage.h"
#include "sync/wire/digest.h"
#include "tests/support/hub_acts.h"
#include "tests/sync/hub/batches.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

/// What every Storage must do, whatever it is built on: LISTENPOST_STORAGE_CONTRACT, at the end,
/// names each function with its sentence. An implementation's test makes a test case of each, with
/// a way to make an empty storage.
namespace listenpost::test {

using MakeStorage = std::function<std::unique_ptr<sync::Storage>()>;

inline sync::IngestReply ingest_one(sync::Storage& storage, std::string const& install,
    std::vector<std::string> const& responses, std::string const& store = "sh-001",
    std::int64_t received_ms = 1'790'000'000'500)
{
    std::vector<sync::IngestRequest> requests;
    requests.push_back({"dev_1", store, received_ms, parsed_batch(install, responses)});
    auto replies = storage.ingest(requests);
    REQUIRE(replies);
    REQUIRE(replies->size() == 1);
    return replies->front();
}

struct PulledRow {
    std::string store;
    std::string device;
    std::string install;
    std::int64_t seq;
    std::int64_t received_ms;
    std::int64_t at_ms;
    std::string raw;
};

inline sync::Cursor pull_page(
    sync::StorageReader& reader, sync::Cursor const& from, std::size_t limit, std::vector<PulledRow>& rows)
{
    auto const next = reader.read_page(from, {limit}, [&](sync::LogRow const& row) {
        rows.push_back({std::string(row.store), std::string(row.device), std::string(row.install), row.seq,
            row.received_ms, row.at_ms, std::string(row.raw_json)});
    });
    REQUIRE(next);
    return *next;
}

inline std::vector<PulledRow> pull_everything(sync::Storage& storage)
{
    auto reader = storage.open_reader();
    REQUIRE(reader);
    std::vector<PulledRow> rows;
    pull_page(**reader, {}, 1'000'000, rows);
    return rows;
}

inline void a_response_is_counted_once(MakeStorage const& make)
{
    auto const storage = make();
    auto const first = ingest_one(*storage, install_id(1), {response_json(1), response_json(2)});
    CHECK(first.acknowledged == 2);
    CHECK(first.duplicates == 0);

    auto const again
        = ingest_one(*storage, install_id(1), {response_json(1), response_json(2), response_json(3)});
    CHECK(again.acknowledged == 3);
    CHECK(again.duplicates == 2);
    CHECK(again.refused.empty());

    // The same numbers of another box are other responses.
    CHECK(ingest_one(*storage, install_id(2), {response_json(1)}).duplicates == 0);

    auto const rows = pull_everything(*storage);
    CHECK(rows.size() == 4);
}

inline void another_content_under_a_taken_number_is_a_conflict(MakeStorage const& make)
{
    auto const storage = make();
    ingest_one(*storage, install_id(1), {response_json(1, "first"), response_json(2)});
    auto const reply = ingest_one(*storage, install_id(1),
        {response_json(1, "second"), response_json(2), response_json(3), R"({"seq":4})"});
    CHECK(reply.acknowledged == 2);
    CHECK(reply.duplicates == 1);
    REQUIRE(reply.refused.size() == 2);
    CHECK(reply.refused[0].seq == 1);
    CHECK(reply.refused[0].refusal.code == "conflict");
    CHECK(reply.refused[1].seq == 4);
    CHECK(reply.refused[1].refusal.code == "invalid");

    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].raw == response_json(1, "first"));
}

/// A newer kiosk's members need no column of their own: the log holds what was sent.
inline void flags_and_every_kind_of_answer_reach_the_reader(MakeStorage const& make)
{
    auto const storage = make();
    std::string response = response_json(1);
    response.insert(1, R"("flags":["burst","repress"],"mood":[1],)");
    auto const at = response.find(R"({"q":"cleanliness")");
    response.insert(
        at, R"({"q":"dish","choices":["soup"]},{"q":"wait","minutes":15},{"q":"note","text":"慢"},)");
    CHECK(ingest_one(*storage, install_id(1), {response}).acknowledged == 1);
    CHECK(ingest_one(*storage, install_id(1), {response}).duplicates == 1);
    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].raw == response);
}

/// Each by what its own batch says of the clocks. (The rules: place_in_time_test.cpp.)
inline void taps_are_placed_in_time(MakeStorage const& make)
{
    auto const storage = make();
    auto const request = [](int box, std::string batch) {
        sync::BatchParser parser;
        auto parsed = parser.parse(std::move(batch));
        REQUIRE(parsed);
        return sync::IngestRequest {
            "dev_" + std::to_string(box), "sh-001", 1'790'000'000'500, std::move(*parsed), std::nullopt};
    };
    auto const batch_of = [](int box, std::string const& boot, std::string const& clocks) {
        return R"({"v":1,"install":")" + install_id(box)
            + R"(","sent":{"wall_ms":1,"steady_ms":86400000,"boot":"9c1b","clock_set":false},)" + clocks
            + R"("responses":[{"seq":1,"opened_ms":2,"took_ms":3,"steady_ms":86390000,"answers":)"
              R"([{"q":"quality","score":2}],"outcome":"partial","closed_by":"timeout","clock_set":false,)"
              R"("boot":")"
            + boot + R"(","survey":"s","survey_version":1,"touchpoint":"exit","lang":"zh-CN"}]})";
    };
    std::vector<sync::IngestRequest> requests;
    requests.push_back(request(1, batch_of(1, "9c1b", "")));
    requests.push_back(request(2, batch_of(2, "9c1b", "")));
    requests.back().sent_age_ms = 3'600'000;
    requests.push_back(request(3,
        batch_of(3, "77aa", R"("clocks":[{"boot":"77aa","steady_ms":86380000,"wall_ms":1789900000000}],)")));
    requests.push_back(request(4, batch_of(4, "77aa", "")));
    REQUIRE(storage->ingest(requests));

    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].at_ms == 1'790'000'000'500 - 10'000);
    CHECK(rows[1].at_ms == 1'790'000'000'500 - 10'000 - 3'600'000);
    CHECK(rows[2].at_ms == 1'789'900'000'000 + 10'000);
    CHECK(rows[3].at_ms == 1'790'000'000'500 - 86'400'000);
    CHECK(rows[3].received_ms == 1'790'000'000'500);
}

inline void batches_of_one_commit_see_one_another(MakeStorage const& make)
{
    auto const storage = make();
    std::vector<sync::IngestRequest> requests;
    for (char const* comment : {"a", "a", "b"})
        requests.push_back({"dev_1", "sh-001", 1, parsed_batch(install_id(1), {response_json(7, comment)})});
    auto const replies = storage->ingest(requests);
    REQUIRE(replies);
    CHECK((*replies)[0].duplicates == 0);
    CHECK((*replies)[1].duplicates == 1);
    CHECK((*replies)[2].refused.size() == 1);
    CHECK(pull_everything(*storage).size() == 1);
}

inline void a_box_that_moves_to_another_store_is_still_deduplicated(MakeStorage const& make)
{
    auto const storage = make();
    REQUIRE(sync::partition_of("sh-001") != sync::partition_of("bj-007"));
    ingest_one(*storage, install_id(1), {response_json(1)}, "sh-001");
    auto const moved = ingest_one(*storage, install_id(1), {response_json(1), response_json(2)}, "bj-007");
    CHECK(moved.duplicates == 1);
    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].store == "sh-001");
    CHECK(rows[1].store == "bj-007");
}

/// Promise 9, tried at random: any interleaving of ingests (with repeats) and pulls of any
/// size yields every response exactly once, and those of one box in the order it sent them. Texts that are
/// erased meanwhile change no row's place, and each is told of once, after its response.
inline void pulls_neither_skip_nor_repeat(MakeStorage const& make)
{
    auto const seed = GENERATE(1U, 2U, 3U, 4U, 5U);
    CAPTURE(seed);
    std::mt19937 random(seed);
    auto const roll = [&](int sides) { return static_cast<int>(random() % static_cast<unsigned>(sides)); };

    auto const storage = make();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    constexpr int boxes = 40;
    std::vector<std::int64_t> sent(boxes, 0);
    std::set<std::pair<std::string, std::int64_t>> erased;
    std::vector<PulledRow> rows;
    sync::Cursor cursor;
    for (int step = 0; step < 300; ++step) {
        if (auto const asking = static_cast<std::size_t>(roll(boxes)); roll(20) == 0 && sent[asking] > 0) {
            auto const install = install_id(static_cast<int>(asking));
            std::int64_t const seq = 1 + roll(static_cast<int>(sent[asking]));
            REQUIRE(storage->erase_text(install, seq, act_at(step)));
            erased.emplace(install, seq);
        } else if (roll(3) > 0) {
            std::vector<sync::IngestRequest> requests;
            for (int batches = 1 + roll(4); batches > 0; --batches) {
                auto const box = static_cast<std::size_t>(roll(boxes));
                // Sometimes what was sent before comes again, as after a lost reply.
                std::int64_t const first = std::max<std::int64_t>(1, sent[box] + 1 - roll(5));
                std::int64_t const last = std::max(sent[box], first + roll(8));
                std::vector<std::string> responses;
                for (std::int64_t seq = first; seq <= last; ++seq)
                    responses.push_back(response_json(seq));
                sent[box] = last;
                requests.push_back({"dev", "store-" + std::to_string(box % 17), step,
                    parsed_batch(install_id(static_cast<int>(box)), responses)});
            }
            REQUIRE(storage->ingest(requests));
        } else {
            // A cursor survives the trip through a file.
            auto const kept = sync::cursor_from_text(sync::to_text(cursor));
            REQUIRE(kept);
            cursor = pull_page(**reader, *kept, static_cast<std::size_t>(1 + roll(30)), rows);
        }
    }
    for (std::size_t before = rows.size() + 1; before != rows.size();) {
        before = rows.size();
        cursor = pull_page(**reader, cursor, 50, rows);
    }

    std::map<std::string, std::int64_t> last_of;
    std::size_t told = 0;
    for (auto const& row : rows) {
        if (sync::event_of(row.raw).value().empty()) {
            REQUIRE(row.seq == ++last_of[row.install]);
            continue;
        }
        REQUIRE(erased.contains({row.install, row.seq}));
        REQUIRE(row.seq <= last_of[row.install]);
        ++told;
    }
    CHECK(told == erased.size());
    for (int box = 0; box < boxes; ++box)
        CHECK(last_of[install_id(box)] == sent[static_cast<std::size_t>(box)]);
}

inline void a_busy_partition_does_not_starve_the_others(MakeStorage const& make)
{
    auto const storage = make();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    std::vector<std::string> many;
    for (int seq = 1; seq <= 100; ++seq)
        many.push_back(response_json(seq));
    for (int store = 0; store < 30; ++store)
        ingest_one(*storage, install_id(store), store == 7 ? many : std::vector {response_json(1)},
            "store-" + std::to_string(store));
    std::vector<PulledRow> rows;
    sync::Cursor cursor;
    // One page more for each of at most 30 partitions in use.
    for (int page = 0; page < 31; ++page)
        cursor = pull_page(**reader, cursor, 3, rows);
    auto const others
        = std::ranges::count_if(rows, [](PulledRow const& row) { return row.install != install_id(7); });
    CHECK(others == 29);
}

inline void a_cursor_of_another_or_a_newer_database_is_refused(MakeStorage const& make)
{
    auto const one = make();
    auto const other = make();
    auto reader = one->open_reader();
    auto other_reader = other->open_reader();
    REQUIRE(reader);
    REQUIRE(other_reader);
    std::vector<PulledRow> rows;
    auto const cursor = pull_page(**reader, {}, 10, rows);
    auto const foreign = (*other_reader)->read_page(cursor, {10}, [](sync::LogRow const&) {});
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().code == Errc::Invalid);

    auto ahead = cursor;
    ahead.next[5] = 1;
    auto const impossible = (*reader)->read_page(ahead, {10}, [](sync::LogRow const&) {});
    REQUIRE_FALSE(impossible);
    CHECK(impossible.error().code == Errc::Invalid);
}

inline void an_invite_works_once_and_expires(MakeStorage const& make)
{
    auto const storage = make();
    sync::Store const store {"sh-001", "人民广场店", "华东", "上海", "Asia/Shanghai"};
    REQUIRE(storage->registry().add_store(store, act_at(1)));
    CHECK(storage->registry().add_store(store, act_at(2)).error().code == Errc::Invalid);
    CHECK(storage->registry().stores().value() == std::vector {store});
    CHECK(storage->registry().add_invite("hash", "nowhere", "x", 100, act_at(1)).error().code
        == Errc::NotFound);

    REQUIRE(storage->registry().add_invite("hash-a", "sh-001", "front door", 100, act_at(1)));
    REQUIRE(storage->registry().add_invite("hash-b", "sh-001", "", 100, act_at(1)));
    CHECK(storage->registry().enrol("hash-c", "dev_c", "token-c", "", 50).error().code == Errc::Unauthorized);
    CHECK(
        storage->registry().enrol("hash-a", "dev_a", "token-a", "", 100).error().code == Errc::Unauthorized);
    auto const enrolment = storage->registry().enrol("hash-a", "dev_a", "token-a", "its own name", 99);
    REQUIRE(enrolment);
    CHECK(enrolment->device == "dev_a");
    CHECK(enrolment->store == store);
    CHECK(storage->registry().enrol("hash-a", "dev_b", "token-b", "", 99).error().code == Errc::Unauthorized);
    REQUIRE(storage->registry().enrol("hash-b", "dev_b", "token-b", "its own name", 99));

    auto const devices = storage->registry().devices();
    REQUIRE(devices);
    REQUIRE(devices->size() == 2);
    CHECK((*devices)[0].name == "front door");
    CHECK((*devices)[1].name == "its own name");
}

inline void a_revoked_device_is_known_as_such_at_once(MakeStorage const& make)
{
    auto const storage = make();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    REQUIRE(storage->registry().add_store({"sh-001", "x", "", "", "Asia/Shanghai"}, act_at(1)));
    REQUIRE(storage->registry().add_invite("hash", "sh-001", "front door", 100, act_at(1)));
    REQUIRE(storage->registry().enrol("hash", "dev_a", "token-hash", "", 1));

    auto sender = (*reader)->find_sender("token-hash");
    REQUIRE(sender);
    REQUIRE(*sender);
    CHECK((*sender)->device == "dev_a");
    CHECK((*sender)->store == "sh-001");
    CHECK_FALSE((*sender)->revoked);
    CHECK_FALSE((*reader)->find_sender("token-hasi").value());

    CHECK(storage->registry().revoke_device("dev_z", act_at(5)).error().code == Errc::NotFound);
    REQUIRE(storage->registry().revoke_device("dev_a", act_at(5)));
    REQUIRE(storage->registry().revoke_device("dev_a", act_at(6)));
    CHECK((*reader)->find_sender("token-hash").value()->revoked);
    CHECK(storage->registry().devices().value()[0].revoked_ms == 5);
}

inline void the_last_heartbeat_of_a_device_is_kept(MakeStorage const& make)
{
    auto const storage = make();
    REQUIRE(storage->registry().add_store({"sh-001", "x", "", "", "Asia/Shanghai"}, act_at(1)));
    for (std::string const box : {"a", "b"}) {
        REQUIRE(storage->registry().add_invite("hash-" + box, "sh-001", box, 100, act_at(1)));
        REQUIRE(storage->registry().enrol("hash-" + box, "dev_" + box, "token-" + box, "", 1));
    }
    CHECK_FALSE(storage->registry().devices().value()[0].seen);
    REQUIRE(storage->keep_heartbeats({}));

    std::vector<sync::HeartbeatRequest> beats {{"dev_a", 10, {"0.1.0", 7, R"({"v":1,"waiting":7})"}},
        {"dev_b", 11, {"0.1.0", 8, R"({"v":1})"}}, {"dev_a", 12, {"0.2.0", 5, R"({"v":1,"new":true})"}}};
    REQUIRE(storage->keep_heartbeats(beats));
    auto devices = storage->registry().devices().value();
    REQUIRE(devices.size() == 2);
    REQUIRE(devices[0].seen);
    CHECK(devices[0].seen->received_ms == 12);
    CHECK(devices[0].seen->heartbeat.version == "0.2.0");
    CHECK(devices[0].seen->heartbeat.waiting == 5);
    CHECK(devices[0].seen->heartbeat.json == R"({"v":1,"new":true})");
    CHECK(devices[1].seen->received_ms == 11);

    // The hub's clock may have been put back: what came last still counts.
    beats = {{"dev_a", 9, {"0.3.0", 0, R"({"v":1})"}}};
    REQUIRE(storage->keep_heartbeats(beats));
    devices = storage->registry().devices().value();
    CHECK(devices[0].seen->received_ms == 9);
    CHECK(devices[0].seen->heartbeat.version == "0.3.0");
    CHECK(devices[1].seen->heartbeat.version == "0.1.0");
}

/// A copied disk: two boxes, one install. What both hold is counted once, whoever brings it
/// first; what only one of them recorded is counted for the one who came first, and refused to
/// the other, response by response; and nobody's conflict holds up the rest.
inline void two_boxes_with_one_install_conflict_response_by_response(MakeStorage const& make)
{
    auto const storage = make();
    auto const send = [&](std::string const& device, std::vector<std::string> const& responses,
                          int install = 1, std::string const& store = "sh-001") {
        std::vector<sync::IngestRequest> requests;
        requests.push_back({device, store, 1'790'000'000'500, parsed_batch(install_id(install), responses)});
        auto replies = storage->ingest(requests);
        REQUIRE(replies);
        return std::move(replies->front());
    };
    auto const refused = [](sync::IngestReply const& reply) {
        std::vector<std::int64_t> seqs;
        for (auto const& each : reply.refused) {
            CHECK(each.refusal.code == "conflict");
            seqs.push_back(each.seq);
        }
        return seqs;
    };
    // Before the copy was taken: 1 and 2. The copy stands in another store.
    CHECK(send("dev_a", {response_json(1), response_json(2)}).acknowledged == 2);
    auto reply = send("dev_b", {response_json(1), response_json(2), response_json(3, "b")}, 1, "bj-007");
    CHECK(reply.acknowledged == 3);
    CHECK(reply.duplicates == 2);
    // From there on each has its own, in turns.
    reply = send("dev_a", {response_json(3, "a"), response_json(4, "a")});
    CHECK(reply.acknowledged == 1);
    CHECK(reply.duplicates == 0);
    CHECK(refused(reply) == std::vector<std::int64_t> {3});
    reply = send("dev_b", {response_json(4, "b"), response_json(5, "b")}, 1, "bj-007");
    CHECK(reply.acknowledged == 1);
    CHECK(refused(reply) == std::vector<std::int64_t> {4});
    // Sent again after a lost reply: each is told the same as before.
    reply = send("dev_a", {response_json(3, "a"), response_json(4, "a")});
    CHECK(reply.duplicates == 1);
    CHECK(refused(reply) == std::vector<std::int64_t> {3});
    reply = send("dev_b", {response_json(4, "b"), response_json(5, "b")}, 1, "bj-007");
    CHECK(reply.duplicates == 1);
    CHECK(refused(reply) == std::vector<std::int64_t> {4});
    // Both in one commit.
    std::vector<sync::IngestRequest> both;
    both.push_back({"dev_a", "sh-001", 1, parsed_batch(install_id(1), {response_json(6, "a")})});
    both.push_back({"dev_b", "bj-007", 1, parsed_batch(install_id(1), {response_json(6, "b")})});
    auto const replies = storage->ingest(both);
    REQUIRE(replies);
    CHECK((*replies)[0].acknowledged == 1);
    CHECK(refused((*replies)[1]) == std::vector<std::int64_t> {6});
    // Under an install of their own the refused ones are taken.
    CHECK(send("dev_b", {response_json(7, "b of 4"), response_json(8, "b of 6")}, 2, "bj-007").acknowledged
        == 2);

    std::vector<std::string> counted;
    for (auto const& row : pull_everything(*storage))
        counted.push_back(row.install.substr(31) + "/" + std::to_string(row.seq) + " " + row.device);
    std::ranges::sort(counted);
    CHECK(counted
        == std::vector<std::string> {"1/1 dev_a", "1/2 dev_a", "1/3 dev_b", "1/4 dev_a", "1/5 dev_b",
            "1/6 dev_a", "2/7 dev_b", "2/8 dev_b"});
}

/// store.db came back from a backup: what it still holds is known, and what it records anew
/// under numbers it has given before is refused where the content differs.
inline void a_box_restored_from_a_backup_is_counted_once(MakeStorage const& make)
{
    auto const storage = make();
    std::vector<std::string> before;
    for (int seq = 1; seq <= 6; ++seq)
        before.push_back(response_json(seq, "before"));
    CHECK(ingest_one(*storage, install_id(1), before).acknowledged == 6);
    // The backup ends at 4: the box sends everything again, and then its new 5, 6 and 7.
    std::vector<std::string> after(before.begin(), before.begin() + 4);
    for (int seq = 5; seq <= 7; ++seq)
        after.push_back(response_json(seq, "after"));
    auto const reply = ingest_one(*storage, install_id(1), after);
    CHECK(reply.acknowledged == 5);
    CHECK(reply.duplicates == 4);
    REQUIRE(reply.refused.size() == 2);
    CHECK(reply.refused[0].seq == 5);
    CHECK(reply.refused[1].seq == 6);
    // It moves the two to a new install.
    CHECK(ingest_one(*storage, install_id(2), {response_json(8, "after"), response_json(9, "after")})
              .acknowledged
        == 2);
    auto const rows = pull_everything(*storage);
    CHECK(rows.size() == 9);
    CHECK(std::ranges::count_if(rows, [](auto const& row) { return row.raw.find("after") != row.raw.npos; })
        == 3);
}

/// A commit may be larger than what one statement of the storage takes, and a box may be in it twice.
inline void a_large_commit_is_taken_whole_and_in_order(MakeStorage const& make)
{
    auto const storage = make();
    std::vector<sync::IngestRequest> requests;
    auto const add = [&](int box, std::int64_t first, std::int64_t last) {
        std::vector<std::string> responses;
        for (std::int64_t seq = first; seq <= last; ++seq)
            responses.push_back(response_json(seq));
        requests.push_back({"dev_" + std::to_string(box), "store-" + std::to_string(box % 2), 1,
            parsed_batch(install_id(box), responses)});
    };
    add(1, 1, 700);
    add(2, 1, 700);
    add(1, 601, 1'200); // a hundred of them again
    add(3, 1, 1'000);
    requests.push_back({"dev_1", "store-1", 1, parsed_batch(install_id(9), {})});
    add(2, 700, 701);
    auto const replies = storage->ingest(requests);
    REQUIRE(replies);
    REQUIRE(replies->size() == requests.size());
    std::vector<std::int64_t> duplicates;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        CHECK((*replies)[i].acknowledged == static_cast<std::int64_t>(requests[i].batch.responses.size()));
        duplicates.push_back((*replies)[i].duplicates);
    }
    CHECK(duplicates == std::vector<std::int64_t> {0, 0, 100, 0, 0, 1});
    std::map<std::string, std::int64_t> last_of;
    for (auto const& row : pull_everything(*storage))
        REQUIRE(row.seq == ++last_of[row.install]);
    CHECK(last_of
        == std::map<std::string, std::int64_t> {
            {install_id(1), 1'200}, {install_id(2), 701}, {install_id(3), 1'000}});
}

/// Promise 9 again, with as many ingests at once as the storage allows, and a pull beside them.
inline void ingests_at_once_leave_no_gap_and_no_repeat(MakeStorage const& make)
{
    constexpr int stores = 24;
    constexpr std::int64_t rounds = 25;
    auto const storage = make();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    std::atomic<std::size_t> running = storage->lanes();
    std::atomic<int> failures = 0;
    std::vector<std::jthread> threads;
    for (std::size_t lane = 0; lane < storage->lanes(); ++lane)
        threads.emplace_back([&, lane] {
            for (std::int64_t round = 0; round < rounds; ++round) {
                std::vector<sync::IngestRequest> requests;
                for (int store = 0; store < stores; ++store) {
                    std::string const name = "store-" + std::to_string(store);
                    if (storage->lane_of(name) != lane)
                        continue;
                    sync::BatchParser parser;
                    auto batch = parser.parse(batch_json(
                        install_id(store), {response_json(2 * round + 1), response_json(2 * round + 2)}));
                    requests.push_back({"dev", name, 1, std::move(*batch)});
                }
                failures += storage->ingest(requests) ? 0 : 1;
            }
            --running;
        });
    std::vector<PulledRow> rows;
    sync::Cursor cursor;
    while (running > 0)
        cursor = pull_page(**reader, cursor, 17, rows);
    for (auto& thread : threads)
        thread.join();
    CHECK(failures == 0);
    for (std::size_t before = rows.size() + 1; before != rows.size();) {
        before = rows.size();
        cursor = pull_page(**reader, cursor, 1'000, rows);
    }
    std::map<std::string, std::int64_t> last_of;
    for (auto const& row : rows)
        REQUIRE(row.seq == ++last_of[row.install]);
    for (int store = 0; store < stores; ++store)
        CHECK(last_of[install_id(store)] == 2 * rounds);
}

/// Whatever people call their stores and boxes: nothing of it is SQL.
inline void any_text_is_kept_as_it_is(MakeStorage const& make)
{
    auto const storage = make();
    std::string const text = "'; DROP TABLE log; -- \" \\ \\x00 $1 ${x} %s {a,\"b\"} \t\r\n 慢慢 👍 \xc2\x80";
    sync::Store const store {"sh'001", text, text, text, text};
    REQUIRE(storage->registry().add_store(store, act_at(1)));
    CHECK(storage->registry().stores().value() == std::vector {store});
    std::string const hash("\0\\x27'\xff\n", 7);
    REQUIRE(storage->registry().add_invite(hash, "sh'001", text, 100, act_at(1)));
    REQUIRE(storage->registry().enrol(hash, "dev'a", hash, "", 1));
    REQUIRE(
        storage->registry().add_token({text, sync::Role::Admin, {{text}, {text}, {text}}}, hash, act_at(1)));
    sync::StoreChange const change {text, text, std::nullopt};
    REQUIRE(storage->registry().change_store("sh'001", change, {text, 1}));
    std::vector<sync::HeartbeatRequest> const beats {{"dev'a", 10, {text, 7, text}}};
    REQUIRE(storage->keep_heartbeats(beats));
    auto const device = storage->registry().devices().value().at(0);
    CHECK(device.id == "dev'a");
    CHECK(device.name == text);
    CHECK(device.seen.value().heartbeat.version == text);
    CHECK(device.seen.value().heartbeat.json == text);
    auto reader = storage->open_reader();
    REQUIRE(reader);
    CHECK((*reader)->find_sender(hash).value().value().store == "sh'001");
    CHECK((*reader)->find_grant(hash).value()->role == sync::Role::Admin);
    CHECK((*reader)->find_grant(hash).value()->scope == sync::Scope {{text}, {text}, {text}});
    CHECK((*reader)->find_grant(text).value() == std::nullopt);
    CHECK((*reader)->places().value()->at("sh'001").region == text);
    CHECK(storage->registry().audit(0).value().size() == 4);
    REQUIRE(storage->registry().revoke_token(text, act_at(2)));
    CHECK(storage->registry().audit(2).value().at(0).object == text);

    auto const reply
        = ingest_one(*storage, install_id(1), {response_json(1, "'; -- \\u0000 \\\" 慢 👍")}, text);
    CHECK(reply.acknowledged == 1);
    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].store == text);
    CHECK(rows[0].raw == response_json(1, "'; -- \\u0000 \\\" 慢 👍"));

    // In the ids too, which other tables have as keys.
    auto odd = response_json(2);
    for (char const* id : {"quality", "qsc-restaurant", "exit"})
        odd.insert(odd.find(id), "'\\u0000");
    CHECK(ingest_one(*storage, install_id(1), {odd}, text).acknowledged == 1);
    CHECK(pull_everything(*storage).at(1).raw == odd);
}

/// A person asked for it: the words are gone for every reader, and nothing else is.
inline void an_erased_text_is_gone_and_the_rest_stays(MakeStorage const& make)
{
    auto const storage = make();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    ingest_one(*storage, install_id(1), {response_json(1, "mine"), response_json(2, "theirs")});
    // The box moves: its responses stay in the partition where it began.
    ingest_one(*storage, install_id(1), {response_json(3, "mine too")}, "bj-007");
    std::vector<PulledRow> before;
    auto const cursor = pull_page(**reader, {}, 100, before);

    CHECK(storage->erase_text(install_id(1), 4, act_at(5)).error().code == Errc::NotFound);
    CHECK(storage->erase_text(install_id(2), 1, act_at(5)).error().code == Errc::NotFound);
    CHECK(storage->registry().audit(0).value().empty());
    REQUIRE(storage->erase_text(install_id(1), 1, {"unix:alice", 5}));
    REQUIRE(storage->erase_text(install_id(1), 1, {"unix:bob", 6})); // again: nothing more
    REQUIRE(storage->erase_text(install_id(1), 3, {"unix:alice", 7}));

    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 5);
    CHECK(rows[0].raw == sync::without_text(response_json(1)).value());
    CHECK(rows[0].at_ms == before[0].at_ms);
    CHECK(rows[0].received_ms == before[0].received_ms);
    CHECK(rows[1].raw == response_json(2, "theirs"));
    CHECK(rows[2].raw == sync::without_text(response_json(3)).value());
    // Who has been here already is told, in the order in which it was done.
    std::vector<PulledRow> news;
    pull_page(**reader, cursor, 100, news);
    REQUIRE(news.size() == 2);
    CHECK(news[0].raw == R"({"seq":1,"event":"text_erased"})");
    CHECK(news[0].install == install_id(1));
    CHECK(news[0].seq == 1);
    CHECK(news[0].store == "sh-001");
    CHECK(news[0].device == "dev_1");
    CHECK(news[0].at_ms == before[0].at_ms);
    CHECK(news[0].received_ms == 5);
    CHECK(news[1].raw == R"({"seq":3,"event":"text_erased"})");
    CHECK(news[1].store == "bj-007");

    using Lines = std::vector<sync::AuditLine>;
    CHECK(storage->registry().audit(0).value()
        == Lines {{5, "unix:alice", "response.erase", install_id(1) + ":1", "store sh-001"},
            {7, "unix:alice", "response.erase", install_id(1) + ":3", "store bj-007"}});
}

/// Its box knows nothing of it, or has erased it too: neither counts again, and neither is a conflict.
/// Another response under the number, of a copied or restored box, is one: it must not be taken for what the
/// hub has.
inline void a_box_that_brings_an_erased_response_is_told_duplicate(MakeStorage const& make)
{
    auto const storage = make();
    ingest_one(*storage, install_id(1), {response_json(1, "mine"), response_json(2, "theirs")});
    REQUIRE(storage->erase_text(install_id(1), 1, act_at(5)));
    auto const before = pull_everything(*storage);
    for (auto const& comment : {"mine", ""}) {
        CAPTURE(comment);
        auto const reply = ingest_one(
            *storage, install_id(1), {response_json(1, comment), response_json(2, "theirs")}, "bj-007");
        CHECK(reply.acknowledged == 2);
        CHECK(reply.duplicates == 2);
        CHECK(reply.refused.empty());
    }
    // The number next to it is guarded as ever; and what is in one commit with it counts once.
    auto const other = ingest_one(*storage, install_id(1),
        {response_json(1, "another"), response_json(2, "changed"), response_json(3)});
    CHECK(other.duplicates == 0);
    CHECK(other.acknowledged == 1);
    REQUIRE(other.refused.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(other.refused[i].seq == static_cast<std::int64_t>(i) + 1);
        CHECK(other.refused[i].refusal.code == "conflict");
    }
    auto scored = response_json(1, "");
    scored.replace(scored.find("\"score\":5"), 9, "\"score\":4");
    CHECK(ingest_one(*storage, install_id(1), {scored}).refused.size() == 1);
    auto const after = pull_everything(*storage);
    REQUIRE(after.size() == before.size() + 1);
    for (auto const& row : after)
        CHECK(row.raw.find("mine") == row.raw.npos);
}

/// It had said nothing but what was erased: its box, which has forgotten what the hub has, brings it without
/// any answer. That is what the hub has; whatever else comes without answers is refused as ever, and alone.
inline void an_erased_response_that_comes_without_answers_is_a_duplicate(MakeStorage const& make)
{
    auto const storage = make();
    auto const worded = [](std::int64_t seq, std::string const& answers, std::string const& comment) {
        auto json = response_json(seq, comment);
        auto const from = json.find("\"answers\":[") + 11;
        return json.replace(from, json.find("],\"comment\"") - from, answers);
    };
    std::string const words = R"({"q":"why","text":"ask for Mr Li"})";
    ingest_one(*storage, install_id(1),
        {worded(1, words, "mine"), worded(2, words, "mine"), response_json(3, "theirs")});
    REQUIRE(storage->erase_text(install_id(1), 1, act_at(5)));
    REQUIRE(storage->erase_text(install_id(1), 3, act_at(6)));
    auto const before = pull_everything(*storage);

    // 1 is what was erased; 2 was not, 3 has said more, 4 is unknown.
    auto const reply = ingest_one(*storage, install_id(1),
        {worded(1, "", ""), worded(2, "", ""), worded(3, "", ""), worded(4, "", ""), response_json(5)});
    CHECK(reply.acknowledged == 2);
    CHECK(reply.duplicates == 1);
    REQUIRE(reply.refused.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(reply.refused[i].seq == static_cast<std::int64_t>(i) + 2);
        CHECK(reply.refused[i].refusal.code == "invalid");
        CHECK(reply.refused[i].refusal.detail == "answers is empty");
    }
    // Alone in its batch, and of another install, and with a comment that it never had after the erasure.
    CHECK(ingest_one(*storage, install_id(1), {worded(1, "", "")}).duplicates == 1);
    CHECK(ingest_one(*storage, install_id(2), {worded(1, "", "")}).refused.size() == 1);
    CHECK(ingest_one(*storage, install_id(1), {worded(1, "", "another")}).refused.size() == 1);
    CHECK(pull_everything(*storage).size() == before.size() + 1);
}

/// Staff wrote a name into it: that goes as a customer's words do, and who did what when stays.
inline void a_staff_note_is_erased_as_a_text_is(MakeStorage const& make)
{
    auto const storage = make();
    ingest_one(
        *storage, install_id(1), {response_json(1, "mine"), event_json(2, "Mr Li"), event_json(3, "us")});
    REQUIRE(storage->erase_text(install_id(1), 2, act_at(5)));
    REQUIRE(storage->erase_text(install_id(1), 2, act_at(6))); // again: nothing more

    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].raw == response_json(1, "mine"));
    CHECK(rows[1].raw == sync::without_text(event_json(2)).value());
    CHECK(rows[2].raw == event_json(3, "us"));
    CHECK(rows[3].raw == R"({"seq":2,"event":"text_erased"})");
    // Its box brings it again, as it was or without the note; and then another under its number.
    std::string const noteless = sync::without_text(event_json(2)).value();
    for (auto const& again : {event_json(2, "Mr Li"), noteless})
        CHECK(ingest_one(*storage, install_id(1), {again}).duplicates == 1);
    CHECK(ingest_one(*storage, install_id(1), {event_json(2, "Mrs Li")}).refused.size() == 1);
    CHECK(pull_everything(*storage).size() == 4);
}

/// As box `device` says, at `now_ms`, what installs its store.db has had and what it has erased.
inline std::vector<kiosk::ResponseRef> asked_in_reply(sync::Storage& storage, std::string const& device,
    std::vector<std::string> installs, std::vector<sync::Heartbeat::Erased> erased = {},
    std::int64_t now_ms = 50)
{
    std::vector<sync::HeartbeatRequest> const beat {
        {device, now_ms, {"0.1.0", 0, "{}", std::move(installs), std::move(erased)}}};
    auto replies = storage.keep_heartbeats(beat);
    REQUIRE(replies);
    REQUIRE(replies->size() == 1);
    return replies->front().erase.responses;
}

/// Until it says that it is done; and so is every other box that has the install, as a copied one does.
inline void a_box_is_asked_to_erase_what_hq_has_erased(MakeStorage const& make)
{
    auto const storage = make();
    using Refs = std::vector<kiosk::ResponseRef>;
    ingest_one(*storage, install_id(1), {response_json(1, "mine"), response_json(2, "mine too")});
    CHECK(asked_in_reply(*storage, "dev_1", {install_id(1)}).empty());
    REQUIRE(storage->erase_text(install_id(1), 2, act_at(5)));
    REQUIRE(storage->erase_text(install_id(1), 1, act_at(6)));
    REQUIRE(storage->erase_text(install_id(1), 1, act_at(7))); // again: asked for once
    auto const ref
        = [](std::int64_t seq) { return sync::ref_of(install_id(1), seq, response_json(seq)).value(); };
    CHECK(asked_in_reply(*storage, "dev_1", {install_id(1)}) == Refs {ref(2), ref(1)});
    // What it brought is its own, though its store.db is another by now.
    CHECK(asked_in_reply(*storage, "dev_1", {}) == Refs {ref(2), ref(1)});
    CHECK(asked_in_reply(*storage, "dev_2", {install_id(2)}).empty());
    CHECK(asked_in_reply(*storage, "dev_2", {install_id(2), install_id(1)}) == Refs {ref(2), ref(1)});
    // A box from before the question is not asked.
    std::vector<sync::HeartbeatRequest> const old {{"dev_1", 50, {"0.0.9", 0, "{}"}}};
    CHECK(storage->keep_heartbeats(old).value().at(0).erase.responses.empty());

    CHECK(asked_in_reply(*storage, "dev_1", {install_id(1)}, {{install_id(1), 2}}, 60) == Refs {ref(1)});
    CHECK(asked_in_reply(*storage, "dev_1", {install_id(1)}, {{install_id(1), 2}}, 61) == Refs {ref(1)});
    CHECK(asked_in_reply(*storage, "dev_2", {install_id(1)}) == Refs {ref(2), ref(1)});
    CHECK(asked_in_reply(*storage, "dev_2", {install_id(1)}, {{install_id(1), 2}, {install_id(1), 1}}, 62)
              .empty());
    // What nobody has asked for is nobody's news.
    CHECK(asked_in_reply(*storage, "dev_1", {install_id(1)}, {{install_id(1), 9}, {install_id(7), 1}}, 63)
        == Refs {ref(1)});

    // Nor what another was asked for.
    asked_in_reply(*storage, "dev_3", {install_id(3)}, {{install_id(1), 1}}, 64);

    using Done = std::vector<sync::BoxErasure::Done>;
    CHECK(storage->box_erasures().value()
        == std::vector<sync::BoxErasure> {{install_id(1), 2, "dev_1", 5, Done {{"dev_1", 60}, {"dev_2", 62}}},
            {install_id(1), 1, "dev_1", 6, Done {{"dev_2", 62}}}});
}

/// Of a sender that is no kiosk of ours: erased at the hub, whatever it is known by.
inline void a_response_that_no_box_can_be_asked_for_is_erased_at_the_hub(MakeStorage const& make)
{
    auto const storage = make();
    std::int64_t seq = 0;
    for (std::string const boot : {R"(\u0000)", R"(\n)"}) {
        std::string response = response_json(++seq, "mine");
        response.replace(response.find("9c1b"), 4, boot);
        REQUIRE(ingest_one(*storage, install_id(1), {response}).acknowledged == 1);
        REQUIRE(storage->erase_text(install_id(1), seq, act_at(5)));
        CHECK(asked_in_reply(*storage, "dev_1", {install_id(1)}).empty());
    }
    for (auto const& row : pull_everything(*storage))
        CHECK(row.raw.find("mine") == std::string::npos);
}

inline void a_box_is_asked_for_a_few_erasures_at_a_time(MakeStorage const& make)
{
    auto const storage = make();
    constexpr std::int64_t many = 20;
    std::vector<std::string> responses;
    for (std::int64_t seq = 1; seq <= many; ++seq)
        responses.push_back(response_json(seq, "mine"));
    ingest_one(*storage, install_id(1), responses);
    for (std::int64_t seq = 1; seq <= many; ++seq)
        REQUIRE(storage->erase_text(install_id(1), seq, act_at(seq)));
    std::vector<sync::Heartbeat::Erased> done;
    std::set<std::int64_t> seqs;
    for (std::size_t asked = 1; asked > 0;) {
        // The second box asks in the same commit, and gets its own.
        std::vector<sync::HeartbeatRequest> const beats {
            {"dev_1", 50, {"0.1.0", 0, "{}", std::vector {install_id(1)}, done}},
            {"dev_2", 50, {"0.1.0", 0, "{}", std::vector {install_id(1)}}}};
        auto const replies = storage->keep_heartbeats(beats).value();
        REQUIRE(replies.size() == 2);
        CHECK(replies[1].erase.responses.size() == kiosk::EraseRequest::max_responses);
        asked = replies[0].erase.responses.size();
        REQUIRE(asked <= kiosk::EraseRequest::max_responses);
        done.clear();
        for (auto const& ref : replies[0].erase.responses) {
            CHECK(seqs.insert(ref.seq).second);
            done.push_back({ref.install, ref.seq});
        }
    }
    CHECK(seqs.size() == static_cast<std::size_t>(many));
}

/// Boxes dev_a and dev_b of sh-001, dev_c of sh-002; sh-003 has none.
inline void add_stores_with_boxes(sync::Storage& storage)
{
    auto& registry = storage.registry();
    for (std::string const store : {"sh-001", "sh-002", "sh-003"})
        REQUIRE(registry.add_store({store, "x", "", "", "Asia/Shanghai"}, act_at(1)));
    for (auto const& [box, store] :
        {std::pair<std::string, std::string> {"a", "sh-001"}, {"b", "sh-001"}, {"c", "sh-002"}}) {
        REQUIRE(registry.add_invite("hash-" + box, store, box, 100, act_at(1)));
        REQUIRE(registry.enrol("hash-" + box, "dev_" + box, "token-" + box, "", 1));
    }
}

/// What the reply to box `device` brings, which says that it has `held`.
inline std::string pin_in_reply(sync::Storage& storage, std::string const& device,
    std::optional<sync::HeldPin> held, std::int64_t now_ms = 50)
{
    std::vector<sync::HeartbeatRequest> const beat {
        {device, now_ms, {"0.1.0", 0, "{}", std::vector<std::string>(), {}, std::move(held)}}};
    auto replies = storage.keep_heartbeats(beat);
    REQUIRE(replies);
    REQUIRE(replies->size() == 1);
    return replies->front().pin_hash;
}

inline void a_pin_reaches_the_boxes_of_its_store_until_they_have_it(MakeStorage const& make)
{
    auto const storage = make();
    add_stores_with_boxes(*storage);
    auto& registry = storage->registry();
    sync::HeldPin const none;
    CHECK(pin_in_reply(*storage, "dev_a", none).empty());
    std::vector<std::string> const stores {"sh-001", "sh-003"};
    REQUIRE(registry.set_pin(stores, "first", {"unix:alice", 5}));
    sync::HeldPin const first {sync::sha256_hex("first"), true};

    CHECK(pin_in_reply(*storage, "dev_a", none) == "first");
    CHECK(pin_in_reply(*storage, "dev_a", none) == "first"); // the reply was lost
    CHECK(pin_in_reply(*storage, "dev_c", none).empty()); // of another store
    CHECK(pin_in_reply(*storage, "dev_z", none).empty()); // of none
    CHECK(
        pin_in_reply(*storage, "dev_b", std::nullopt).empty()); // a box from before could do nothing with it
    CHECK(pin_in_reply(*storage, "dev_a", first).empty());
    CHECK(pin_in_reply(*storage, "dev_a", sync::HeldPin {first.fingerprint, false}).empty());
    // A box that is enrolled later has its store's.
    REQUIRE(registry.add_invite("hash-d", "sh-003", "d", 100, act_at(6)));
    REQUIRE(registry.enrol("hash-d", "dev_d", "token-d", "", 7));
    CHECK(pin_in_reply(*storage, "dev_d", none) == "first");

    // Changed twice before the box has said that it has the first: it gets the last.
    REQUIRE(registry.set_pin(std::span(stores).first(1), "second", {"unix:alice", 8}));
    REQUIRE(registry.set_pin(std::span(stores).first(1), "third", {"unix:bob", 9}));
    sync::HeldPin const third {sync::sha256_hex("third"), true};
    CHECK(pin_in_reply(*storage, "dev_a", first) == "third");
    CHECK(pin_in_reply(*storage, "dev_a", third).empty());
    CHECK(pin_in_reply(*storage, "dev_a", first) == "third"); // its disk was put back
    CHECK(pin_in_reply(*storage, "dev_d", first).empty()); // the other store's is as it was
    // Several at once, each its own; a box that beats twice is told each time by what it says then.
    std::vector<sync::HeartbeatRequest> const beats {
        {"dev_a", 60, {"0.1.0", 0, "{}", std::nullopt, {}, none}},
        {"dev_c", 60, {"0.1.0", 0, "{}", std::nullopt, {}, none}},
        {"dev_d", 60, {"0.1.0", 0, "{}", std::nullopt, {}, third}},
        {"dev_a", 61, {"0.1.0", 0, "{}", std::nullopt, {}, third}}};
    auto const replies = storage->keep_heartbeats(beats).value();
    REQUIRE(replies.size() == 4);
    CHECK(replies[0].pin_hash == "third");
    CHECK(replies[1].pin_hash.empty());
    CHECK(replies[2].pin_hash == "first");
    CHECK(replies[3].pin_hash.empty());

    REQUIRE(registry.clear_pin(std::span(stores).last(1), {"unix:bob", 10}));
    CHECK(pin_in_reply(*storage, "dev_d", none).empty());
    CHECK(registry.pins().value() == std::vector<sync::StorePin> {{"sh-001", third.fingerprint, 9}});
    REQUIRE(registry.set_pin(std::span(stores).last(1), "fourth", {"unix:bob", 11}));
    CHECK(pin_in_reply(*storage, "dev_d", none) == "fourth");
    using Lines = std::vector<sync::AuditLine>;
    auto lines = registry.audit(5).value();
    std::erase_if(lines, [](auto const& line) { return !line.what.starts_with("pin."); });
    std::ranges::sort(lines, {}, [](auto const& line) { return std::pair(line.at_ms, line.object); });
    CHECK(lines
        == Lines {{5, "unix:alice", "pin.set", "sh-001", ""}, {5, "unix:alice", "pin.set", "sh-003", ""},
            {8, "unix:alice", "pin.set", "sh-001", ""}, {9, "unix:bob", "pin.set", "sh-001", ""},
            {10, "unix:bob", "pin.clear", "sh-003", ""}, {11, "unix:bob", "pin.set", "sh-003", ""}});
}

inline void the_hub_knows_since_when_a_box_has_which_pin(MakeStorage const& make)
{
    auto const storage = make();
    add_stores_with_boxes(*storage);
    auto const seen = [&] { return storage->registry().devices().value().at(0).seen.value(); };
    sync::HeldPin const first {sync::sha256_hex("first"), true};
    pin_in_reply(*storage, "dev_a", std::nullopt, 50);
    CHECK_FALSE(seen().heartbeat.pin);
    pin_in_reply(*storage, "dev_a", sync::HeldPin {}, 60);
    CHECK(seen().heartbeat.pin == sync::HeldPin {});
    pin_in_reply(*storage, "dev_a", first, 70);
    pin_in_reply(*storage, "dev_a", sync::HeldPin {first.fingerprint, false}, 80);
    CHECK(seen().heartbeat.pin == sync::HeldPin {first.fingerprint, false});
    CHECK(seen().pin_ms == 70);
    pin_in_reply(*storage, "dev_a", sync::HeldPin {sync::sha256_hex("second"), true}, 90);
    CHECK(seen().pin_ms == 90);
}

inline void a_pin_is_set_for_all_that_are_named_or_for_none(MakeStorage const& make)
{
    auto const storage = make();
    add_stores_with_boxes(*storage);
    auto& registry = storage->registry();
    std::vector<std::string> const stores {"sh-001", "nowhere"};
    CHECK(registry.set_pin(stores, "first", act_at(5)).error().code == Errc::NotFound);
    CHECK(registry.pins().value().empty());
    REQUIRE(registry.set_pin(std::span(stores).first(1), "first", act_at(6)));
    CHECK(registry.clear_pin(stores, act_at(7)).error().code == Errc::NotFound);
    CHECK(registry.pins().value().size() == 1);
    REQUIRE(registry.clear_pin(std::span(stores).first(1), act_at(8)));
    CHECK(registry.clear_pin(std::span(stores).first(1), act_at(9)).error().code == Errc::NotFound);
    auto const lines = registry.audit(5).value();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == sync::AuditLine {6, act_at(6).who, "pin.set", "sh-001", ""});
    CHECK(lines[1] == sync::AuditLine {8, act_at(8).who, "pin.clear", "sh-001", ""});
}

/// `open` opens the same storage at every call, empty at the first.
inline void everything_is_there_after_closing_and_opening(MakeStorage const& open)
{
    sync::Cursor cursor;
    {
        auto const storage = open();
        ingest_one(*storage, install_id(1), {response_json(1), response_json(2)});
        auto reader = storage->open_reader();
        REQUIRE(reader);
        std::vector<PulledRow> rows;
        cursor = pull_page(**reader, {}, 1, rows);
        add_stores_with_boxes(*storage);
        std::vector<std::string> const stores {"sh-001"};
        REQUIRE(storage->registry().set_pin(stores, "hash", act_at(5)));
    }
    auto const storage = open();
    CHECK(pin_in_reply(*storage, "dev_a", sync::HeldPin {}) == "hash");
    CHECK(ingest_one(*storage, install_id(1), {response_json(2), response_json(3)}).duplicates == 1);
    auto reader = storage->open_reader();
    REQUIRE(reader);
    std::vector<PulledRow> rows;
    pull_page(**reader, cursor, 10, rows);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].seq == 2);
    CHECK(rows[1].seq == 3);
}

inline void a_staff_event_is_a_row_like_a_response(MakeStorage const& make)
{
    auto const storage = make();
    auto const first
        = ingest_one(*storage, install_id(1), {response_json(1), event_json(2), response_json(3)});
    CHECK(first.acknowledged == 3);
    auto const again
        = ingest_one(*storage, install_id(1), {event_json(2), event_json(3), event_json(4, "another")});
    CHECK(again.acknowledged == 2);
    CHECK(again.duplicates == 1);
    REQUIRE(again.refused.size() == 1);
    CHECK(again.refused[0].seq == 3);
    CHECK(again.refused[0].refusal.code == "conflict");
    auto const rows = pull_everything(*storage);
    REQUIRE(rows.size() == 4);
    CHECK(rows[1].raw == event_json(2));
    CHECK(rows[1].at_ms == 1'789'999'995'000); // placed by its own clocks
    CHECK(rows[3].raw == event_json(4, "another"));
}

inline void a_token_is_found_by_its_hash_with_what_it_may(MakeStorage const& make)
{
    auto const storage = make();
    auto& registry = storage->registry();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    sync::Grant hq {"hq", sync::Role::Reader, {{}, {"华东", "华北"}, {"San José"}}, 5'000};
    REQUIRE(registry.add_token(hq, "hash-r", act_at(1)));
    REQUIRE(registry.add_token({"boss", sync::Role::Admin}, "hash-a", act_at(2)));
    CHECK(registry.add_token({"hq", sync::Role::Admin}, "hash-x", act_at(1)).error().code == Errc::Invalid);
    hq.created_ms = 1;
    hq.scope.regions = {"华北", "华东"}; // in the order of their bytes
    std::ranges::sort(hq.scope.regions);
    CHECK((*reader)->find_grant("hash-r").value() == hq);
    CHECK((*reader)->find_grant("hash-a").value() == sync::Grant {"boss", sync::Role::Admin, {}, {}, 2, {}});
    CHECK((*reader)->find_grant("hash-x").value() == std::nullopt);
    CHECK_FALSE((*reader)->find_sender("hash-r").value());

    CHECK(registry.revoke_token("nobody", act_at(7)).error().code == Errc::NotFound);
    REQUIRE(registry.revoke_token("hq", act_at(7)));
    REQUIRE(registry.revoke_token("hq", act_at(8)));
    CHECK((*reader)->find_grant("hash-r").value()->revoked_ms == 7);
    CHECK_FALSE((*reader)->find_grant("hash-a").value()->revoked_ms);
    auto const grants = registry.tokens().value();
    REQUIRE(grants.size() == 2);
    CHECK(grants[0].name == "boss");
    CHECK(grants[1].revoked_ms == 7);
    // Its name is not given again: the audit log would tell of two.
    CHECK(registry.add_token({"hq"}, "hash-y", act_at(9)).error().code == Errc::Invalid);
}

inline void a_store_that_moves_is_seen_at_its_new_place_at_once(MakeStorage const& make)
{
    auto const storage = make();
    auto& registry = storage->registry();
    auto reader = storage->open_reader();
    REQUIRE(reader);
    CHECK((*reader)->places().value()->empty());
    REQUIRE(registry.add_store({"sh-001", "店", "华东", "上海", "Asia/Shanghai"}, act_at(1)));
    auto const before = (*reader)->places().value();
    CHECK(before->at("sh-001").region == "华东");
    CHECK((*reader)->places().value() == before); // not read again
    CHECK(registry.change_store("nowhere", {"x", {}, {}}, act_at(2)).error().code == Errc::NotFound);

    REQUIRE(registry.change_store("sh-001", {{}, "华北", {}}, act_at(3)));
    auto const after = (*reader)->places().value();
    CHECK(after->at("sh-001").region == "华北");
    CHECK(after->at("sh-001").city == "上海");
    CHECK(before->at("sh-001").region == "华东"); // whoever still reads with it is not disturbed
    REQUIRE(registry.change_store("sh-001", {"新店", "", "北京"}, act_at(4)));
    CHECK((*reader)->places().value()->at("sh-001").region.empty());
    CHECK(registry.stores().value().at(0) == sync::Store {"sh-001", "新店", "", "北京", "Asia/Shanghai"});
    CHECK(storage->open_reader().value()->places().value()->at("sh-001").city == "北京");
}

inline void what_admins_do_is_written_down_with_it(MakeStorage const& make)
{
    auto const storage = make();
    auto& registry = storage->registry();
    REQUIRE(registry.add_store({"sh-001", "店", "华东", "上海", "Asia/Shanghai"}, {"unix:alice", 10}));
    CHECK_FALSE(registry.add_store({"sh-001", "店", "", "", "Asia/Shanghai"}, {"unix:alice", 11}));
    CHECK_FALSE(registry.change_store("sh-002", {"x", {}, {}}, {"unix:alice", 11}));
    CHECK_FALSE(registry.add_invite("code", "sh-002", "door", 100, {"unix:alice", 11}));
    CHECK_FALSE(registry.revoke_device("dev_z", {"unix:alice", 11}));
    CHECK_FALSE(registry.revoke_token("hq", {"unix:alice", 11}));
    REQUIRE(registry.change_store("sh-001", {{}, "华北", {}}, {"unix:bob", 12}));
    REQUIRE(registry.add_invite("the code's hash", "sh-001", "door", 100, {"unix:bob", 13}));
    REQUIRE(registry.enrol("the code's hash", "dev_a", "the token's hash", "", 14));
    REQUIRE(registry.revoke_device("dev_a", {"unix:bob", 15}));
    sync::Grant const hq {"hq", sync::Role::Reader, {{}, {"华东"}, {}}, 5'000};
    REQUIRE(registry.add_token(hq, "another hash", {"token:boss", 16}));
    REQUIRE(registry.revoke_token("hq", {"unix:bob", 17}));

    using Lines = std::vector<sync::AuditLine>;
    Lines const all {{10, "unix:alice", "store.add", "sh-001", "name 店, region 华东, city 上海"},
        {12, "unix:bob", "store.set", "sh-001", "region 华北"},
        {13, "unix:bob", "device.invite", "sh-001", "door"}, {15, "unix:bob", "device.revoke", "dev_a", ""},
        {16, "token:boss", "token.add", "hq", "reader, region 华东, expires_ms 5000"},
        {17, "unix:bob", "token.revoke", "hq", ""}};
    CHECK(registry.audit(0).value() == all);
    CHECK(registry.audit(16).value() == Lines(all.begin() + 4, all.end()));
    CHECK(registry.audit(18).value().empty());
}

}

/// TEST(function, sentence) for each.
#define LISTENPOST_STORAGE_CONTRACT(TEST)                                                                    \
    TEST(a_response_is_counted_once, "a response is counted once, however often it comes")                   \
    TEST(another_content_under_a_taken_number_is_a_conflict,                                                 \
        "another content under a taken number is a conflict")                                                \
    TEST(flags_and_every_kind_of_answer_reach_the_reader,                                                    \
        "flags and every kind of answer reach the reader as they were sent")                                 \
    TEST(taps_are_placed_in_time, "a tap is placed by what its batch says of the clocks")                    \
    TEST(batches_of_one_commit_see_one_another, "batches of one commit see one another")                     \
    TEST(a_box_that_moves_to_another_store_is_still_deduplicated,                                            \
        "a box that moves to another store is still deduplicated")                                           \
    TEST(pulls_neither_skip_nor_repeat, "pulls neither skip nor repeat a row, whatever comes in between")    \
    TEST(a_busy_partition_does_not_starve_the_others, "a busy partition does not starve the others")         \
    TEST(a_cursor_of_another_or_a_newer_database_is_refused,                                                 \
        "a cursor of another or a newer database is refused")                                                \
    TEST(an_invite_works_once_and_expires, "an invite works once, and expires")                              \
    TEST(a_revoked_device_is_known_as_such_at_once, "a revoked device is known as such at once")             \
    TEST(the_last_heartbeat_of_a_device_is_kept, "the last heartbeat of a device is kept")                   \
    TEST(two_boxes_with_one_install_conflict_response_by_response,                                           \
        "two boxes with one install conflict response by response")                                          \
    TEST(a_box_restored_from_a_backup_is_counted_once, "a box restored from a backup is counted once")       \
    TEST(a_large_commit_is_taken_whole_and_in_order,                                                         \
        "a large commit is taken whole and in order, a box that is in it twice too")                         \
    TEST(ingests_at_once_leave_no_gap_and_no_repeat, "ingests at once leave no gap and no repeat")           \
    TEST(any_text_is_kept_as_it_is, "any text is kept as it is, SQL too")                                    \
    TEST(a_staff_event_is_a_row_like_a_response,                                                             \
        "a staff event is kept, counted once and pulled like a response")                                    \
    TEST(a_token_is_found_by_its_hash_with_what_it_may, "a token is found by its hash, with what it may")    \
    TEST(a_store_that_moves_is_seen_at_its_new_place_at_once,                                                \
        "a store that moves is seen at its new place at once")                                               \
    TEST(an_erased_text_is_gone_and_the_rest_stays, "an erased text is gone, and the rest stays")            \
    TEST(a_box_that_brings_an_erased_response_is_told_duplicate,                                             \
        "a box that brings an erased response is told duplicate, with its text or without")                  \
    TEST(an_erased_response_that_comes_without_answers_is_a_duplicate,                                       \
        "an erased response that comes without answers is a duplicate, and no other one is")                 \
    TEST(a_staff_note_is_erased_as_a_text_is, "a staff note is erased as a text is")                         \
    TEST(a_response_that_no_box_can_be_asked_for_is_erased_at_the_hub,                                       \
        "A response that no box can be asked for is erased at the hub")                                      \
    TEST(a_box_is_asked_to_erase_what_hq_has_erased,                                                         \
        "a box is asked to erase what head office has erased, until it says that it is done")                \
    TEST(a_box_is_asked_for_a_few_erasures_at_a_time, "a box is asked for a few erasures at a time")         \
    TEST(a_pin_reaches_the_boxes_of_its_store_until_they_have_it,                                            \
        "a PIN reaches the boxes of its store, and no other, until they have it")                            \
    TEST(the_hub_knows_since_when_a_box_has_which_pin, "the hub knows since when a box has which PIN")       \
    TEST(a_pin_is_set_for_all_that_are_named_or_for_none,                                                    \
        "a PIN is set, or cleared, for all stores that are named, or for none")                              \
    TEST(what_admins_do_is_written_down_with_it, "what admins do is written down with it, and nothing else")

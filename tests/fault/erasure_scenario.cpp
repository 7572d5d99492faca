#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "tests/fault/scenario.h"
#include "tests/support/sample_responses.h"

#include <fstream>
#include <iterator>

namespace listenpost::test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t rows = 40; // over several pages

/// Of each customer its own.
std::string words_of(std::int64_t seq) { return std::to_string(seq * 7'919) + " is the number to call"; }

Result<> close_response(kiosk::ResponseStore& store, std::int64_t number)
{
    auto draft = sample_draft();
    draft.opened = stamp_at(number * 10'000);
    draft.touched = draft.opened.steady + std::chrono::seconds(1);
    draft.comment = words_of(number);
    LISTENPOST_TRY(store.save_draft(draft, kiosk::Outcome::Partial));
    auto const closed = store.close_draft(kiosk::ClosedBy::Finish, draft.touched);
    return closed ? Result<>() : fail(closed.error());
}

/// Without a simulator. The request: some of them, two under a name that they no longer have.
Result<kiosk::EraseRequest> fill(fs::path const& path, Random& script)
{
    auto store = kiosk::ResponseStore::open(path);
    if (!store)
        return fail(store.error());
    kiosk::EraseRequest request;
    for (std::int64_t number = 1; number <= rows; ++number) {
        LISTENPOST_TRY(close_response(*store, number));
        if (draw_below(script, 4) == 0 && request.responses.size() < kiosk::EraseRequest::max_responses)
            request.responses.push_back({store->install_id(), number, stamp_at(0).boot_id, number * 10'000});
    }
    if (request.responses.empty())
        request.responses.push_back({store->install_id(), 1, stamp_at(0).boot_id, 10'000});
    auto const moved = store->adopt({store->install_id(), {request.responses.front().seq, rows}});
    if (!moved)
        return fail(moved.error());
    return request;
}

bool is_asked_for(kiosk::EraseRequest const& request, std::int64_t number)
{
    for (auto const& ref : request.responses)
        if (ref.steady_ms == number * 10'000)
            return true;
    return false;
}

/// Of all that is asked for, in any file.
void check_bytes(fs::path const& folder, kiosk::EraseRequest const& request, Findings& findings)
{
    for (auto const& entry : fs::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::string const bytes {std::istreambuf_iterator<char>(file), {}};
        for (auto const& ref : request.responses)
            if (bytes.find(words_of(ref.steady_ms / 10'000)) != std::string::npos)
                findings.add_twice("the words of " + std::to_string(ref.seq) + " are still in "
                    + entry.path().filename().string());
    }
}

/// What the agent would tell the hub now must be so, wherever the power went.
void check_what_is_told(fs::path const& path, kiosk::EraseRequest const& request, Findings& findings)
{
    auto reader = kiosk::ResponseReader::open(path);
    if (!reader)
        return; // the kiosk opens it first
    auto const told = reader->is_erased(request.responses.front()); // all at once, or none
    if (told && *told)
        check_bytes(path.parent_path(), request, findings);
}

void check_rows(fs::path const& path, kiosk::EraseRequest const& request, Findings& findings)
{
    auto const store = kiosk::ResponseStore::open(path, kiosk::StoreCheck::Whole);
    auto reader = kiosk::ResponseReader::open(path);
    if (!store || !reader) {
        findings.add_lost("store.db is not whole: " + (store ? reader.error() : store.error()).detail);
        return;
    }
    std::vector<int> found(static_cast<std::size_t>(rows) + 1);
    reader->seek(0, kiosk::greatest_seq);
    for (;;) {
        auto const row = reader->next();
        if (!row || !*row) {
            if (!row)
                findings.add_lost("store.db cannot be read: " + row.error().detail);
            break;
        }
        auto const number = (*row)->steady_ms / 10'000;
        bool const is_asked = is_asked_for(request, number);
        ++found[static_cast<std::size_t>(number)];
        if ((*row)->comment != (is_asked ? "" : words_of(number)) || (*row)->comment_erased != is_asked
            || (*row)->answers != kiosk::to_json(sample_draft().answers))
            findings.add_lost("response " + std::to_string(number) + " is not what it should be");
    }
    for (std::int64_t number = 1; number <= rows; ++number) {
        int const times = found[static_cast<std::size_t>(number)];
        if (times == 0)
            findings.add_lost("response " + std::to_string(number) + " is gone");
        if (times > 1)
            findings.add_twice("response " + std::to_string(number) + " is there more than once");
    }
}

}

/// Claim: wherever the power goes while words are erased (the rows written anew, the WAL folded back and
/// cut, the file written anew, the note that it is done), the next start goes on from there; whenever
/// store.db says that it is done, and the agent would tell the hub, no byte of the words is in any file; and
/// at the end every response is there once, with its scores, and the others with their words.
Course run_erasure(Plan const& plan)
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    Random script(plan.script);
    auto const request = fill(path, script);
    if (!request) {
        Course course;
        course.findings.add_stuck("no store.db: " + request.error().detail);
        return course;
    }

    Stage stage(plan);
    auto& findings = stage.course.findings;
    {
        Machine machine(folder.path());
        std::optional<kiosk::ResponseStore> store;
        bool is_done = false;
        constexpr int enough = 30;
        for (int round = 0; round < enough && !(is_done && machine.is_on()); ++round) {
            if (!machine.is_on()) {
                store.reset();
                stage.restart(machine);
                check_what_is_told(path, *request, findings);
            }
            if (!store) {
                auto opened = kiosk::ResponseStore::open(path);
                if (!opened)
                    continue;
                store.emplace(std::move(*opened));
            }
            auto const erased = store->erase(*request);
            is_done = erased && *erased == kiosk::Erased::Done;
            if (draw_below(script, 4) == 0)
                store.reset(); // the process ends, too
        }
        if (!is_done)
            findings.add_stuck("the words are not erased in the end");
        store.reset();
        if (!machine.is_on())
            stage.restart(machine);
        stage.calm();
    }
    stage.close_simulator();
    check_rows(path, *request, findings);
    check_bytes(folder.path(), *request, findings);
    return stage.course;
}

}

// Writes the seeds of store_reader_fuzz: small files of every format, one of them with a WAL.
//
//   make_store_seeds FOLDER
//
// Pages of 512 bytes and few rows, for a fuzzer is as fast as its inputs are short.

#include "kiosk/store/response_reader.h"
#include "kiosk/store/response_store.h"
#include "kiosk/store/schema.h"
#include "tests/support/must.h"
#include "tests/support/old_store_formats.h"
#include "tests/support/sample_events.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <fstream>
#include <iterator>
#include <sqlite3.h>

using namespace listenpost;
using namespace listenpost::test;

namespace {

namespace fs = std::filesystem;

std::string read(fs::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// An empty database whose pages stay that small.
void make_small_pages(fs::path const& path)
{
    sqlite3* database = nullptr;
    bool const made = sqlite3_open(path.c_str(), &database) == SQLITE_OK
        && sqlite3_exec(database, "PRAGMA page_size = 512; CREATE TABLE none (x); DROP TABLE none", nullptr,
               nullptr, nullptr)
            == SQLITE_OK;
    sqlite3_close(database);
    if (!made)
        std::exit(1);
}

void close_responses(kiosk::ResponseStore& store, int count)
{
    for (int number = 1; number <= count; ++number) {
        auto draft = sample_draft();
        draft.comment
            = "慢" + std::to_string(number) + std::string(number == 3 ? 600 : 0, 'x'); // one overflows
        must(store.save_draft(draft, kiosk::Outcome::Partial), "save");
        must(store.close_draft(kiosk::ClosedBy::Finish, draft.touched), "close");
    }
}

void handle_newest(kiosk::ResponseStore& store, fs::path const& path)
{
    auto reader = must(kiosk::ResponseReader::open(path), "read");
    auto const newest = must(reader.find(must(store.last_seq(), "last")), "find");
    auto const event = handled(store.install_id(), *newest, kiosk::CommentState::Seen, "sorry");
    reader.stop();
    must(store.add_event(event, stamp_at(90'000)), "event");
}

void write_old(fs::path const& to, int format)
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    make_small_pages(path);
    must(make_old_store(path, format, 3), "old format");
    fs::copy_file(path, to, fs::copy_options::overwrite_existing);
}

void write_new(fs::path const& whole, fs::path const& with_wal)
{
    TempFolder const folder;
    auto const path = folder / "store.db";
    make_small_pages(path);
    auto store = must(kiosk::ResponseStore::open(path), "store.db");
    auto database = must(sqlite::Database::open(path, sqlite::OpenMode::Writer), "store.db");
    must(database.execute(("UPDATE identity SET install = '" + std::string(old_store_install)
             + "'; UPDATE identity SET row_check = " LISTENPOST_IDENTITY_CHECK
               "; INSERT INTO salvage VALUES (1, 1790000000000, 'store.db.damaged-1', 'a test', 3, 1, NULL)")
                              .c_str()),
        "fill");
    close_responses(store, 4);
    handle_newest(store, path);
    must(database.execute("PRAGMA wal_checkpoint(TRUNCATE)"), "fold back");
    std::string const main = read(path);
    std::ofstream(whole, std::ios::binary) << main;
    close_responses(store, 1);
    must(store.save_draft(sample_draft(), kiosk::Outcome::Partial), "save");
    std::ofstream(with_wal, std::ios::binary) << main << "\n--WAL--\n" << read(path.string() + "-wal");
}

}

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "use: %s FOLDER\n", argv[0]);
        return 2;
    }
    fs::path const to = argv[1];
    write_old(to / "format-1.db", 1);
    write_old(to / "format-2.db", 2);
    write_old(to / "format-3.db", 3);
    write_old(to / "format-4.db", 4);
    write_new(to / "whole.db", to / "with-wal.db");
    return 0;
}

#include "kiosk/store/recovered_rows.h"
#include "kiosk/store/response_reader.h"
#include "kiosk/store/staff_marks.h"
#include "kiosk/store/store_opener.h"
#include "platform/base/crc32.h"
#include "platform/base/log.h"
#include "platform/sqlite/raw_file.h"
#include "tests/fuzz/require.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_responses.h"
#include "tests/support/temp_folder.h"

#include <fcntl.h>
#include <string>
#include <unistd.h>

using listenpost::test::require;

namespace {

using namespace listenpost;
using namespace listenpost::kiosk;

/// Between store.db and its WAL in one input; without it there is no WAL.
constexpr std::string_view then_the_wal = "\n--WAL--\n";

void write(std::string const& path, std::string_view bytes)
{
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    require(file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    ::close(file);
}

/// A folder in memory in which nothing of the input before is left.
class Folder {
public:
    std::filesystem::path lay(std::string_view bytes)
    {
        auto const wal = bytes.find(then_the_wal);
        std::string const store = folder_ / "store.db";
        for (auto const* part : {"", "-wal", "-shm"})
            ::unlink((store + part).c_str());
        write(store, bytes.substr(0, wal));
        if (wal != bytes.npos)
            write(store + "-wal", bytes.substr(wal + then_the_wal.size()));
        return store;
    }
    std::filesystem::path const& path() const { return folder_.path(); }
    void empty()
    {
        for (auto const& entry : std::filesystem::directory_iterator(path()))
            std::filesystem::remove(entry);
    }

private:
    test::TempFolder folder_ {test::in_memory()};
};

/// What staff has marked, as the manager's screen reads it.
void read_marks(std::filesystem::path const& store)
{
    StaffMarks marks(store, {{"quality", "service"}});
    if (marks.refresh(test::sample_draft().opened))
        static_cast<void>(marks.has_unmarked_low_rating());
}

/// Every seq once, in its order: nobody who walks goes round without end.
void read_all(std::filesystem::path const& store, bool must_be_whole)
{
    auto reader = ResponseReader::open(store);
    require(reader || !must_be_whole);
    if (!reader)
        return;
    auto const last = reader->last_seq();
    auto const installs = reader->installs();
    require(!must_be_whole || (last && installs && reader->boot_clocks() && reader->salvage_reports()));
    if (!must_be_whole) {
        static_cast<void>(reader->boot_clocks());
        static_cast<void>(reader->salvage_reports());
    }
    if (installs) {
        std::int64_t before = 0;
        for (auto const& each : *installs) {
            require(each.first_seq > before);
            before = each.first_seq;
        }
    }
    std::int64_t const up_to = last ? *last : 1'000'000;
    auto const counted = reader->count(0, up_to);
    reader->seek(0, up_to);
    std::int64_t rows = 0;
    std::int64_t previous = 0;
    for (;;) {
        auto const response = reader->next();
        require(response || !must_be_whole);
        if (!response || !*response)
            break;
        require((*response)->seq > previous && (*response)->seq <= up_to);
        previous = (*response)->seq;
        ++rows;
    }
    require(!must_be_whole || (counted && *counted == rows && previous <= *last));
    if (previous > 0)
        static_cast<void>(reader->find(previous));
    reader->stop();
}

/// Without SQLite, as the salvage reads it.
void read_raw(std::filesystem::path const& store)
{
    auto file = sqlite::RawFile::open(store);
    require(file.has_value());
    static_cast<void>(file->wal_is_damaged());
    auto const further = [&](std::uint32_t number) { return file->newest(number); };
    file->visit([&](sqlite::RawPage const& page) {
        require(page.bytes.size() == file->page_size());
        auto take = [](sqlite::RawRow const& row) {
            auto const response = as_response(row);
            require(!response || response->seq > 0);
            static_cast<void>(as_draft(row));
            static_cast<void>(as_identity(row));
            static_cast<void>(as_boot_clock(row));
            static_cast<void>(as_salvage_report(row));
        };
        auto const listed = sqlite::rows_of_leaf(page.bytes, further);
        for (auto const& row : listed.rows)
            take(row);
        if (!listed.is_whole)
            for (auto const& row : sqlite::rows_anywhere(page.bytes, further))
                take(row);
    });
}

/// The kiosk opens it, or makes a new one of it, and the next customer is served.
void open_for_writing(Folder& folder)
{
    static test::FakeClock const clock;
    StoreOpener opener(folder.path(), std::nullopt, clock);
    auto store = opener.open();
    if (!store) {
        // A version that is not ours is for a newer program, and the only thing that is nobody's to mend
        // here.
        require(store.error().code == Errc::Invalid);
        return;
    }
    bool was_salvaged = false;
    for (auto const& entry : std::filesystem::directory_iterator(folder.path()))
        was_salvaged = was_salvaged || entry.path().filename().string().starts_with("store.db.damaged-");
    auto const before = store->last_seq();
    auto const saved = store->save_draft(test::sample_draft(), Outcome::Partial);
    auto const closed = store->close_draft(ClosedBy::Finish, test::sample_draft().touched);
    // One that was taken as it stood may have any schema; what the salvage has made is ours.
    if (was_salvaged)
        require(before && saved && closed && *closed == *before + 1);
    read_all(folder.path() / "store.db", was_salvaged);
}

}

// Whatever the bytes of store.db and its WAL: no crash, no walk without end, for the agent and for the kiosk.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const quiet = [] { return set_log_level(LogLevel::Off), true; }();
    static_cast<void>(quiet);
    static Folder folder;
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const store = folder.lay(bytes);
    read_raw(store);
    read_all(store, false);
    read_marks(store);
    // Ten times as slow: for some of the inputs, and the same ones whenever they come.
    constexpr std::uint32_t one_in = 8;
    if (crc32(bytes) % one_in == 0) {
        static Folder box;
        box.empty();
        box.lay(bytes);
        open_for_writing(box);
        box.empty();
    }
    return 0;
}
